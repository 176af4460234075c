// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AttestedCapabilities, ClassRequirements, HeldAttestation} from "../types/AttestationTypes.sol";

/// @title IAttestationGate: which providers hold which attested class of capabilities
/// @notice Attestors that governance trusts say in the Ethereum Attestation Service (EAS) what a provider's machine has.
/// A provider presents such an attestation for a class; a model may ask for a class. An attestation is the word of its
/// attestor and no proof.
/// @dev Assignment reads what was presented and never EAS, so a revocation counts once someone reports it; anyone may.
interface IAttestationGate {
    /// @notice `attestor` is trusted, or no longer.
    event AttestorSet(address indexed attestor, bool trusted);
    /// @notice The class can be held from now on.
    event ClassDefined(uint16 indexed classId, ClassRequirements requirements);
    /// @notice `provider` holds `classId` until `expiresAt` (Unix seconds).
    event AttestationPresented(
        address indexed provider,
        uint16 indexed classId,
        bytes32 indexed uid,
        address attestor,
        uint64 expiresAt
    );
    /// @notice `provider` no longer holds `classId`: the attestation was revoked, or its attestor is no longer trusted.
    event AttestationRemoved(address indexed provider, uint16 indexed classId, bytes32 indexed uid, bool revoked);

    /// @notice Classes are numbered from 1: zero stands for none.
    error AttestationGateInvalidClass(uint16 classId);
    /// @notice The class is defined, and never changes.
    error AttestationGateClassDefined(uint16 classId);
    /// @notice A class asks for something.
    error AttestationGateEmptyClass(uint16 classId);
    /// @notice No such class.
    error AttestationGateUnknownClass(uint16 classId);
    /// @notice Only registered providers present attestations.
    error AttestationGateNotRegistered(address provider);
    /// @notice EAS has no attestation of this id.
    error AttestationGateUnknownAttestation(bytes32 uid);
    /// @notice The attestation follows another schema.
    error AttestationGateWrongSchema(bytes32 uid, bytes32 schema);
    /// @notice The attestation is about someone else.
    error AttestationGateWrongRecipient(bytes32 uid, address recipient);
    /// @notice Its attestor is not trusted.
    error AttestationGateUntrustedAttestor(bytes32 uid, address attestor);
    /// @notice The attestation was revoked at `revokedAt` (Unix seconds).
    error AttestationGateRevoked(bytes32 uid, uint64 revokedAt);
    /// @notice Its attestor could never take it back.
    error AttestationGateIrrevocable(bytes32 uid);
    /// @notice The attestation ended at `expiresAt` (Unix seconds), or never ends when that is zero.
    error AttestationGateInvalidExpiry(bytes32 uid, uint64 expiresAt);
    /// @notice The data are not what the schema says.
    error AttestationGateMalformedData(bytes32 uid, uint256 length);
    /// @notice The attested machine lacks something that the class asks for.
    error AttestationGateBelowClass(bytes32 uid, uint16 classId);
    /// @notice The provider presented nothing for this class.
    error AttestationGateNothingPresented(address provider, uint16 classId);
    /// @notice The attestation was not revoked while it counted, and its attestor is trusted.
    error AttestationGateStillCounts(address provider, uint16 classId, bytes32 uid);

    /// @notice Trusts an attestor, or no longer. Restricted to the timelock.
    /// @dev What a distrusted attestor attested stops counting at once, and counts again if the attestor is trusted again
    /// before it was removed.
    function setAttestor(address attestor, bool trusted) external;

    /// @notice Defines a class, for good. Restricted to the timelock.
    function defineClass(uint16 classId, ClassRequirements calldata requirements) external;

    /// @notice Presents an attestation of the caller's machine for a class; replaces what was presented before.
    /// @dev Reverts while the attestation presented before is revoked and nobody reported it: that comes first.
    function present(uint16 classId, bytes32 uid) external;

    /// @notice Takes the class from `provider` when its attestation was revoked, which also jails it, or when its attestor
    /// is no longer trusted, which does not. Anyone may call.
    function reportRevoked(address provider, uint16 classId) external;

    /// @notice True when `provider` holds `classId` now: presented, neither expired nor reported revoked. Class zero asks
    /// for nothing and is held by everyone.
    function holds(address provider, uint16 classId) external view returns (bool);

    /// @notice What `provider` presented for `classId`; zero when nothing, or when it was removed.
    function heldOf(address provider, uint16 classId) external view returns (HeldAttestation memory);

    /// @notice What the attestation says by which `provider` holds `classId`, read from EAS; zero when it presented none.
    /// @dev Attested is not proven, and `holds` says whether it still counts.
    function attestedOf(address provider, uint16 classId) external view returns (AttestedCapabilities memory);

    /// @notice What a class asks for; zero when it is not defined.
    function classOf(uint16 classId) external view returns (ClassRequirements memory);

    /// @notice Whether governance trusts `attestor`.
    function isTrusted(address attestor) external view returns (bool);

    /// @notice Fields of an attestation's data, as registered with EAS.
    function schema() external pure returns (string memory);

    /// @notice Id of that schema: no resolver, revocable.
    function schemaUid() external pure returns (bytes32);
}
