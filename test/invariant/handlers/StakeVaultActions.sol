// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {StakeServiceProbe} from "../../../contracts/mocks/StakeServiceProbe.sol";
import {StakeVault} from "../../../contracts/staking/StakeVault.sol";
import {LatticeToken} from "../../../contracts/token/LatticeToken.sol";
import {SlashLeg} from "../../../contracts/types/Stake.sol";
import {StakeVaultPairs} from "./StakeVaultPairs.sol";

/// @title StakeVaultActions: three providers, two services with two modules each, and someone who donates
abstract contract StakeVaultActions is StakeVaultPairs {
    address public requester;
    address public reporter;

    // What should have happened, counted apart from the vault.
    mapping(address provider => mapping(address service => uint256)) public provisioned;
    mapping(address provider => mapping(address service => uint256)) public withdrawn;
    mapping(address provider => mapping(address service => uint256)) public slashed;
    mapping(address provider => mapping(address service => uint256)) public slashedOfPool;
    mapping(address service => mapping(address module => bool)) public isModule;
    uint256 public donated;
    uint256 public burned;
    uint256 public paidOut;

    constructor(LatticeToken lat, StakeVault vault) StakeVaultPairs(lat, vault) {
        requester = actor("requester");
        reporter = actor("reporter");
        for (uint256 i = 0; i < SERVICES; ++i) {
            for (uint256 j = 0; j < MODULES; ++j) _setModule(services[i], modules[j], true);
        }
    }

    // Actions: each takes the first pair from `seed` on that allows it.

    function provision(uint256 seed, uint256 amount) external {
        (bool found, address provider, address service) = _find(seed, _hasBalance);
        if (found) _provision(provider, service, uint96(bound(amount, 1, LAT.balanceOf(provider))));
    }

    function thaw(uint256 seed, uint256 amount) external {
        (bool found, address provider, address service) = _find(seed, _hasThawable);
        if (found) _thaw(provider, service, uint96(bound(amount, 1, _thawable(provider, service))));
    }

    function cancelThaw(uint256 seed, uint256 amount) external {
        (bool found, address provider, address service) = _find(seed, _hasThawing);
        if (!found) return;
        uint256 thawing = VAULT.provisionOf(provider, service).thawing;
        _cancelThaw(provider, service, uint96(bound(amount, 1, thawing)));
    }

    function withdraw(uint256 seed) external {
        (bool found, address provider, address service) = _find(seed, _hasWithdrawable);
        if (!found) return;
        uint256 until = VAULT.provisionOf(provider, service).thawingUntil;
        if (present() < until) vm.warp(until);
        _withdraw(provider, service);
    }

    function lock(uint256 seed, uint256 module, uint256 amount) external {
        (bool found, address provider, address service) = _find(seed, _hasFree);
        address by = modules[module % MODULES];
        if (!found || !isModule[service][by]) return;
        _lock(provider, service, by, uint96(bound(amount, 1, VAULT.freeStake(provider, service))));
    }

    function unlock(uint256 seed, uint256 module, uint256 amount) external {
        (bool found, address provider, address service) = _find(seed, _hasLocked);
        if (!found) return;
        address by = modules[module % MODULES];
        if (VAULT.lockedBy(provider, service, by) == 0) by = modules[(module % MODULES) ^ 1];
        uint256 locked = VAULT.lockedBy(provider, service, by);
        _unlock(provider, service, by, uint96(bound(amount, 1, locked)));
    }

    function slash(uint256 seed, uint256 module, uint256 unlockAmount, uint256 amount, uint256 shares) external {
        (bool found, address provider, address service) = _find(seed, _hasTokens);
        address by = modules[module % MODULES];
        if (!found || !isModule[service][by]) return;
        uint256 released = bound(unlockAmount, 0, VAULT.lockedBy(provider, service, by));
        uint256 tokens = VAULT.provisionOf(provider, service).tokens + _pool(provider, service).tokens;
        _slash(provider, service, by, uint96(released), uint96(bound(amount, 1, 2 * tokens)), shares);
    }

    /// @dev The first service may drop a module and take it back; the hook of either may start, and stop, to fail.
    function setModule(uint256 module, bool allowed) external {
        _setModule(services[0], modules[module % MODULES], allowed);
    }

    function setHook(uint256 service, uint256 mode) external counted("setHook") {
        services[service % SERVICES].setMode(StakeServiceProbe.Mode(mode % 2));
    }

    function donate(uint256 amount) external counted("donate") {
        amount = bound(amount, 1, 1 ether);
        LAT.transfer(address(VAULT), amount);
        donated += amount;
    }

    function warp(uint256 secondsPassed) external counted("warp") {
        skip(bound(secondsPassed, 1, 2 hours));
    }

    // Their effects

    function _provision(address provider, address service, uint96 amount) private counted("provision") {
        vm.startPrank(provider);
        LAT.approve(address(VAULT), amount);
        VAULT.provision(service, amount);
        vm.stopPrank();
        provisioned[provider][service] += amount;
    }

    function _thaw(address provider, address service, uint96 amount) private counted("thaw") {
        vm.prank(provider);
        VAULT.thaw(service, amount);
    }

    function _cancelThaw(address provider, address service, uint96 amount) private counted("cancelThaw") {
        vm.prank(provider);
        VAULT.cancelThaw(service, amount);
    }

    function _withdraw(address provider, address service) private counted("withdraw") {
        vm.prank(provider);
        withdrawn[provider][service] += VAULT.withdraw(service);
    }

    function _lock(address provider, address service, address by, uint96 amount) private counted("lock") {
        vm.prank(by);
        VAULT.lock(service, provider, amount);
    }

    function _unlock(address provider, address service, address by, uint96 amount) private counted("unlock") {
        vm.prank(by);
        VAULT.unlock(service, provider, amount);
    }

    function _slash(
        address provider,
        address service,
        address by,
        uint96 released,
        uint96 asked,
        uint256 shares
    ) private counted("slash") {
        SlashLeg[] memory legs = new SlashLeg[](3);
        legs[0] = SlashLeg(requester, uint96(bound(shares & type(uint64).max, 0, asked / 2)));
        legs[1] = SlashLeg(reporter, uint96(bound((shares >> 64) & type(uint64).max, 0, asked / 4)));
        // The slashed provider tries to be paid itself.
        legs[2] = SlashLeg(provider, asked / 4);
        uint256 outside = LAT.balanceOf(requester) + LAT.balanceOf(reporter);
        uint256 supply = LAT.totalSupply();
        uint256 own = VAULT.provisionOf(provider, service).tokens;
        uint256 pooled = _pool(provider, service).tokens;
        vm.prank(by);
        uint256 taken = VAULT.slash(service, provider, released, asked, legs);
        uint256 paid = LAT.balanceOf(requester) + LAT.balanceOf(reporter) - outside;
        _noteSlash(provider, service, own, pooled, taken, paid);
        paidOut += paid;
        burned += supply - LAT.totalSupply();
    }

    /// @dev Pro rata, the odd wei the provider's; and what is paid is the provider's, never its delegators'.
    function _noteSlash(
        address provider,
        address service,
        uint256 own,
        uint256 pooled,
        uint256 taken,
        uint256 paid
    ) internal {
        uint256 ofOwn = own - VAULT.provisionOf(provider, service).tokens;
        uint256 ofPool = pooled - _pool(provider, service).tokens;
        assertEq(ofOwn + ofPool, taken, "SLA-2: both parts");
        if (own + pooled > 0) assertEq(ofPool, (taken * pooled) / (own + pooled), "pro rata");
        assertLe(paid, ofOwn, "SLA-3: slashing oneself never pays");
        slashed[provider][service] += ofOwn;
        slashedOfPool[provider][service] += ofPool;
    }

    function _setModule(StakeServiceProbe service, address module, bool allowed) private counted("setModule") {
        service.setModule(module, allowed);
        isModule[address(service)][module] = allowed;
    }
}
