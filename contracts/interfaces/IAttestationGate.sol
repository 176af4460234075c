// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IAttestationGate: which providers hold which attested class of capabilities
interface IAttestationGate {
    /// @notice True when `provider` holds `classId` now: presented, neither expired nor reported revoked. Class zero asks
    /// for nothing and is held by everyone.
    function holds(address provider, uint16 classId) external view returns (bool);
}
