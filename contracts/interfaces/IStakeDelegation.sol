// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Delegation, DelegationPool} from "../types/Stake.sol";

/// @title IStakeDelegation: LAT that others put behind a provider
/// @notice The half of the stake vault that delegators use. Delegators of a provider hold shares of one pool per
/// service. Its LAT backs jobs and counts for draws along with the provider's own, up to DELEGATION_RATIO times the
/// provider's own stake, and is slashed along with it, pro rata.
/// @dev Shares are priced with virtual shares, always against whoever enters or leaves, so that nobody gains by moving
/// the price. A delegation gets LAT × (all shares + 10^6) / (LAT of the pool + 1) shares; a redemption pays the inverse
/// of this, or the plain part of the pool where that is less.
interface IStakeDelegation {
    /// @notice `service` opened or closed the pool of `provider` to new delegations.
    event DelegationOpenSet(address indexed provider, address indexed service, bool open);
    /// @notice `delegator` put `amount` behind `provider` for `shares`.
    event StakeDelegated(
        address indexed delegator,
        address indexed provider,
        address indexed service,
        uint256 amount,
        uint256 shares
    );
    /// @notice `shares` of `delegator` started to thaw; everything thawing is free at `until` (Unix seconds).
    event UndelegationStarted(
        address indexed delegator,
        address indexed provider,
        address indexed service,
        uint256 shares,
        uint256 until
    );
    /// @notice `shares` of `delegator` were redeemed for `amount`, which left the vault.
    event DelegationWithdrawn(
        address indexed delegator,
        address indexed provider,
        address indexed service,
        uint256 amount,
        uint256 shares
    );
    /// @notice `from` added `amount` to the pool: each share is worth more.
    event DelegationRewarded(address indexed from, address indexed provider, address indexed service, uint256 amount);
    /// @notice A slash took `amount` of the pool.
    event DelegationSlashed(address indexed provider, address indexed service, uint256 amount);
    /// @notice A slash emptied the pool: shares of `generation` are void.
    event DelegationVoided(address indexed provider, address indexed service, uint256 generation);
    /// @notice The last share was redeemed; `remainder`, left by roundings, became the provider's own stake.
    event DelegationEmptied(address indexed provider, address indexed service, uint256 remainder);

    /// @notice Less is delegated than `min`.
    error StakeVaultDelegationTooSmall(uint256 amount, uint256 min);
    /// @notice The pool takes no delegations.
    error StakeVaultDelegationClosed(address provider, address service);
    /// @notice The pool would hold `needed`, more than may count beside the provider's own stake.
    error StakeVaultDelegationAboveCap(address provider, address service, uint256 cap, uint256 needed);
    /// @notice The price of shares left the range in which `amount` could be delegated fairly: somebody made one share
    /// worth more than a millionth of the amount, or a slash left next to nothing.
    error StakeVaultUnfairPrice(address provider, address service, uint256 amount);
    /// @notice Fewer shares are held, thawing ones apart, than asked.
    error StakeVaultInsufficientShares(
        address delegator,
        address provider,
        address service,
        uint256 shares,
        uint256 needed
    );
    /// @notice The thaw of the delegator's shares ends at `until`.
    error StakeVaultDelegationThawing(address delegator, address provider, address service, uint256 until);
    /// @notice The delegator has nothing to withdraw now: nothing thaws, or all of it backs open jobs.
    error StakeVaultNoDelegation(address delegator, address provider, address service);
    /// @notice The pool has no shares that rewards could be for.
    error StakeVaultNoDelegators(address provider, address service);

    /// @notice Moves `amount` LAT (wei) of the caller into the pool of `provider`. Needs an allowance.
    /// @dev The caller trusts the service and its modules with this stake as the provider does.
    /// @return shares Shares of the pool that the caller got.
    function delegate(address provider, address service, uint96 amount) external returns (uint256 shares);

    /// @notice Starts to thaw `shares` of the caller. Adding to a running thaw restarts its clock.
    /// @dev Never refused for what the shares back: open jobs close within the thaw. The shares stay in the pool, at the
    /// same price as all others, until they are withdrawn.
    function undelegate(address provider, address service, uint128 shares) external;

    /// @notice Redeems the caller's thawed shares at their present price, as far as their LAT backs no open job. Never
    /// paused.
    /// @return amount LAT (wei) paid to the caller.
    function withdrawDelegated(address provider, address service) external returns (uint256 amount);

    /// @notice Adds `amount` LAT of the caller to the pool, for all its shares. Anyone may. Needs an allowance.
    /// @dev Does not tell the service: weights follow with the next change, or by its `syncWeight`.
    function addRewards(address provider, address service, uint96 amount) external;

    /// @notice Called by a service: opens or closes a provider's pool to new delegations.
    function setDelegationOpen(address provider, bool open) external;

    /// @notice The pool behind `provider`.
    function delegationPoolOf(address provider, address service) external view returns (DelegationPool memory);

    /// @notice What `delegator` holds of the present pool behind `provider`.
    function delegationOf(
        address delegator,
        address provider,
        address service
    ) external view returns (Delegation memory);

    /// @notice LAT (wei) that `shares` would redeem for now, rounded down.
    function delegatedTokens(address provider, address service, uint256 shares) external view returns (uint256);

    /// @notice Shares that `delegator` held at the end of `timestamp` in the pool of `generation`.
    /// @dev Final once `timestamp` has passed.
    function sharesAt(
        address delegator,
        address provider,
        address service,
        uint256 generation,
        uint256 timestamp
    ) external view returns (uint256);

    /// @notice All shares at the end of `timestamp` in the pool of `generation`: the sum of its delegators'. The
    /// history of a pool that a slash emptied stays as it was before.
    function totalSharesAt(
        address provider,
        address service,
        uint256 generation,
        uint256 timestamp
    ) external view returns (uint256);

    /// @notice Stake that neither thaws nor exceeds the delegation cap, whatever jobs it backs: what draws count.
    /// @return own LAT (wei) of the provider.
    /// @return delegated LAT (wei) of its delegators, at most DELEGATION_RATIO × own.
    function activeStake(address provider, address service) external view returns (uint256 own, uint256 delegated);
}
