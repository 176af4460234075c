// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ILatticeToken} from "../interfaces/ILatticeToken.sol";
import {IProtocolParameters} from "../interfaces/IProtocolParameters.sol";
import {IStakeService} from "../interfaces/IStakeService.sol";
import {IStakeVault} from "../interfaces/IStakeVault.sol";
import {Parameter} from "../types/Parameter.sol";
import {Provision, SlashLeg} from "../types/Stake.sol";

/// @title StakeVault: custody of staked LAT
/// @notice Stake leaves in two ways only: to its provider after a thaw, or by a slash of a module that the provider's
/// service named.
/// @dev No owner, no role, no pause, no upgrade. Whoever provisions to a service trusts that service and its modules
/// with this provision, and with nothing else. LAT has no transfer hooks, so legs cannot re-enter; the service can,
/// and is therefore called last.
contract StakeVault is IStakeVault {
    using SafeERC20 for ILatticeToken;

    /// @notice Gas that a service gets to react to a changed provision.
    uint256 public constant HOOK_GAS = 1_500_000;
    /// @notice Gas that must be left for the hook to get all of `HOOK_GAS`: a call passes on 63/64 at most (EIP-150),
    /// after its own cost.
    uint256 public constant HOOK_GAS_NEEDED = HOOK_GAS + HOOK_GAS / 63 + 10_000;

    /// @notice The staked token.
    ILatticeToken public immutable LAT;
    /// @notice Where the thaw's length comes from.
    IProtocolParameters public immutable PARAMETERS;

    mapping(address provider => mapping(address service => Provision)) private _provisions;
    mapping(address provider => mapping(address service => mapping(address module => uint256))) private _lockedBy;
    mapping(address service => mapping(address module => bool)) private _isModule;

    modifier onlyModule(address service) {
        if (!_isModule[service][msg.sender]) revert StakeVaultNotModule(service, msg.sender);
        _;
    }

    constructor(ILatticeToken lat, IProtocolParameters parameters) {
        LAT = lat;
        PARAMETERS = parameters;
    }

    // Providers

    /// @inheritdoc IStakeVault
    function provision(address service, uint96 amount) external {
        if (amount == 0) revert StakeVaultZeroAmount();
        if (service.code.length == 0) revert StakeVaultServiceNotContract(service);
        _provisions[msg.sender][service].tokens += amount;
        emit StakeProvisioned(msg.sender, service, amount);
        LAT.safeTransferFrom(msg.sender, address(this), amount);
        _notify(msg.sender, service);
    }

    /// @inheritdoc IStakeVault
    function thaw(address service, uint96 amount) external {
        if (amount == 0) revert StakeVaultZeroAmount();
        Provision storage stake = _provisions[msg.sender][service];
        uint256 free = _free(stake);
        if (amount > free) revert StakeVaultInsufficientFree(msg.sender, service, free, amount);
        uint256 until = block.timestamp + PARAMETERS.get(Parameter.StakeThawSeconds);
        stake.thawing += amount;
        // Unix seconds plus at most 60 days.
        stake.thawingUntil = uint64(until);
        emit StakeThawStarted(msg.sender, service, amount, until);
        _notify(msg.sender, service);
    }

    /// @inheritdoc IStakeVault
    function cancelThaw(address service, uint96 amount) external {
        if (amount == 0) revert StakeVaultZeroAmount();
        Provision storage stake = _provisions[msg.sender][service];
        uint96 thawing = stake.thawing;
        if (amount > thawing) revert StakeVaultInsufficientThawing(msg.sender, service, thawing, amount);
        _setThawing(stake, thawing - amount);
        emit StakeThawCancelled(msg.sender, service, amount);
        _notify(msg.sender, service);
    }

    /// @inheritdoc IStakeVault
    function withdraw(address service) external returns (uint256 amount) {
        Provision storage stake = _provisions[msg.sender][service];
        uint96 thawing = stake.thawing;
        if (thawing == 0) revert StakeVaultNothingToWithdraw(msg.sender, service);
        uint256 until = stake.thawingUntil;
        if (block.timestamp < until) revert StakeVaultStillThawing(msg.sender, service, until);
        // A slash may have left open jobs backed by thawing stake only; that part stays until they close.
        uint96 unexposed = stake.tokens - stake.exposure;
        uint96 paid = thawing < unexposed ? thawing : unexposed;
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
        _isModule[msg.sender][module] = allowed;
        emit StakeModuleSet(msg.sender, module, allowed);
    }

    /// @inheritdoc IStakeVault
    function lock(address service, address provider, uint96 amount) external onlyModule(service) {
        if (amount == 0) revert StakeVaultZeroAmount();
        Provision storage stake = _provisions[provider][service];
        uint256 free = _free(stake);
        if (amount > free) revert StakeVaultInsufficientFree(provider, service, free, amount);
        stake.exposure += amount;
        _lockedBy[provider][service][msg.sender] += amount;
        emit StakeLocked(provider, service, msg.sender, amount);
    }

    /// @inheritdoc IStakeVault
    function unlock(address service, address provider, uint96 amount) external {
        if (amount == 0) revert StakeVaultZeroAmount();
        _release(_provisions[provider][service], service, provider, amount);
    }

    /// @inheritdoc IStakeVault
    function slash(
        address service,
        address provider,
        uint96 unlockAmount,
        uint96 amount,
        SlashLeg[] calldata legs
    ) external onlyModule(service) returns (uint256 slashed) {
        Provision storage stake = _provisions[provider][service];
        if (unlockAmount > 0) _release(stake, service, provider, unlockAmount);

        uint96 unexposed = stake.tokens - stake.exposure;
        uint96 taken = amount < unexposed ? amount : unexposed;
        uint96 left = stake.tokens - taken;
        stake.tokens = left;
        if (stake.thawing > left) _setThawing(stake, left);

        (uint256[] memory payouts, uint256 burned) = _split(provider, taken, amount, legs);
        emit StakeSlashed(provider, service, msg.sender, taken, burned);
        for (uint256 i = 0; i < legs.length; ++i) {
            if (payouts[i] > 0) LAT.safeTransfer(legs[i].recipient, payouts[i]);
        }
        if (burned > 0) LAT.burn(burned);
        _notify(provider, service);
        return taken;
    }

    // Views

    /// @inheritdoc IStakeVault
    function provisionOf(address provider, address service) external view returns (Provision memory) {
        return _provisions[provider][service];
    }

    /// @inheritdoc IStakeVault
    function freeStake(address provider, address service) external view returns (uint256) {
        return _free(_provisions[provider][service]);
    }

    /// @inheritdoc IStakeVault
    function lockedBy(address provider, address service, address module) external view returns (uint256) {
        return _lockedBy[provider][service][module];
    }

    /// @inheritdoc IStakeVault
    function isModule(address service, address module) external view returns (bool) {
        return _isModule[service][module];
    }

    // Internals

    /// @dev Tokens − thawing − exposure, or zero when a slash made thawing stake back open jobs.
    function _free(Provision storage stake) private view returns (uint256) {
        uint256 tokens = stake.tokens;
        // Nothing thaws while `thawingUntil` is zero: the second slot need not be read, which every lock profits from.
        uint256 taken = uint256(stake.exposure) + (stake.thawingUntil == 0 ? 0 : stake.thawing);
        return tokens > taken ? tokens - taken : 0;
    }

    /// @dev Keeps `thawingUntil` zero exactly when nothing thaws.
    function _setThawing(Provision storage stake, uint96 thawing) private {
        stake.thawing = thawing;
        if (thawing == 0) stake.thawingUntil = 0;
    }

    function _release(Provision storage stake, address service, address provider, uint96 amount) private {
        uint256 locked = _lockedBy[provider][service][msg.sender];
        if (amount > locked) revert StakeVaultInsufficientLocked(provider, service, locked, amount);
        _lockedBy[provider][service][msg.sender] = locked - amount;
        stake.exposure -= amount;
        emit StakeUnlocked(provider, service, msg.sender, amount);
    }

    /// @dev Payouts round down, so they never exceed `taken`; the remainder burns.
    function _split(
        address provider,
        uint256 taken,
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
            payouts[i] = (uint256(leg.amount) * taken) / amount;
            burned -= payouts[i];
        }
    }

    /// @dev Tells the service, which cannot stop what happened: neither by reverting, nor by burning its gas, nor by
    /// losing its code. The caller cannot make it miss the news by leaving it too little gas.
    function _notify(address provider, address service) private {
        if (service.code.length == 0) {
            emit StakeHookFailed(provider, service);
            return;
        }
        uint256 available = gasleft();
        if (available < HOOK_GAS_NEEDED) revert StakeVaultInsufficientGas(available, HOOK_GAS_NEEDED);
        // solhint-disable-next-line no-empty-blocks
        try IStakeService(service).onProvisionChanged{gas: HOOK_GAS}(provider) {} catch {
            emit StakeHookFailed(provider, service);
        }
    }
}
