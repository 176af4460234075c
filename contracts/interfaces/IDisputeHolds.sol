// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IDisputeHolds: what a market asks before it settles
interface IDisputeHolds {
    /// @notice True while a result under `hold` of `market` is in question: an inquiry or a demand is open, or a verdict is
    /// not carried out.
    function isHeld(address market, bytes32 hold) external view returns (bool);
}
