// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IAttestationGate} from "../interfaces/IAttestationGate.sol";
import {IEAS} from "../interfaces/IEAS.sol";
import {IProviderRegistry} from "../interfaces/IProviderRegistry.sol";
import {AttestedCapabilities, ClassRequirements, HeldAttestation} from "../types/AttestationTypes.sol";

/// @title AttestationGate: which providers hold which attested class of capabilities
/// @notice See IAttestationGate.
/// @dev Holds no funds. It may jail providers in the registry, and does so only for an attestation that EAS says is
/// revoked; it can neither slash nor free. Attestors are trusted to tell the truth: all it checks is who said what.
contract AttestationGate is IAttestationGate, AccessManagedUpgradeable, UUPSUpgradeable {
    string private constant SCHEMA =
        "uint16 accelerator,uint16 executionProviders,uint32 memoryMiB,uint64 maxTensorBytes,uint8 tiers,bytes32 evidence";

    /// @dev EAS: keccak256 of schema, resolver (none) and whether attestations may be revoked (yes).
    bytes32 private constant SCHEMA_UID = keccak256(abi.encodePacked(SCHEMA, address(0), true));

    /// @dev One word for each field of the schema.
    uint256 private constant DATA_BYTES = 6 * 32;

    IEAS public immutable EAS;
    IProviderRegistry public immutable REGISTRY;

    /// @custom:storage-location erc7201:lattice.storage.AttestationGate
    struct GateStorage {
        mapping(address attestor => bool) trusted;
        mapping(uint16 classId => ClassRequirements) classes;
        mapping(address provider => mapping(uint16 classId => HeldAttestation)) held;
        mapping(bytes32 uid => bool) jailedFor;
    }

    // keccak256(abi.encode(uint256(keccak256("lattice.storage.AttestationGate")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_SLOT = 0x4a609d88f76a0538658cc8c8d4dd683c6bc26fa8e7d689782d4aa2fe66c78b00;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IEAS eas, IProviderRegistry registry) {
        EAS = eas;
        REGISTRY = registry;
        _disableInitializers();
    }

    /// @param accessManager Holder of every role.
    /// @param attestors Trusted from the start.
    /// @param classes Requirements of the classes from 1 on.
    function initialize(
        address accessManager,
        address[] calldata attestors,
        ClassRequirements[] calldata classes
    ) external initializer {
        __AccessManaged_init(accessManager);
        for (uint256 i = 0; i < attestors.length; ++i) _setAttestor(attestors[i], true);
        // Fits: the calldata of a transaction cannot hold 65 536 classes.
        for (uint256 i = 0; i < classes.length; ++i) _defineClass(uint16(i + 1), classes[i]);
    }

    // Governance

    /// @inheritdoc IAttestationGate
    function setAttestor(address attestor, bool trusted) external restricted {
        _setAttestor(attestor, trusted);
    }

    /// @inheritdoc IAttestationGate
    function defineClass(uint16 classId, ClassRequirements calldata requirements) external restricted {
        _defineClass(classId, requirements);
    }

    // Providers

    /// @inheritdoc IAttestationGate
    function present(uint16 classId, bytes32 uid) external {
        GateStorage storage $ = _storage();
        ClassRequirements memory requirements = $.classes[classId];
        if (_isEmpty(requirements)) revert AttestationGateUnknownClass(classId);
        if (REGISTRY.blsKeyHashOf(msg.sender) == 0) revert AttestationGateNotRegistered(msg.sender);
        HeldAttestation storage held = $.held[msg.sender][classId];
        _requireNotRevoked(held);

        IEAS.Attestation memory attestation = EAS.getAttestation(uid);
        _requireCounts(uid, attestation);
        if (!_meets(_decode(uid, attestation.data), requirements)) revert AttestationGateBelowClass(uid, classId);
        held.attestor = attestation.attester;
        held.expiresAt = attestation.expirationTime;
        held.uid = uid;
        emit AttestationPresented(msg.sender, classId, uid, attestation.attester, attestation.expirationTime);
    }

    // Anyone

    /// @inheritdoc IAttestationGate
    function reportRevoked(address provider, uint16 classId) external {
        GateStorage storage $ = _storage();
        HeldAttestation memory held = $.held[provider][classId];
        if (held.expiresAt == 0) revert AttestationGateNothingPresented(provider, classId);
        // What a distrusted attestor revokes jails nobody.
        bool revoked = $.trusted[held.attestor] && _isRevoked(EAS.getAttestation(held.uid).revocationTime, held);
        if (!revoked && $.trusted[held.attestor]) revert AttestationGateStillCounts(provider, classId, held.uid);

        delete $.held[provider][classId];
        emit AttestationRemoved(provider, classId, held.uid, revoked);
        // One attestation may give several classes; governance frees a provider once.
        if (!revoked || $.jailedFor[held.uid]) return;
        $.jailedFor[held.uid] = true;
        REGISTRY.setJailed(provider, true);
    }

    // Views

    /// @inheritdoc IAttestationGate
    function holds(address provider, uint16 classId) external view returns (bool) {
        if (classId == 0) return true;
        GateStorage storage $ = _storage();
        HeldAttestation storage held = $.held[provider][classId];
        return held.expiresAt > block.timestamp && $.trusted[held.attestor];
    }

    /// @inheritdoc IAttestationGate
    function heldOf(address provider, uint16 classId) external view returns (HeldAttestation memory) {
        return _storage().held[provider][classId];
    }

    /// @inheritdoc IAttestationGate
    function attestedOf(address provider, uint16 classId) external view returns (AttestedCapabilities memory attested) {
        bytes32 uid = _storage().held[provider][classId].uid;
        if (uid != 0) attested = _decode(uid, EAS.getAttestation(uid).data);
    }

    /// @inheritdoc IAttestationGate
    function classOf(uint16 classId) external view returns (ClassRequirements memory) {
        return _storage().classes[classId];
    }

    /// @inheritdoc IAttestationGate
    function isTrusted(address attestor) external view returns (bool) {
        return _storage().trusted[attestor];
    }

    /// @inheritdoc IAttestationGate
    function schema() external pure returns (string memory) {
        return SCHEMA;
    }

    /// @inheritdoc IAttestationGate
    function schemaUid() external pure returns (bytes32) {
        return SCHEMA_UID;
    }

    // Internals

    function _setAttestor(address attestor, bool trusted) private {
        _storage().trusted[attestor] = trusted;
        emit AttestorSet(attestor, trusted);
    }

    function _defineClass(uint16 classId, ClassRequirements calldata requirements) private {
        if (classId == 0) revert AttestationGateInvalidClass(classId);
        if (_isEmpty(requirements)) revert AttestationGateEmptyClass(classId);
        GateStorage storage $ = _storage();
        if (!_isEmpty($.classes[classId])) revert AttestationGateClassDefined(classId);
        $.classes[classId] = requirements;
        emit ClassDefined(classId, requirements);
    }

    /// @dev A provider cannot put a fresh attestation in the place of a revoked one before it is jailed for that.
    function _requireNotRevoked(HeldAttestation memory held) private view {
        if (held.expiresAt == 0 || !_storage().trusted[held.attestor]) return;
        uint64 revokedAt = EAS.getAttestation(held.uid).revocationTime;
        if (_isRevoked(revokedAt, held)) revert AttestationGateRevoked(held.uid, revokedAt);
    }

    /// @dev EAS lets attestors revoke what ended long ago: that takes nothing back.
    function _isRevoked(uint64 revokedAt, HeldAttestation memory held) private pure returns (bool) {
        return revokedAt != 0 && revokedAt < held.expiresAt;
    }

    /// @dev The caller's attestation by a trusted attestor, in our schema, in force.
    function _requireCounts(bytes32 uid, IEAS.Attestation memory attestation) private view {
        if (attestation.uid == 0) revert AttestationGateUnknownAttestation(uid);
        if (attestation.schema != SCHEMA_UID) revert AttestationGateWrongSchema(uid, attestation.schema);
        if (attestation.recipient != msg.sender) revert AttestationGateWrongRecipient(uid, attestation.recipient);
        if (!_storage().trusted[attestation.attester]) {
            revert AttestationGateUntrustedAttestor(uid, attestation.attester);
        }
        if (attestation.revocationTime != 0) revert AttestationGateRevoked(uid, attestation.revocationTime);
        if (!attestation.revocable) revert AttestationGateIrrevocable(uid);
        // Zero, which means never in EAS, lies in the past too.
        if (attestation.expirationTime <= block.timestamp) {
            revert AttestationGateInvalidExpiry(uid, attestation.expirationTime);
        }
    }

    /// @dev EAS takes any bytes as data. They are bounded before they are read, and a word too wide for its field is
    /// refused rather than cut.
    function _decode(bytes32 uid, bytes memory data) private pure returns (AttestedCapabilities memory) {
        if (data.length != DATA_BYTES) revert AttestationGateMalformedData(uid, data.length);
        uint256[6] memory words = abi.decode(data, (uint256[6]));
        if (
            words[0] > type(uint16).max ||
            words[1] > type(uint16).max ||
            words[2] > type(uint32).max ||
            words[3] > type(uint64).max ||
            words[4] > type(uint8).max
        ) revert AttestationGateMalformedData(uid, data.length);
        return abi.decode(data, (AttestedCapabilities));
    }

    function _meets(AttestedCapabilities memory attested, ClassRequirements memory needed) private pure returns (bool) {
        return
            _sharesBit(attested.accelerator, needed.accelerator) &&
            _sharesBit(attested.executionProviders, needed.executionProviders) &&
            attested.memoryMiB >= needed.memoryMiB &&
            attested.maxTensorBytes >= needed.maxTensorBytes &&
            needed.tiers & ~attested.tiers == 0;
    }

    function _sharesBit(uint16 attested, uint16 needed) private pure returns (bool) {
        return needed == 0 || attested & needed != 0;
    }

    /// @dev Classes that ask for nothing are never defined, so this also tells which are.
    function _isEmpty(ClassRequirements memory requirements) private pure returns (bool) {
        return
            requirements.accelerator == 0 &&
            requirements.executionProviders == 0 &&
            requirements.memoryMiB == 0 &&
            requirements.maxTensorBytes == 0 &&
            requirements.tiers == 0;
    }

    function _storage() private pure returns (GateStorage storage $) {
        assembly ("memory-safe") {
            $.slot := STORAGE_SLOT
        }
    }

    /// @dev Restricted to the timelock.
    function _authorizeUpgrade(address) internal override restricted {}
}
