// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IFeeTreasury: protocol fees in; a share burns, a share rewards the beacon, the rest is governed
interface IFeeTreasury {
    /// @notice `amount` of earned fees came in from the escrow; of it `burned` was burned (only LAT ever is) and
    /// `rewarded` went to the beacon's leaders.
    event TreasuryCollected(address indexed token, uint256 amount, uint256 burned, uint256 rewarded);
    /// @notice Governance spent `amount`.
    event TreasurySpent(address indexed token, address indexed to, uint256 amount);

    /// @notice The escrow holds no fees in this token.
    error FeeTreasuryNothingToCollect(address token);
    /// @notice Less is accounted than asked.
    error FeeTreasuryInsufficientFunds(address token, uint256 available, uint256 needed);
    /// @notice The recipient is the zero address.
    error FeeTreasuryZeroRecipient();

    /// @notice Draws all earned fees in `token` from the escrow and shares them at once: by the current parameters a
    /// share burns (LAT only) and a share rewards the beacon, both rounded down; the rest is the treasury's. Anyone may
    /// call.
    /// @return amount All that arrived.
    function collect(address token) external returns (uint256 amount);

    /// @notice Pays `amount` to `to`. Restricted to the timelock.
    function spend(address token, address to, uint256 amount) external;

    /// @notice Fees collected in `token` less burned, less rewarded, less spent.
    function available(address token) external view returns (uint256);
}
