// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IAttestationGate} from "../interfaces/IAttestationGate.sol";

/// @title SteeredGate: a gate whose classes the test hands out
contract SteeredGate is IAttestationGate {
    mapping(address provider => mapping(uint16 classId => bool)) private _holds;

    function set(address provider, uint16 classId, bool held) external {
        _holds[provider][classId] = held;
    }

    /// @inheritdoc IAttestationGate
    function holds(address provider, uint16 classId) external view returns (bool) {
        return classId == 0 || _holds[provider][classId];
    }
}
