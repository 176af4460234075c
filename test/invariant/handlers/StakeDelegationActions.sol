// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {StakeVault} from "../../../contracts/staking/StakeVault.sol";
import {LatticeToken} from "../../../contracts/token/LatticeToken.sol";
import {Delegation, DelegationPool} from "../../../contracts/types/Stake.sol";
import {StakeSeizureActions} from "./StakeSeizureActions.sol";

/// @title StakeDelegationActions: two delegators beside the providers, and whoever rewards them
abstract contract StakeDelegationActions is StakeSeizureActions {
    uint256 public constant DELEGATORS = 2;
    uint256 private constant VIRTUAL_SHARES = 1e6;

    address[] public delegators;

    // What should have happened, counted apart from the vault.
    mapping(address provider => mapping(address service => uint256)) public delegated;
    mapping(address provider => mapping(address service => uint256)) public redeemed;
    mapping(address provider => mapping(address service => uint256)) public remainders;
    mapping(address delegator => uint256) public spent;
    mapping(address delegator => uint256) public received;

    constructor(LatticeToken lat, StakeVault vault) StakeSeizureActions(lat, vault) {
        delegators = [actor("first delegator"), actor("second delegator")];
        for (uint256 i = 0; i < PROVIDERS; ++i) {
            for (uint256 j = 0; j < SERVICES; ++j) services[j].setDelegationOpen(providers[i], true);
        }
    }

    // Actions: each takes the first pair from `seed` on that allows it.

    function delegate(uint256 seed, uint256 delegator, uint256 amount) external {
        address by = delegators[delegator % DELEGATORS];
        (bool found, address provider, address service) = _find(seed, _hasRoom);
        uint256 balance = LAT.balanceOf(by);
        if (!found || balance < 1 ether) return;
        uint256 room = _room(provider, service);
        uint96 put = uint96(bound(amount, 1 ether, room < balance ? room : balance));
        if (_isFair(provider, service, put)) _delegate(by, provider, service, put);
    }

    function undelegate(uint256 seed, uint256 delegator, uint256 shares) external {
        address by = delegators[delegator % DELEGATORS];
        for (uint256 i = 0; i < PROVIDERS * SERVICES; ++i) {
            (address provider, address service) = _pair(seed, i);
            Delegation memory held = VAULT.delegationOf(by, provider, service);
            if (held.shares == held.thawing) continue;
            _undelegate(by, provider, service, uint128(bound(shares, 1, held.shares - held.thawing)));
            return;
        }
    }

    function withdrawDelegated(uint256 seed, uint256 delegator) external {
        address by = delegators[delegator % DELEGATORS];
        for (uint256 i = 0; i < PROVIDERS * SERVICES; ++i) {
            (address provider, address service) = _pair(seed, i);
            Delegation memory held = VAULT.delegationOf(by, provider, service);
            if (held.thawing == 0 || _unexposed(provider, service) == 0) continue;
            if (present() < held.thawingUntil) vm.warp(held.thawingUntil);
            _withdrawDelegated(by, provider, service);
            return;
        }
    }

    function addRewards(uint256 seed, uint256 amount) external {
        (bool found, address provider, address service) = _find(seed, _hasShares);
        if (found) _addRewards(provider, service, uint96(bound(amount, 1, 10 ether)));
    }

    function setDelegationOpen(uint256 seed, bool open) external counted("setDelegationOpen") {
        (address provider, address service) = _pair(seed, 0);
        vm.prank(service);
        VAULT.setDelegationOpen(provider, open);
    }

    // Their effects

    function _delegate(address by, address provider, address service, uint96 amount) private counted("delegate") {
        DelegationPool memory before = _pool(provider, service);
        vm.startPrank(by);
        LAT.approve(address(VAULT), amount);
        uint256 shares = VAULT.delegate(provider, service, amount);
        vm.stopPrank();
        assertLe(VAULT.delegatedTokens(provider, service, shares), amount, "no more than was put in");
        _checkPrice(provider, service, before);
        delegated[provider][service] += amount;
        spent[by] += amount;
    }

    function _undelegate(address by, address provider, address service, uint128 shares) private counted("undelegate") {
        DelegationPool memory before = _pool(provider, service);
        vm.prank(by);
        VAULT.undelegate(provider, service, shares);
        _checkPrice(provider, service, before);
    }

    function _withdrawDelegated(address by, address provider, address service) private counted("withdrawDelegated") {
        DelegationPool memory before = _pool(provider, service);
        uint256 thawing = VAULT.delegationOf(by, provider, service).thawing;
        uint256 own = VAULT.provisionOf(provider, service).tokens;
        vm.prank(by);
        uint256 amount = VAULT.withdrawDelegated(provider, service);
        assertLe(amount * before.shares, thawing * before.tokens, "no more than its share");
        _checkPrice(provider, service, before);
        redeemed[provider][service] += amount;
        received[by] += amount;
        remainders[provider][service] += VAULT.provisionOf(provider, service).tokens - own;
    }

    function _addRewards(address provider, address service, uint96 amount) private counted("addRewards") {
        DelegationPool memory before = _pool(provider, service);
        LAT.approve(address(VAULT), amount);
        VAULT.addRewards(provider, service, amount);
        _checkPrice(provider, service, before);
        delegated[provider][service] += amount;
    }

    /// @dev Whatever a delegator does, a share of those who stay is worth no less: rounding never favours who moves.
    function _checkPrice(address provider, address service, DelegationPool memory before) private view {
        DelegationPool memory pool = _pool(provider, service);
        if (pool.shares == 0) return;
        uint256 priceBefore = (uint256(before.tokens) + 1) * (pool.shares + VIRTUAL_SHARES);
        uint256 priceAfter = (uint256(pool.tokens) + 1) * (before.shares + VIRTUAL_SHARES);
        assertGe(priceAfter, priceBefore, "price of a share");
    }

    // Which pairs allow an action

    function _pair(uint256 seed, uint256 i) private view returns (address provider, address service) {
        uint256 index = ((seed % (PROVIDERS * SERVICES)) + i) % (PROVIDERS * SERVICES);
        return (providers[index / SERVICES], address(services[index % SERVICES]));
    }

    function _hasRoom(address provider, address service) private view returns (bool) {
        return _pool(provider, service).open && _room(provider, service) >= 1 ether;
    }

    function _hasShares(address provider, address service) private view returns (bool) {
        return _pool(provider, service).shares > 0;
    }

    function _room(address provider, address service) private view returns (uint256) {
        (uint256 own, ) = VAULT.activeStake(provider, service);
        uint256 pooled = _pool(provider, service).tokens;
        return 4 * own > pooled ? 4 * own - pooled : 0;
    }

    function _isFair(address provider, address service, uint256 amount) private view returns (bool) {
        DelegationPool memory pool = _pool(provider, service);
        uint256 shares = (amount * (pool.shares + VIRTUAL_SHARES)) / (uint256(pool.tokens) + 1);
        return shares >= 1e6 && shares + pool.shares <= type(uint128).max;
    }

    function _unexposed(address provider, address service) private view returns (uint256) {
        return
            uint256(VAULT.provisionOf(provider, service).tokens) +
            _pool(provider, service).tokens -
            VAULT.provisionOf(provider, service).exposure;
    }
}
