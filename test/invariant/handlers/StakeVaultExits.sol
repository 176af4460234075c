// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {StakeVault} from "../../../contracts/staking/StakeVault.sol";
import {LatticeToken} from "../../../contracts/token/LatticeToken.sol";
import {Delegation, Provision} from "../../../contracts/types/Stake.sol";
import {CustodyTest} from "../../helpers/solidity/CustodyTest.sol";
import {StakeDelegationActions} from "./StakeDelegationActions.sol";

/// @title StakeVaultExits: how everyone leaves the vault, whatever was done with it
abstract contract StakeVaultExits is CustodyTest {
    LatticeToken internal _lat;
    StakeVault internal _vault;
    StakeDelegationActions internal _handler;

    function _stake(
        uint256 i,
        uint256 j
    ) internal view returns (address provider, address service, Provision memory stake) {
        provider = _handler.providers(i);
        service = address(_handler.services(j));
        stake = _vault.provisionOf(provider, service);
    }

    function _closeJobs(uint256 i, uint256 j) internal {
        address provider = _handler.providers(i);
        address service = address(_handler.services(j));
        for (uint256 k = 0; k < _handler.MODULES(); ++k) {
            address module = _handler.modules(k);
            uint256 locked = _vault.lockedBy(provider, service, module);
            vm.prank(module);
            if (locked > 0) _vault.unlock(service, provider, uint96(locked));
        }
    }

    function _delegatorsLeave() internal {
        for (uint256 i = 0; i < _handler.PROVIDERS(); ++i) {
            for (uint256 j = 0; j < _handler.SERVICES(); ++j) _eachDelegator(i, j, _undelegateAll);
        }
        skip(STAKE_THAW);
        for (uint256 i = 0; i < _handler.PROVIDERS(); ++i) {
            for (uint256 j = 0; j < _handler.SERVICES(); ++j) _eachDelegator(i, j, _withdrawDelegated);
        }
    }

    function _eachDelegator(uint256 i, uint256 j, function(address, address, address) act) private {
        address service = address(_handler.services(j));
        for (uint256 k = 0; k < _handler.DELEGATORS(); ++k) act(_handler.delegators(k), _handler.providers(i), service);
    }

    function _undelegateAll(address delegator, address provider, address service) private {
        Delegation memory held = _vault.delegationOf(delegator, provider, service);
        vm.prank(delegator);
        if (held.shares > held.thawing) _vault.undelegate(provider, service, held.shares - held.thawing);
    }

    function _withdrawDelegated(address delegator, address provider, address service) private {
        Delegation memory held = _vault.delegationOf(delegator, provider, service);
        uint256 worth = _vault.delegatedTokens(provider, service, held.shares);
        uint256 balance = _lat.balanceOf(delegator);
        vm.prank(delegator);
        if (held.shares > 0) _vault.withdrawDelegated(provider, service);
        assertEq(_lat.balanceOf(delegator) - balance, worth, "all delegations came out");
    }

    function _thawAll(uint256 i, uint256 j) internal {
        (address provider, address service, Provision memory stake) = _stake(i, j);
        vm.prank(provider);
        if (stake.tokens > stake.thawing) _vault.thaw(service, stake.tokens - stake.thawing);
    }

    function _leave(uint256 i, uint256 j) internal {
        (address provider, address service, Provision memory stake) = _stake(i, j);
        uint256 balance = _lat.balanceOf(provider);
        vm.prank(provider);
        if (stake.tokens > 0) _vault.withdraw(service);
        assertEq(_lat.balanceOf(provider) - balance, stake.tokens, "all stake came out");
    }
}
