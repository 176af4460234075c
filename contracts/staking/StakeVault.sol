// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ILatticeToken} from "../interfaces/ILatticeToken.sol";
import {IProtocolParameters} from "../interfaces/IProtocolParameters.sol";
import {IStakeService} from "../interfaces/IStakeService.sol";
import {IStakeVault} from "../interfaces/IStakeVault.sol";
import {Parameter} from "../types/Parameter.sol";
import {Provision, SlashLeg} from "../types/Stake.sol";
import {DelegationPools} from "./DelegationPools.sol";

/// @title StakeVault: custody of staked LAT
/// @notice Stake leaves in two ways only: to its provider or delegator after a thaw, or by a slash of a module that
/// the provider's service named, at once or in the two steps of `seize` and `disburse`. What delegators do is in
/// DelegationPools.
/// @dev No owner, no role, no pause, no upgrade. Whoever provisions to a service trusts that service and its modules
/// with this provision, and with nothing else. LAT has no transfer hooks, so legs cannot re-enter; the service can,
/// and is therefore called last.
contract StakeVault is IStakeVault, DelegationPools {
    using SafeERC20 for ILatticeToken;

    /// @notice Gas that a service gets to react to a changed provision.
    uint256 public constant HOOK_GAS = 1_500_000;
    /// @notice Gas that must be left for the hook to get all of `HOOK_GAS`: a call passes on 63/64 at most (EIP-150),
    /// after its own cost.
    uint256 public constant HOOK_GAS_NEEDED = HOOK_GAS + HOOK_GAS / 63 + 10_000;

    /// @dev In one slot, which is never zero while the module is allowed: no seizure pays for the first use of a slot.
    /// LAT's supply fits 96 bits.
    /// @param seized LAT that the module took from providers and has not disbursed.
    /// @param seizedOfPools LAT that it took from their pools since it last disbursed.
    struct Module {
        bool allowed;
        uint96 seized;
        uint96 seizedOfPools;
    }

    mapping(address provider => mapping(address service => mapping(address module => uint256))) private _lockedBy;
    mapping(address service => mapping(address module => Module)) private _modules;

    modifier onlyModule(address service) {
        if (!_modules[service][msg.sender].allowed) revert StakeVaultNotModule(service, msg.sender);
        _;
    }

    constructor(ILatticeToken lat, IProtocolParameters parameters) DelegationPools(lat, parameters) {}

    // Providers

    /// @inheritdoc IStakeVault
    function provision(address service, uint96 amount) external {
        if (amount == 0) revert StakeVaultZeroAmount();
        if (service.code.length == 0) revert StakeVaultServiceNotContract(service);
        _stakes[msg.sender][service].tokens += amount;
        emit StakeProvisioned(msg.sender, service, amount);
        LAT.safeTransferFrom(msg.sender, address(this), amount);
        _notify(msg.sender, service);
    }

    /// @inheritdoc IStakeVault
    function thaw(address service, uint96 amount) external {
        if (amount == 0) revert StakeVaultZeroAmount();
        Stake storage stake = _stakes[msg.sender][service];
        uint256 free = _releasable(stake, _unthawed(stake), _unthawedPool(stake));
        if (amount > free) revert StakeVaultInsufficientFree(msg.sender, service, free, amount);
        uint256 until = block.timestamp + PARAMETERS.get(Parameter.StakeThawSeconds);
        stake.thawing += amount;
        // Unix seconds plus at most 60 days.
        stake.thawingUntil = uint56(until);
        emit StakeThawStarted(msg.sender, service, amount, until);
        _notify(msg.sender, service);
    }

    /// @inheritdoc IStakeVault
    function cancelThaw(address service, uint96 amount) external {
        if (amount == 0) revert StakeVaultZeroAmount();
        Stake storage stake = _stakes[msg.sender][service];
        uint96 thawing = stake.thawing;
        if (amount > thawing) revert StakeVaultInsufficientThawing(msg.sender, service, thawing, amount);
        _setThawing(stake, thawing - amount);
        emit StakeThawCancelled(msg.sender, service, amount);
        _notify(msg.sender, service);
    }

    /// @inheritdoc IStakeVault
    function withdraw(address service) external returns (uint256 amount) {
        Stake storage stake = _stakes[msg.sender][service];
        uint96 thawing = stake.thawing;
        if (thawing == 0) revert StakeVaultNothingToWithdraw(msg.sender, service);
        uint256 until = stake.thawingUntil;
        if (block.timestamp < until) revert StakeVaultStillThawing(msg.sender, service, until);
        // A slash may have left open jobs backed by thawing stake only; that part stays until they close.
        uint256 releasable = _releasable(stake, stake.tokens, stake.hasPool ? stake.pooled : 0);
        uint96 paid = uint96(Math.min(thawing, releasable));
        if (paid == 0) revert StakeVaultNothingToWithdraw(msg.sender, service);
        stake.tokens -= paid;
        _setThawing(stake, thawing - paid);
        emit StakeWithdrawn(msg.sender, service, paid);
        LAT.safeTransfer(msg.sender, paid);
        _notify(msg.sender, service);
        return paid;
    }

    // Services and their modules

    /// @inheritdoc IStakeVault
    function setModule(address module, bool allowed) external {
        _modules[msg.sender][module].allowed = allowed;
        emit StakeModuleSet(msg.sender, module, allowed);
    }

    /// @inheritdoc IStakeVault
    function lock(address service, address provider, uint96 amount) external onlyModule(service) {
        if (amount == 0) revert StakeVaultZeroAmount();
        Stake storage stake = _stakes[provider][service];
        uint256 free = _free(stake);
        if (amount > free) revert StakeVaultInsufficientFree(provider, service, free, amount);
        stake.exposure += amount;
        _lockedBy[provider][service][msg.sender] += amount;
        emit StakeLocked(provider, service, msg.sender, amount);
    }

    /// @inheritdoc IStakeVault
    function unlock(address service, address provider, uint96 amount) external {
        if (amount == 0) revert StakeVaultZeroAmount();
        _release(_stakes[provider][service], service, provider, amount);
    }

    /// @inheritdoc IStakeVault
    function slash(
        address service,
        address provider,
        uint96 unlockAmount,
        uint96 amount,
        SlashLeg[] calldata legs
    ) external onlyModule(service) returns (uint256 slashed) {
        Stake storage stake = _stakes[provider][service];
        if (unlockAmount > 0) _release(stake, service, provider, unlockAmount);

        uint256 own;
        uint256 burned;
        (slashed, own) = _take(stake, provider, service, amount);
        uint256[] memory payouts;
        (payouts, burned) = _split(provider, slashed, own, amount, legs);
        emit StakeSlashed(provider, service, msg.sender, slashed, burned);
        _pay(legs, payouts, burned);
        _notify(provider, service);
    }

    /// @inheritdoc IStakeVault
    function seize(
        address service,
        address provider,
        uint96 amount
    ) external onlyModule(service) returns (uint256 seized, uint256 own) {
        (seized, own) = _take(_stakes[provider][service], provider, service, amount);
        Module storage module = _modules[service][msg.sender];
        module.seized += uint96(own);
        module.seizedOfPools += uint96(seized - own);
        emit StakeSeized(provider, service, msg.sender, seized, own);
    }

    /// @inheritdoc IStakeVault
    function disburse(address service, address provider, uint96 amount, SlashLeg[] calldata legs) external {
        Module storage module = _modules[service][msg.sender];
        uint96 seized = module.seized;
        if (amount > seized) revert StakeVaultInsufficientSeized(service, msg.sender, seized, amount);
        uint256 ofPools = module.seizedOfPools;
        module.seized = seized - amount;
        module.seizedOfPools = 0;

        (uint256[] memory payouts, uint256 burned) = _split(provider, amount, amount, amount, legs);
        emit StakeDisbursed(provider, service, msg.sender, amount, burned, ofPools);
        _pay(legs, payouts, burned + ofPools);
        _notify(provider, service);
    }

    // Views

    /// @inheritdoc IStakeVault
    function provisionOf(address provider, address service) external view returns (Provision memory) {
        Stake storage stake = _stakes[provider][service];
        return
            Provision({
                tokens: stake.tokens,
                exposure: stake.exposure,
                thawingUntil: stake.thawingUntil,
                thawing: stake.thawing
            });
    }

    /// @inheritdoc IStakeVault
    function freeStake(address provider, address service) external view returns (uint256) {
        return _free(_stakes[provider][service]);
    }

    /// @inheritdoc IStakeVault
    function lockedBy(address provider, address service, address module) external view returns (uint256) {
        return _lockedBy[provider][service][module];
    }

    /// @inheritdoc IStakeVault
    function seizedBy(address service, address module) external view returns (uint256 own, uint256 ofPools) {
        Module storage state = _modules[service][module];
        return (state.seized, state.seizedOfPools);
    }

    /// @inheritdoc IStakeVault
    function isModule(address service, address module) external view returns (bool) {
        return _modules[service][module].allowed;
    }

    // Internals

    /// @dev What may go of `own`, so that the rest backs all open jobs with what counts of `delegated` beside it.
    function _releasable(Stake storage stake, uint256 own, uint256 delegated) private view returns (uint256) {
        uint256 needed = _ownNeeded(stake, delegated);
        return own > needed ? own - needed : 0;
    }

    /// @dev Takes up to `amount` of what backs no open job, from the provider and the pool pro rata.
    /// @return taken LAT taken in all.
    /// @return own The provider's part, rounded up.
    function _take(
        Stake storage stake,
        address provider,
        address service,
        uint256 amount
    ) private returns (uint256 taken, uint256 own) {
        uint256 tokens = stake.tokens;
        taken = Math.min(amount, _unexposed(stake));
        own = taken;
        if (stake.hasPool && taken > 0) {
            // Rounding up stays within `tokens`: no more is taken than both have.
            own = Math.ceilDiv(taken * tokens, tokens + stake.pooled);
            if (taken > own) _slashPool(stake, provider, service, taken - own);
        }
        uint96 left = uint96(tokens - own);
        stake.tokens = left;
        if (stake.thawingUntil != 0 && stake.thawing > left) _setThawing(stake, left);
    }

    /// @dev Keeps `thawingUntil` zero exactly when nothing thaws.
    function _setThawing(Stake storage stake, uint96 thawing) private {
        stake.thawing = thawing;
        if (thawing == 0) stake.thawingUntil = 0;
    }

    function _release(Stake storage stake, address service, address provider, uint96 amount) private {
        uint256 locked = _lockedBy[provider][service][msg.sender];
        if (amount > locked) revert StakeVaultInsufficientLocked(provider, service, locked, amount);
        _lockedBy[provider][service][msg.sender] = locked - amount;
        stake.exposure -= amount;
        emit StakeUnlocked(provider, service, msg.sender, amount);
    }

    /// @dev Payouts come from `own` and round down, so they never exceed it; the remainder of `taken` burns.
    function _split(
        address provider,
        uint256 taken,
        uint256 own,
        uint256 amount,
        SlashLeg[] calldata legs
    ) private pure returns (uint256[] memory payouts, uint256 burned) {
        uint256 stated;
        for (uint256 i = 0; i < legs.length; ++i) stated += legs[i].amount;
        if (stated > amount) revert StakeVaultSlashLegsExceedAmount(stated, amount);

        payouts = new uint256[](legs.length);
        burned = taken;
        for (uint256 i = 0; i < legs.length; ++i) {
            SlashLeg calldata leg = legs[i];
            if (leg.amount == 0 || leg.recipient == provider || leg.recipient == address(0)) continue;
            // `amount` is at least this leg, so not zero.
            payouts[i] = (uint256(leg.amount) * own) / amount;
            burned -= payouts[i];
        }
    }

    function _pay(SlashLeg[] calldata legs, uint256[] memory payouts, uint256 burned) private {
        for (uint256 i = 0; i < legs.length; ++i) {
            if (payouts[i] > 0) LAT.safeTransfer(legs[i].recipient, payouts[i]);
        }
        if (burned > 0) LAT.burn(burned);
    }

    /// @dev Tells the service, which cannot stop what happened: neither by reverting, nor by burning its gas, nor by
    /// losing its code. The caller cannot make it miss the news by leaving it too little gas.
    function _notify(address provider, address service) internal override {
        if (service.code.length == 0) {
            emit StakeHookFailed(provider, service);
            return;
        }
        uint256 available = gasleft();
        if (available < HOOK_GAS_NEEDED) revert StakeVaultInsufficientGas(available, HOOK_GAS_NEEDED);
        try IStakeService(service).onProvisionChanged{gas: HOOK_GAS}(provider) {} catch {
            emit StakeHookFailed(provider, service);
        }
    }
}
