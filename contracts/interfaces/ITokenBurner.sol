// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title ITokenBurner: the escrow account whose LAT can only be burned
interface ITokenBurner {
    /// @notice `amount` LAT (wei) was taken from the escrow and burned.
    event FeesBurned(uint256 amount);

    /// @notice Nothing waits to be burned.
    error TokenBurnerNothingToBurn();

    /// @notice Burns all LAT earned by this account in the escrow. Anyone may call.
    function burn() external returns (uint256 amount);
}
