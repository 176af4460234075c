// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title TableGate: providers hold the classes that it was told
contract TableGate {
    mapping(address provider => mapping(uint16 classId => bool held)) private _held;

    /// @notice From now on `provider` holds `classId`, or no longer does.
    function set(address provider, uint16 classId, bool held) external {
        _held[provider][classId] = held;
    }

    /// @notice See IAttestationGate, of which markets need only this.
    function holds(address provider, uint16 classId) external view returns (bool) {
        return classId == 0 || _held[provider][classId];
    }
}
