// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {StakeServiceProbe} from "../../../contracts/mocks/StakeServiceProbe.sol";
import {StakeVault} from "../../../contracts/staking/StakeVault.sol";
import {LatticeToken} from "../../../contracts/token/LatticeToken.sol";
import {Delegation, DelegationPool, SlashLeg} from "../../../contracts/types/Stake.sol";
import {CustodyTest} from "../../helpers/solidity/CustodyTest.sol";

/// @title StakeDelegationTest: delegations, rewards and slashes with any amounts
contract StakeDelegationTest is CustodyTest {
    LatticeToken private _lat;
    StakeVault private _vault;
    StakeServiceProbe private _service;
    address private _provider;
    address private _market;
    address private _dana;
    address private _emil;
    address private _accomplice;

    function setUp() public {
        _lat = deployLat();
        _vault = new StakeVault(_lat, deployParameters(address(this)));
        _service = new StakeServiceProbe(_vault);
        _provider = actor("provider");
        _market = actor("market");
        _dana = actor("Dana");
        _emil = actor("Emil");
        _accomplice = actor("accomplice");
        _service.setModule(_market, true);
        _service.setDelegationOpen(_provider, true);
        _lat.approve(address(_vault), SUPPLY);
    }

    struct SlashCase {
        uint96 own;
        uint96 ofDana;
        uint96 ofEmil;
        uint96 rewards;
        uint96 amount;
        uint96 toAccomplice;
        uint96 toDana;
    }

    function testFuzz_SLA1_SLA2_SLA3_SlashIsProRataAndNeverPaysWhoArrangesIt(SlashCase memory input) public {
        _arrange(input);
        uint256 pooled = uint256(input.ofDana) + input.ofEmil + input.rewards;
        uint256 stake = input.own + pooled;
        uint256 taken = input.amount < stake ? input.amount : stake;
        SlashLeg[] memory legs = new SlashLeg[](2);
        legs[0] = SlashLeg(_accomplice, input.toAccomplice);
        legs[1] = SlashLeg(_dana, input.toDana);

        vm.prank(_market);
        assertEq(_vault.slash(address(_service), _provider, 0, input.amount, legs), taken, "SLA-1: taken");

        uint256 ofPool = (taken * pooled) / stake;
        uint256 ofOwn = taken - ofPool;
        assertEq(_vault.provisionOf(_provider, address(_service)).tokens, input.own - ofOwn, "own part");
        DelegationPool memory pool = _vault.delegationPoolOf(_provider, address(_service));
        assertEq(pool.tokens, pooled - ofPool, "pool's part");
        assertTrue((pool.generation == 1) == (pool.tokens == 0), "void exactly when empty");
        uint256 paid = _lat.balanceOf(_accomplice) + _lat.balanceOf(_dana);
        assertLe(paid, ofOwn, "SLA-3: the payees got no more than the provider lost");
        assertEq(SUPPLY - _lat.totalSupply(), taken - paid, "SLA-2: the rest burns");
        assertEq(_lat.balanceOf(address(_vault)), stake - taken, "SOL-2");
    }

    function testFuzz_SLA1_SLA2_SLA3_SeizedStakeIsPaidOrBurnedToTheWei(SlashCase memory input, uint96 amount) public {
        _arrange(input);
        uint256 pooled = uint256(input.ofDana) + input.ofEmil + input.rewards;
        uint256 stake = input.own + pooled;
        uint256 taken = input.amount < stake ? input.amount : stake;
        uint256 ofPool = (taken * pooled) / stake;

        vm.prank(_market);
        (uint256 seized, uint256 own) = _vault.seize(address(_service), _provider, input.amount);
        assertEq(seized, taken, "SLA-1: seized");
        assertEq(own, taken - ofPool, "own part");
        assertEq(_vault.provisionOf(_provider, address(_service)).tokens, input.own - own, "own stake left");
        assertEq(_vault.delegationPoolOf(_provider, address(_service)).tokens, pooled - ofPool, "pool left");
        assertEq(_lat.balanceOf(address(_vault)), stake, "SOL-2: it stays");

        amount = uint96(bound(amount, 0, own));
        SlashLeg[] memory legs = new SlashLeg[](1);
        legs[0] = SlashLeg(_accomplice, uint96(bound(input.toAccomplice, 0, amount)));
        vm.prank(_market);
        _vault.disburse(address(_service), _provider, amount, legs);
        assertEq(_lat.balanceOf(_accomplice), legs[0].amount, "SLA-3: the leg, out of the provider's own part");
        assertEq(SUPPLY - _lat.totalSupply(), amount - legs[0].amount + ofPool, "SLA-2: the rest burns");
        assertEq(_lat.balanceOf(address(_vault)), stake - amount - ofPool, "SOL-2");
        (uint256 ownLeft, uint256 ofPoolsLeft) = _vault.seizedBy(address(_service), _market);
        assertEq(ownLeft, own - amount, "seized from the provider, not disbursed");
        assertEq(ofPoolsLeft, 0, "seized from the pool, not burned");
    }

    function testFuzz_Withdraw_PaysNoMoreThanTheShareWhateverHappened(SlashCase memory input, uint128 part) public {
        _arrange(input);
        vm.prank(_market);
        _vault.slash(address(_service), _provider, 0, input.amount, new SlashLeg[](0));
        DelegationPool memory pool = _vault.delegationPoolOf(_provider, address(_service));
        Delegation memory held = _vault.delegationOf(_dana, _provider, address(_service));
        if (held.shares == 0) return;
        part = uint128(bound(part, 1, held.shares));
        uint256 others = _worth(_emil);

        vm.prank(_dana);
        _vault.undelegate(_provider, address(_service), part);
        skip(STAKE_THAW);
        vm.prank(_dana);
        uint256 paid = _vault.withdrawDelegated(_provider, address(_service));

        assertLe(paid, (uint256(part) * pool.tokens) / pool.shares, "no more than its part of the pool");
        assertGe(_worth(_emil), others, "who stays loses nothing");
        assertEq(_lat.balanceOf(_dana), paid, "Dana's LAT");
    }

    function testFuzz_Withdraw_InTwoStepsPaysNoMoreThanInOne(SlashCase memory input, uint128 part) public {
        input.amount = 0;
        _arrange(input);
        uint256 worth = _worth(_dana);
        uint128 shares = _vault.delegationOf(_dana, _provider, address(_service)).shares;
        part = uint128(bound(part, 1, shares - 1));
        uint128[2] memory parts = [part, shares - part];
        uint256 paid;
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(_dana);
            _vault.undelegate(_provider, address(_service), parts[i]);
            skip(STAKE_THAW);
            vm.prank(_dana);
            paid += _vault.withdrawDelegated(_provider, address(_service));
        }
        assertLe(paid, worth, "no more in two steps");
        assertGe(paid + 2, worth, "nor much less");
    }

    function _arrange(SlashCase memory input) private {
        input.own = uint96(bound(input.own, 10 ether, SUPPLY / 10));
        input.ofDana = uint96(bound(input.ofDana, 1 ether, 2 * uint256(input.own)));
        input.ofEmil = uint96(bound(input.ofEmil, 1 ether, 4 * uint256(input.own) - input.ofDana));
        input.rewards = uint96(bound(input.rewards, 0, input.ofDana));
        input.amount = uint96(bound(input.amount, 0, SUPPLY));
        input.toAccomplice = uint96(bound(input.toAccomplice, 0, input.amount));
        input.toDana = uint96(bound(input.toDana, 0, input.amount - input.toAccomplice));
        _lat.transfer(_provider, input.own);
        vm.startPrank(_provider);
        _lat.approve(address(_vault), input.own);
        _vault.provision(address(_service), input.own);
        vm.stopPrank();
        _delegate(_dana, input.ofDana);
        _delegate(_emil, input.ofEmil);
        _vault.addRewards(_provider, address(_service), input.rewards);
    }

    function _delegate(address delegator, uint96 amount) private {
        _lat.transfer(delegator, amount);
        vm.startPrank(delegator);
        _lat.approve(address(_vault), amount);
        _vault.delegate(_provider, address(_service), amount);
        vm.stopPrank();
    }

    function _worth(address delegator) private view returns (uint256) {
        Delegation memory held = _vault.delegationOf(delegator, _provider, address(_service));
        return _vault.delegatedTokens(_provider, address(_service), held.shares);
    }
}
