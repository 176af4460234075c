// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IDisputedLane: what lanes of bonded results have in common
/// @notice Their results can be called into question in the dispute game. While one is, its lane settles nothing of it; and
/// the game alone has the lane take collateral for it.
interface IDisputedLane {
    /// @notice The result is in question: what is held under `hold` does not move on before the dispute is over.
    error DisputedLaneHeld(bytes32 hold);
    /// @notice Only the dispute game may do this.
    error DisputedLaneNotGame(address caller);
}
