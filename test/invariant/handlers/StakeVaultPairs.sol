// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {StakeServiceProbe} from "../../../contracts/mocks/StakeServiceProbe.sol";
import {StakeVault} from "../../../contracts/staking/StakeVault.sol";
import {LatticeToken} from "../../../contracts/token/LatticeToken.sol";
import {DelegationPool, Provision} from "../../../contracts/types/Stake.sol";
import {ActionLog} from "../../helpers/solidity/ActionLog.sol";
import {LatticeTest} from "../../helpers/solidity/LatticeTest.sol";

/// @title StakeVaultPairs: providers and services, and which pairs of them allow an action
abstract contract StakeVaultPairs is LatticeTest, ActionLog {
    uint256 public constant PROVIDERS = 3;
    uint256 public constant SERVICES = 2;
    uint256 public constant MODULES = 2;
    /// @notice LAT (wei) that each provider starts with.
    uint256 public constant ENDOWMENT = 10_000 ether;

    LatticeToken public immutable LAT;
    StakeVault public immutable VAULT;

    address[] public providers;
    StakeServiceProbe[] public services;
    address[] public modules;

    constructor(LatticeToken lat, StakeVault vault) {
        LAT = lat;
        VAULT = vault;
        providers = [actor("first provider"), actor("second provider"), actor("third provider")];
        modules = [actor("market"), actor("beacon")];
        for (uint256 i = 0; i < SERVICES; ++i) services.push(new StakeServiceProbe(vault));
    }

    function _find(
        uint256 seed,
        function(address, address) view returns (bool) allows
    ) internal view returns (bool found, address provider, address service) {
        for (uint256 i = 0; i < PROVIDERS * SERVICES; ++i) {
            uint256 index = ((seed % (PROVIDERS * SERVICES)) + i) % (PROVIDERS * SERVICES);
            provider = providers[index / SERVICES];
            service = address(services[index % SERVICES]);
            if (allows(provider, service)) return (true, provider, service);
        }
    }

    function _hasBalance(address provider, address) internal view returns (bool) {
        return LAT.balanceOf(provider) > 0;
    }

    function _hasTokens(address provider, address service) internal view returns (bool) {
        return VAULT.provisionOf(provider, service).tokens > 0;
    }

    function _hasFree(address provider, address service) internal view returns (bool) {
        return VAULT.freeStake(provider, service) > 0;
    }

    function _hasThawing(address provider, address service) internal view returns (bool) {
        return VAULT.provisionOf(provider, service).thawing > 0;
    }

    function _hasLocked(address provider, address service) internal view returns (bool) {
        return VAULT.provisionOf(provider, service).exposure > 0;
    }

    function _hasThawable(address provider, address service) internal view returns (bool) {
        return _thawable(provider, service) > 0;
    }

    function _hasWithdrawable(address provider, address service) internal view returns (bool) {
        Provision memory stake = VAULT.provisionOf(provider, service);
        return stake.thawing > 0 && stake.tokens > _ownNeeded(stake.exposure, _pool(provider, service).tokens);
    }

    function _thawable(address provider, address service) internal view returns (uint256) {
        (uint256 own, ) = VAULT.activeStake(provider, service);
        DelegationPool memory pool = _pool(provider, service);
        uint256 unthawed = VAULT.delegatedTokens(provider, service, pool.shares - pool.thawingShares);
        uint256 needed = _ownNeeded(VAULT.provisionOf(provider, service).exposure, unthawed);
        return own > needed ? own - needed : 0;
    }

    /// @dev The least own stake such that it and what counts of the pool, at most four times as much, cover `exposure`.
    function _ownNeeded(uint256 exposure, uint256 pooled) private pure returns (uint256) {
        return exposure > pooled + pooled / 4 ? exposure - pooled : (exposure + 4) / 5;
    }

    function _pool(address provider, address service) internal view returns (DelegationPool memory) {
        return VAULT.delegationPoolOf(provider, service);
    }
}
