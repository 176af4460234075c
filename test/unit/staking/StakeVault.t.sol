// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {StakeServiceProbe} from "../../../contracts/mocks/StakeServiceProbe.sol";
import {IStakeVault} from "../../../contracts/interfaces/IStakeVault.sol";
import {StakeVault} from "../../../contracts/staking/StakeVault.sol";
import {LatticeToken} from "../../../contracts/token/LatticeToken.sol";
import {Provision, SlashLeg} from "../../../contracts/types/Stake.sol";
import {CustodyTest} from "../../helpers/solidity/CustodyTest.sol";

/// @title StakeVaultTest: thaw, locks and slashes with any amounts
contract StakeVaultTest is CustodyTest {
    LatticeToken private _lat;
    StakeVault private _vault;
    StakeServiceProbe private _service;
    address private _provider;
    address private _market;
    address private _beacon;
    address private _requester;
    address private _reporter;

    function setUp() public {
        _lat = deployLat();
        _vault = new StakeVault(_lat, deployParameters(address(this)));
        _service = new StakeServiceProbe(_vault);
        _provider = actor("provider");
        _market = actor("market");
        _beacon = actor("beacon");
        _requester = actor("requester");
        _reporter = actor("reporter");
        _service.setModule(_market, true);
        _service.setModule(_beacon, true);
    }

    function testFuzz_Withdraw_OnlyAfterThaw(uint96 amount, uint96 thawing, uint32 elapsed) public {
        amount = uint96(bound(amount, 1, SUPPLY));
        thawing = uint96(bound(thawing, 1, amount));
        elapsed = uint32(bound(elapsed, 0, 2 * STAKE_THAW));
        _provision(amount);
        vm.prank(_provider);
        _vault.thaw(address(_service), thawing);
        uint256 until = present() + STAKE_THAW;
        skip(elapsed);

        if (elapsed < STAKE_THAW) {
            vm.expectRevert(
                abi.encodeWithSelector(IStakeVault.StakeVaultStillThawing.selector, _provider, address(_service), until)
            );
            vm.prank(_provider);
            _vault.withdraw(address(_service));
            return;
        }
        vm.prank(_provider);
        assertEq(_vault.withdraw(address(_service)), thawing, "withdrawn");
        assertEq(_lat.balanceOf(_provider), thawing, "provider's LAT");
        assertEq(_lat.balanceOf(address(_vault)), amount - thawing, "vault's LAT");
    }

    function testFuzz_FreeStake_IsWhatNeitherThawsNorBacksJobs(uint96 amount, uint96 thawing, uint96 locked) public {
        amount = uint96(bound(amount, 2, SUPPLY));
        thawing = uint96(bound(thawing, 1, amount - 1));
        locked = uint96(bound(locked, 1, amount - thawing));
        _provision(amount);
        vm.prank(_provider);
        _vault.thaw(address(_service), thawing);
        vm.prank(_market);
        _vault.lock(address(_service), _provider, locked);
        uint256 free = uint256(amount) - thawing - locked;
        assertEq(_vault.freeStake(_provider, address(_service)), free, "free");

        bytes memory refusal = abi.encodeWithSelector(
            IStakeVault.StakeVaultInsufficientFree.selector,
            _provider,
            address(_service),
            free,
            free + 1
        );
        vm.expectRevert(refusal);
        vm.prank(_market);
        _vault.lock(address(_service), _provider, uint96(free + 1));
        vm.expectRevert(refusal);
        vm.prank(_provider);
        _vault.thaw(address(_service), uint96(free + 1));
    }

    struct SlashCase {
        uint96 provisioned;
        uint96 lockedByMarket;
        uint96 lockedByBeacon;
        uint96 thawing;
        uint96 unlockAmount;
        uint96 amount;
        uint96 toRequester;
        uint96 toReporter;
        bool selfDealing;
    }

    function testFuzz_SLA1_SLA2_SLA3_EXP2_Slash(SlashCase memory input) public {
        _arrange(input);
        uint256 exposureLeft = uint256(input.lockedByMarket) + input.lockedByBeacon - input.unlockAmount;
        uint256 available = input.provisioned - exposureLeft;
        uint256 expected = input.amount < available ? input.amount : available;
        address second = input.selfDealing ? _provider : _reporter;
        SlashLeg[] memory legs = new SlashLeg[](2);
        legs[0] = SlashLeg(_requester, input.toRequester);
        legs[1] = SlashLeg(second, input.toReporter);

        vm.prank(_market);
        uint256 slashed = _vault.slash(address(_service), _provider, input.unlockAmount, input.amount, legs);

        assertEq(slashed, expected, "SLA-1: slashed");
        uint256 first = input.amount == 0 ? 0 : (uint256(input.toRequester) * slashed) / input.amount;
        uint256 other = input.amount == 0 ? 0 : (uint256(input.toReporter) * slashed) / input.amount;
        if (input.selfDealing) other = 0;
        assertEq(_lat.balanceOf(_requester), first, "SLA-2: first leg");
        assertEq(_lat.balanceOf(_reporter), other, "SLA-2: second leg");
        assertEq(_lat.balanceOf(_provider), 0, "SLA-3: the slashed provider gains nothing");
        assertEq(SUPPLY - _lat.totalSupply(), slashed - first - other, "SLA-2: the rest burns");
        assertEq(_lat.balanceOf(address(_vault)), input.provisioned - slashed, "SOL-2");

        Provision memory left = _vault.provisionOf(_provider, address(_service));
        assertEq(left.tokens, input.provisioned - slashed, "tokens");
        assertEq(left.exposure, exposureLeft, "exposure");
        assertLe(left.exposure, left.tokens, "EXP-2");
        assertEq(left.thawing, input.thawing < left.tokens ? input.thawing : left.tokens, "thawing is taken last");
        assertTrue((left.thawingUntil == 0) == (left.thawing == 0), "clock");
    }

    function _arrange(SlashCase memory input) private {
        input.provisioned = uint96(bound(input.provisioned, 3, SUPPLY));
        input.lockedByMarket = uint96(bound(input.lockedByMarket, 1, input.provisioned / 2));
        input.lockedByBeacon = uint96(bound(input.lockedByBeacon, 1, input.provisioned - input.lockedByMarket));
        uint256 free = input.provisioned - input.lockedByMarket - input.lockedByBeacon;
        input.thawing = uint96(bound(input.thawing, 0, free));
        input.unlockAmount = uint96(bound(input.unlockAmount, 0, input.lockedByMarket));
        input.amount = uint96(bound(input.amount, 0, 2 * SUPPLY));
        input.toRequester = uint96(bound(input.toRequester, 0, input.amount));
        input.toReporter = uint96(bound(input.toReporter, 0, input.amount - input.toRequester));
        _provision(input.provisioned);
        vm.prank(_market);
        _vault.lock(address(_service), _provider, input.lockedByMarket);
        vm.prank(_beacon);
        _vault.lock(address(_service), _provider, input.lockedByBeacon);
        if (input.thawing == 0) return;
        vm.prank(_provider);
        _vault.thaw(address(_service), input.thawing);
    }

    function _provision(uint96 amount) private {
        _lat.transfer(_provider, amount);
        vm.startPrank(_provider);
        _lat.approve(address(_vault), amount);
        _vault.provision(address(_service), amount);
        vm.stopPrank();
    }
}
