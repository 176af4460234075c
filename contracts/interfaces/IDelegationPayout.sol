// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IDelegationPayout: shares one provider's earnings with its delegators
/// @notice Of what the provider earned it keeps its cut; the rest is divided by stake between the provider's own and
/// its delegators'. Delegators' LAT goes into their pool and raises the price of their shares. Other tokens are
/// claimed, each by who held shares just before they were distributed.
interface IDelegationPayout {
    /// @notice `amount` of `token` was distributed: `toPool` to the delegators, the rest to the provider.
    event EarningsDistributed(address indexed token, uint256 amount, uint256 toPool);
    /// @notice `amount` of `token` could not be sent to the provider's `payout`; it stays owed.
    event ProviderPartKept(address indexed token, address indexed payout, uint256 amount);
    /// @notice `delegator` received `amount` of `token`, its part of all distributions before number `next`.
    event DelegatorPaid(address indexed delegator, address indexed token, uint256 amount, uint256 next);

    /// @notice There is nothing new of this token.
    error DelegationPayoutNothingToDistribute(address token);
    /// @notice The delegator has been paid for all distributions up to number `next`.
    error DelegationPayoutNothingToClaim(address delegator, address token, uint256 next);

    /// @notice Takes the earnings in `token` out of escrow and shares them. Anyone may call, at any time.
    /// @dev The distribution uses the cut and the stakes of now; who calls often leaves little for a change of either
    /// to move.
    /// @return toPool What delegators got of it.
    function distribute(address token) external returns (uint256 toPool);

    /// @notice Pays the caller its part of up to `count` distributions of `token`, from number `from` on or from where
    /// it claimed last if that is later. What lies before is given up: whoever began to delegate late skips it.
    /// @return amount Paid, in the token's smallest unit.
    function claim(address token, uint256 from, uint256 count) external returns (uint256 amount);

    /// @notice What the same `claim` of `delegator` would pay now.
    function claimable(
        address delegator,
        address token,
        uint256 from,
        uint256 count
    ) external view returns (uint256 amount);

    /// @notice Distributions of `token` that are claimed, not pooled.
    function distributionCount(address token) external view returns (uint256);

    /// @notice Number of the first distribution of `token` that `delegator` has not claimed.
    function nextClaimOf(address delegator, address token) external view returns (uint256);

    /// @notice The provider's part that could not be sent yet. It goes along with the next distribution.
    function owedToProvider(address token) external view returns (uint256);

    /// @notice The provider whose earnings these are.
    function earner() external view returns (address);

    /// @notice The registry that knows the provider's terms; also the service of its stake.
    function registry() external view returns (address);
}
