// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IFeeTreasury: protocol fees in, governed spending out
interface IFeeTreasury {
    /// @notice `amount` of earned fees came in from the escrow.
    event TreasuryCollected(address indexed token, uint256 amount);
    /// @notice Governance spent `amount`.
    event TreasurySpent(address indexed token, address indexed to, uint256 amount);

    /// @notice The escrow holds no fees in this token.
    error FeeTreasuryNothingToCollect(address token);
    /// @notice Less is accounted than asked.
    error FeeTreasuryInsufficientFunds(address token, uint256 available, uint256 needed);
    /// @notice The recipient is the zero address.
    error FeeTreasuryZeroRecipient();

    /// @notice Draws all earned fees in `token` from the escrow. Anyone may call.
    function collect(address token) external returns (uint256 amount);

    /// @notice Pays `amount` to `to`. Restricted to the timelock.
    function spend(address token, address to, uint256 amount) external;

    /// @notice Fees collected in `token` and not yet spent.
    function available(address token) external view returns (uint256);
}
