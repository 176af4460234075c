// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IBeaconRewards: pays leaders for the seeds that they revealed
interface IBeaconRewards {
    /// @notice `leader` was paid `amount` of `token`, to its payout address `to`, for having begun `epoch`.
    event BeaconRewardPaid(
        uint256 indexed epoch,
        address indexed leader,
        address indexed token,
        address to,
        uint256 amount
    );

    /// @notice No leader began the epoch, or it is too long ago.
    error BeaconRewardsNoLeader(uint256 epoch);
    /// @notice The epoch's leader has been paid in this token.
    error BeaconRewardsAlreadyPaid(uint256 epoch, address token);
    /// @notice The share of what is held rounds down to nothing.
    error BeaconRewardsNothingToPay(address token, uint256 held);

    /// @notice Pays the leader that began `epoch` its share of the `token` held now, rounded down. Anyone may call, once
    /// for each epoch and token, as long as the beacon remembers the leader.
    function claim(uint256 epoch, address token) external returns (uint256 amount);

    /// @notice True when the leader of `epoch` has been paid in `token`.
    function isPaid(uint256 epoch, address token) external view returns (bool);
}
