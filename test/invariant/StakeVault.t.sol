// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {StakeVault} from "../../contracts/staking/StakeVault.sol";
import {LatticeToken} from "../../contracts/token/LatticeToken.sol";
import {Delegation, DelegationPool, Provision} from "../../contracts/types/Stake.sol";
import {StakeDelegationActions} from "./handlers/StakeDelegationActions.sol";
import {StakeVaultExits} from "./handlers/StakeVaultExits.sol";

/// @dev The runner calls only contracts whose artifact was built, which it is for those in test files.
contract StakeVaultHandler is StakeDelegationActions {
    constructor(LatticeToken lat, StakeVault vault) StakeDelegationActions(lat, vault) {}
}

/// @title StakeVaultInvariants: what holds for the vault after any sequence of calls
contract StakeVaultInvariants is StakeVaultExits {
    uint256 private constant DONATIONS = 1_000 ether;

    uint256 private _effectsBefore;

    function setUp() public {
        _lat = deployLat();
        _vault = new StakeVault(_lat, deployParameters(address(this)));
        _handler = new StakeVaultHandler(_lat, _vault);
        for (uint256 i = 0; i < _handler.PROVIDERS(); ++i) {
            _lat.transfer(_handler.providers(i), _handler.ENDOWMENT());
        }
        _lat.transfer(address(_handler), DONATIONS);
        // Runs start with stake everywhere, so that few of their calls find nothing to act on.
        uint256 pairs = _handler.PROVIDERS() * _handler.SERVICES();
        for (uint256 i = 0; i < pairs; ++i) _handler.provision(i, 1_000 ether);
        for (uint256 i = 0; i < _handler.DELEGATORS(); ++i) {
            _lat.transfer(_handler.delegators(i), _handler.ENDOWMENT());
            for (uint256 j = 0; j < pairs; ++j) _handler.delegate(j, i, (i + 1) * 400 ether);
        }
        _effectsBefore = _handler.totalEffects();
        targetContract(address(_handler));
    }

    /// hardhat-config: invariant.failOnRevert = true
    function invariant_SOL2_EXP2_VaultHoldsEveryProvisionAndProvisionsCoverExposure() public view {
        uint256 total = _seized();
        for (uint256 i = 0; i < _handler.PROVIDERS(); ++i) {
            for (uint256 j = 0; j < _handler.SERVICES(); ++j) {
                (address provider, address service, Provision memory stake) = _stake(i, j);
                _checkProvision(provider, service, stake);
                total += stake.tokens + _vault.delegationPoolOf(provider, service).tokens;
            }
        }
        assertEq(_lat.balanceOf(address(_vault)), total + _handler.donated(), "SOL-2: vault's LAT");
    }

    /// hardhat-config: invariant.failOnRevert = true
    function invariant_SLA1_SLA2_SLA3_SlashesAreBoundedExactAndNeverPayTheSlashed() public view {
        uint256 allSlashed;
        for (uint256 i = 0; i < _handler.PROVIDERS(); ++i) {
            uint256 expected = _handler.ENDOWMENT();
            for (uint256 j = 0; j < _handler.SERVICES(); ++j) {
                (address provider, address service, Provision memory stake) = _stake(i, j);
                uint256 put = _handler.provisioned(provider, service);
                uint256 out = _handler.withdrawn(provider, service);
                uint256 slashed = _handler.slashed(provider, service);
                uint256 left = _handler.remainders(provider, service);
                assertEq(put + left - out - slashed, stake.tokens, "SLA-1: provisioned - withdrawn - slashed");
                expected = expected + out - put;
                allSlashed += slashed + _handler.slashedOfPool(provider, service);
            }
            assertEq(_lat.balanceOf(_handler.providers(i)), expected, "SLA-3: provider's LAT");
        }
        assertEq(allSlashed, _handler.paidOut() + _handler.burned() + _seized(), "SLA-2: slashed");
        assertEq(_lat.totalSupply(), SUPPLY - _handler.burned(), "SLA-2: supply");
    }

    /// hardhat-config: invariant.failOnRevert = true
    function invariant_SLA1_DelegatorsHoldAllOfTheirPoolsAndNoMore() public view {
        for (uint256 i = 0; i < _handler.PROVIDERS(); ++i) {
            for (uint256 j = 0; j < _handler.SERVICES(); ++j) {
                _checkPool(_handler.providers(i), address(_handler.services(j)));
            }
        }
        for (uint256 i = 0; i < _handler.DELEGATORS(); ++i) {
            address delegator = _handler.delegators(i);
            uint256 expected = _handler.ENDOWMENT() + _handler.received(delegator) - _handler.spent(delegator);
            assertEq(_lat.balanceOf(delegator), expected, "delegator's LAT");
        }
    }

    /// @dev The runner discards what an invariant changes, so that each call starts from the state that it found.
    /// hardhat-config: invariant.failOnRevert = true
    function invariant_LIV2_EveryProviderAndDelegatorCanLeave() public {
        for (uint256 i = 0; i < _handler.PROVIDERS(); ++i) {
            for (uint256 j = 0; j < _handler.SERVICES(); ++j) _closeJobs(i, j);
        }
        _delegatorsLeave();
        for (uint256 i = 0; i < _handler.PROVIDERS(); ++i) {
            for (uint256 j = 0; j < _handler.SERVICES(); ++j) _thawAll(i, j);
        }
        skip(STAKE_THAW);
        for (uint256 i = 0; i < _handler.PROVIDERS(); ++i) {
            for (uint256 j = 0; j < _handler.SERVICES(); ++j) _leave(i, j);
        }
        uint256 others = _handler.donated() + _seized();
        assertEq(_lat.balanceOf(address(_vault)), others, "nothing is left but donations and what was seized");
    }

    function afterInvariant() public view {
        assertBusy(_handler.totalEffects() - _effectsBefore, 12);
    }

    function test_Handler_EveryActionTakesEffect() public {
        _handler.provision(0, 1_000 ether);
        _handler.lock(0, 0, 100 ether);
        _handler.unlock(0, 0, 10 ether);
        _handler.thaw(0, 300 ether);
        _handler.cancelThaw(0, 50 ether);
        _handler.setHook(0, 1);
        _handler.slash(0, 0, 90 ether, 90 ether, type(uint256).max);
        _handler.warp(100);
        _handler.withdraw(0);
        _handler.setModule(1, false);
        _handler.donate(1 ether);
        _handler.delegate(0, 0, 10 ether);
        _handler.undelegate(0, 0, 100 ether);
        _handler.withdrawDelegated(0, 0);
        _handler.addRewards(0, 5 ether);
        _handler.setDelegationOpen(0, false);
        // From the second provider: the figures below are the first one's.
        _handler.seize(2, 0, 50 ether);
        _handler.disburse(0, 10 ether, 2 ether);
        bytes32[18] memory actions = [
            bytes32("provision"),
            "lock",
            "unlock",
            "thaw",
            "cancelThaw",
            "setHook",
            "slash",
            "warp",
            "withdraw",
            "setModule",
            "donate",
            "delegate",
            "undelegate",
            "withdrawDelegated",
            "addRewards",
            "setDelegationOpen",
            "seize",
            "disburse"
        ];
        for (uint256 i = 0; i < actions.length; ++i) {
            assertGe(_handler.effectsOf(actions[i]), 1, string(abi.encodePacked(actions[i])));
        }
        Provision memory stake = _vault.provisionOf(_handler.providers(0), address(_handler.services(0)));
        // The pool held 1 200 beside 2 000 when 90 were slashed.
        assertEq(stake.tokens, 1_750 ether - 56.25 ether, "2 000 less five eighths of 90 and 250 withdrawn");
        assertTrue(_handler.paidOut() > 0 && _handler.burned() > 0, "a slash pays and burns");
    }

    /// @dev What the vault says that modules seized, which is what they should have.
    function _seized() private view returns (uint256 total) {
        for (uint256 i = 0; i < _handler.SERVICES(); ++i) {
            address service = address(_handler.services(i));
            for (uint256 j = 0; j < _handler.MODULES(); ++j) {
                address module = _handler.modules(j);
                (uint256 own, uint256 ofPools) = _vault.seizedBy(service, module);
                assertEq(own, _handler.seized(service, module), "seized from providers");
                assertEq(ofPools, _handler.seizedOfPools(service, module), "seized from pools");
                total += own + ofPools;
            }
        }
    }

    function _checkProvision(address provider, address service, Provision memory stake) private view {
        uint256 locked;
        for (uint256 k = 0; k < _handler.MODULES(); ++k) {
            locked += _vault.lockedBy(provider, service, _handler.modules(k));
        }
        assertEq(stake.exposure, locked, "EXP-1: exposure is the sum of all locks");
        DelegationPool memory pool = _vault.delegationPoolOf(provider, service);
        assertLe(stake.exposure, uint256(stake.tokens) + pool.tokens, "EXP-2: exposure");
        assertLe(stake.thawing, stake.tokens, "thawing");
        assertTrue((stake.thawing == 0) == (stake.thawingUntil == 0), "clock");
        uint256 own = stake.tokens - stake.thawing;
        uint256 counted = _vault.delegatedTokens(provider, service, pool.shares - pool.thawingShares);
        if (pool.shares == 0) counted = 0;
        if (counted > 4 * own) counted = 4 * own;
        (uint256 activeOwn, uint256 activeDelegated) = _vault.activeStake(provider, service);
        assertEq(activeOwn, own, "active own");
        assertEq(activeDelegated, counted, "active delegated");
        uint256 free = own + counted > stake.exposure ? own + counted - stake.exposure : 0;
        assertEq(_vault.freeStake(provider, service), free, "free");
    }

    function _checkPool(address provider, address service) private view {
        DelegationPool memory pool = _vault.delegationPoolOf(provider, service);
        uint256 shares;
        uint256 thawing;
        uint256 worth;
        for (uint256 i = 0; i < _handler.DELEGATORS(); ++i) {
            Delegation memory held = _vault.delegationOf(_handler.delegators(i), provider, service);
            assertLe(held.thawing, held.shares, "thawing shares");
            assertTrue((held.thawing == 0) == (held.thawingUntil == 0), "clock of shares");
            shares += held.shares;
            thawing += held.thawing;
            worth += _vault.delegatedTokens(provider, service, held.shares);
        }
        assertEq(shares, pool.shares, "shares");
        assertEq(thawing, pool.thawingShares, "thawing shares of all");
        assertLe(worth, pool.tokens, "all delegators can be paid");
        assertTrue(pool.shares > 0 || pool.tokens == 0, "no LAT without shares");
        uint256 recorded = _vault.totalSharesAt(provider, service, pool.generation, block.timestamp);
        assertEq(recorded, pool.shares, "history");
        uint256 out = _handler.redeemed(provider, service) + _handler.remainders(provider, service);
        uint256 left = _handler.delegated(provider, service) - out - _handler.slashedOfPool(provider, service);
        assertEq(pool.tokens, left, "SLA-1: delegated and rewarded - redeemed - slashed");
    }
}
