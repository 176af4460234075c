// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Provision, SlashLeg} from "../types/Stake.sol";
import {IStakeDelegation} from "./IStakeDelegation.sol";

/// @title IStakeVault: custody of staked LAT
/// @notice A provider provisions LAT to a service. The service's modules may lock parts of it as collateral and
/// slash it; nobody else can, and no role can. What is neither locked nor thawing can be taken out after a thaw.
/// Delegated LAT counts beside the provider's own, see IStakeDelegation.
/// @dev Calls that change a provision, `seize` excepted, tell the service last, and need 1.54 million gas left for that;
/// what the service does not use stays with the caller. Estimates should get a margin of 30 000 gas: LAT's supply
/// checkpoint, which slashes write, costs less in the second of an earlier burn.
interface IStakeVault is IStakeDelegation {
    /// @notice `provider` added `amount` to its provision for `service`.
    event StakeProvisioned(address indexed provider, address indexed service, uint256 amount);
    /// @notice `amount` started to thaw; everything thawing is free at `until` (Unix seconds).
    event StakeThawStarted(address indexed provider, address indexed service, uint256 amount, uint256 until);
    /// @notice `amount` of thawing stake was put back to work.
    event StakeThawCancelled(address indexed provider, address indexed service, uint256 amount);
    /// @notice `amount` left the vault.
    event StakeWithdrawn(address indexed provider, address indexed service, uint256 amount);
    /// @notice `module` locked `amount` as collateral.
    event StakeLocked(address indexed provider, address indexed service, address indexed module, uint256 amount);
    /// @notice `module` released `amount` of collateral.
    event StakeUnlocked(address indexed provider, address indexed service, address indexed module, uint256 amount);
    /// @notice `module` slashed `amount`, own and delegated LAT together, of which `burned` was burned and the rest
    /// paid out.
    event StakeSlashed(
        address indexed provider,
        address indexed service,
        address indexed module,
        uint256 amount,
        uint256 burned
    );
    /// @notice `module` took `amount`, own and delegated LAT together, and the vault keeps it. `own` is the provider's
    /// part, which legs may be paid from; the rest can only burn.
    event StakeSeized(
        address indexed provider,
        address indexed service,
        address indexed module,
        uint256 amount,
        uint256 own
    );
    /// @notice `module` disbursed `amount` of what it seized: `burned` of it was burned and the rest paid out. With it
    /// burned `burnedOfPools`, all that the module had seized from pools until now, of this provider and of others.
    event StakeDisbursed(
        address indexed provider,
        address indexed service,
        address indexed module,
        uint256 amount,
        uint256 burned,
        uint256 burnedOfPools
    );
    /// @notice `service` allowed or forbade `module`.
    event StakeModuleSet(address indexed service, address indexed module, bool allowed);
    /// @notice `service` failed when it was told that the provision of `provider` changed; the change stands.
    event StakeHookFailed(address indexed provider, address indexed service);

    /// @notice The amount is zero.
    error StakeVaultZeroAmount();
    /// @notice The service is not a contract.
    error StakeVaultServiceNotContract(address service);
    /// @notice The caller is not a module of the service.
    error StakeVaultNotModule(address service, address caller);
    /// @notice Less is free than asked.
    error StakeVaultInsufficientFree(address provider, address service, uint256 free, uint256 needed);
    /// @notice Less is thawing than asked.
    error StakeVaultInsufficientThawing(address provider, address service, uint256 thawing, uint256 needed);
    /// @notice The thaw ends at `until`.
    error StakeVaultStillThawing(address provider, address service, uint256 until);
    /// @notice Nothing can be withdrawn now: nothing thaws, or all of it backs open jobs.
    error StakeVaultNothingToWithdraw(address provider, address service);
    /// @notice More would be released than the module has locked.
    error StakeVaultInsufficientLocked(address provider, address service, uint256 locked, uint256 needed);
    /// @notice More would be disbursed than the module has seized from providers.
    error StakeVaultInsufficientSeized(address service, address module, uint256 seized, uint256 needed);
    /// @notice The legs add up to more than is slashed, or disbursed.
    error StakeVaultSlashLegsExceedAmount(uint256 legs, uint256 amount);
    /// @notice The transaction must leave enough gas to tell the service of the change.
    error StakeVaultInsufficientGas(uint256 available, uint256 needed);

    /// @notice Moves `amount` LAT (wei) of the caller into its provision for `service`. Needs an allowance.
    function provision(address service, uint96 amount) external;

    /// @notice Starts to thaw `amount` of the caller's free stake. Adding to a running thaw restarts its clock.
    /// @dev What is left must still back the open jobs, with as many delegations as may count beside it.
    function thaw(address service, uint96 amount) external;

    /// @notice Puts `amount` of thawing stake back to work.
    function cancelThaw(address service, uint96 amount) external;

    /// @notice Pays out all thawed stake that backs no open job, once the thaw ended. Never paused.
    /// @dev Nor does a provider leave its open jobs to its delegators: the cap holds for what stays.
    /// @return amount LAT (wei) paid to the caller.
    function withdraw(address service) external returns (uint256 amount);

    /// @notice Called by a service: allows or forbids a module to lock, slash and seize its provisions.
    function setModule(address module, bool allowed) external;

    /// @notice Called by a module: locks `amount` of the provider's free stake.
    function lock(address service, address provider, uint96 amount) external;

    /// @notice Called by a module, or one that was: releases what it locked. Losing its rights must not trap stake.
    function unlock(address service, address provider, uint96 amount) external;

    /// @notice Called by a module: releases `unlockAmount` of its lock, then slashes up to `amount`.
    /// @dev What other open jobs have locked is theirs and stays: at most own and delegated tokens − exposure is taken,
    /// so that `amount` is taken in full whenever it is no more than `unlockAmount`. The provider and the pool lose in
    /// proportion to what they have, rounded in the pool's favour. Legs are paid by what the provider itself loses:
    /// each is leg × own part / `amount`, rounded down. What the pool loses burns, so that no slash, arranged with
    /// whomever, moves delegators' LAT to anyone. A leg to the provider itself or to nobody is burned, and so is what
    /// no leg takes. Of own stake, what thaws is taken after all other. Both amounts may be zero: a fault is recorded
    /// even when nothing is left to take.
    /// @return slashed LAT (wei) taken, own and delegated together.
    function slash(
        address service,
        address provider,
        uint96 unlockAmount,
        uint96 amount,
        SlashLeg[] calldata legs
    ) external returns (uint256 slashed);

    /// @notice Called by a module: takes up to `amount` as `slash` does, and leaves it in the vault for `disburse`.
    /// @dev From then on it is nobody's stake: no withdrawal, redemption or lock reaches it. The service is not told, so
    /// what it derived from the provision stays as it was until `disburse`, or until it looks by itself.
    /// @return seized LAT (wei) taken, own and delegated together.
    /// @return own The provider's part, rounded up: what the module may disburse.
    function seize(address service, address provider, uint96 amount) external returns (uint256 seized, uint256 own);

    /// @notice Called by a module, or one that was: pays `legs` out of `amount` that it seized, burns the rest, and
    /// tells the service.
    /// @dev Legs and what burns are exactly `amount`. A leg to the provider itself or to nobody is burned. Only providers'
    /// parts can be disbursed: what the module seized from pools burns in full, whosever pool it was. The vault does not
    /// know which provider the amount came from; a module that names another can do no more than with legs to any
    /// account. Amounts may be zero, so that a fault for which nothing could be seized ends like others.
    function disburse(address service, address provider, uint96 amount, SlashLeg[] calldata legs) external;

    /// @notice The provision of `provider` for `service`.
    function provisionOf(address provider, address service) external view returns (Provision memory);

    /// @notice Stake that can back a new job: what does not thaw, own and delegated up to the cap, − exposure, or zero.
    function freeStake(address provider, address service) external view returns (uint256);

    /// @notice Collateral that `module` has locked.
    function lockedBy(address provider, address service, address module) external view returns (uint256);

    /// @notice LAT (wei) that `module` seized and that is still in the vault: from providers, and from their pools.
    function seizedBy(address service, address module) external view returns (uint256 own, uint256 ofPools);

    /// @notice True when `module` may act on provisions of `service`.
    function isModule(address service, address module) external view returns (bool);
}
