// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title ILatticeToken: what the protocol needs of LAT beyond ERC-20
interface ILatticeToken is IERC20 {
    /// @notice The supply does not fit the 96 bits in which stakes and collaterals are stored.
    error LatticeTokenSupplyTooLarge(uint256 supply, uint256 max);

    /// @notice Destroys `value` of the caller's tokens.
    function burn(uint256 value) external;
}
