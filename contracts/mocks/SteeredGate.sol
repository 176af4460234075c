// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title SteeredGate: a gate whose classes the test hands out
contract SteeredGate {
    mapping(address provider => mapping(uint16 classId => bool)) private _holds;

    function set(address provider, uint16 classId, bool held) external {
        _holds[provider][classId] = held;
    }

    /// @notice As IAttestationGate, of which this is the one view that markets ask.
    function holds(address provider, uint16 classId) external view returns (bool) {
        return classId == 0 || _holds[provider][classId];
    }
}
