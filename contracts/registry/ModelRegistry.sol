// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IProtocolParameters} from "../interfaces/IProtocolParameters.sol";
import {IVerifierRouter} from "../interfaces/IVerifierRouter.sol";
import {ModelTerms, ModelVersion} from "../types/Model.sol";
import {Tier} from "../types/Order.sol";
import {Parameter} from "../types/Parameter.sol";

/// @title ModelRegistry: immutable versions of published models
/// @notice See IModelRegistry.
/// @dev Holds no funds, and has no owner, no role and no upgrade: nothing of a version ever changes but that its
/// publisher may retire it, and no governance can make that untrue.
contract ModelRegistry is IModelRegistry {
    /// @notice Longest URI, bytes.
    uint256 public constant MAX_URI_BYTES = 256;

    /// @dev Bit i is set when Tier(i) exists.
    uint8 private constant KNOWN_TIERS = uint8((2 << uint8(type(Tier).max)) - 1);
    uint8 private constant ZK_TIER = uint8(1 << uint8(Tier.Zk));

    IProtocolParameters public immutable PARAMETERS;
    IVerifierRouter public immutable ROUTER;

    /// @param terms What markets read, in one slot.
    struct Record {
        ModelTerms terms;
        address publisher;
        bytes32 artifactDigest;
        bytes32 programRoot;
        bytes32 weightsRoot;
        bytes32 quantisationDigest;
    }

    mapping(bytes32 versionId => Record record) private _records;

    constructor(IProtocolParameters parameters, IVerifierRouter router) {
        PARAMETERS = parameters;
        ROUTER = router;
    }

    // Publishing

    /// @inheritdoc IModelRegistry
    function publish(ModelVersion calldata version, string calldata uri) external returns (bytes32 versionId) {
        _requirePublishable(version);
        uint256 uriBytes = bytes(uri).length;
        if (uriBytes == 0 || uriBytes > MAX_URI_BYTES) revert ModelRegistryInvalidUri(uriBytes, MAX_URI_BYTES);

        versionId = versionIdOf(msg.sender, version);
        Record storage record = _records[versionId];
        if (record.publisher != address(0)) revert ModelRegistryAlreadyPublished(versionId);
        record.terms = ModelTerms({
            royaltyRecipient: version.royaltyRecipient,
            royaltyPpm: version.royaltyPpm,
            verifierSelector: version.verifierSelector,
            tiers: version.tiers,
            retired: false,
            attestedClass: version.attestedClass
        });
        record.publisher = msg.sender;
        record.artifactDigest = version.artifactDigest;
        record.programRoot = version.programRoot;
        record.weightsRoot = version.weightsRoot;
        record.quantisationDigest = version.quantisationDigest;
        emit ModelPublished(versionId, msg.sender, version, uri);
    }

    /// @inheritdoc IModelRegistry
    function retire(bytes32 versionId) external {
        Record storage record = _knownRecord(versionId);
        if (record.publisher != msg.sender) revert ModelRegistryNotPublisher(versionId, msg.sender);
        if (record.terms.retired) revert ModelRegistryAlreadyRetired(versionId);
        record.terms.retired = true;
        emit ModelRetired(versionId);
    }

    // Views

    /// @inheritdoc IModelRegistry
    function versionOf(bytes32 versionId) external view returns (ModelVersion memory) {
        Record storage record = _knownRecord(versionId);
        ModelTerms memory terms = record.terms;
        return
            ModelVersion({
                artifactDigest: record.artifactDigest,
                programRoot: record.programRoot,
                weightsRoot: record.weightsRoot,
                quantisationDigest: record.quantisationDigest,
                royaltyRecipient: terms.royaltyRecipient,
                royaltyPpm: terms.royaltyPpm,
                verifierSelector: terms.verifierSelector,
                tiers: terms.tiers,
                attestedClass: terms.attestedClass
            });
    }

    /// @inheritdoc IModelRegistry
    function publisherOf(bytes32 versionId) external view returns (address) {
        return _records[versionId].publisher;
    }

    /// @inheritdoc IModelRegistry
    function termsOf(bytes32 versionId) external view returns (ModelTerms memory terms) {
        terms = _records[versionId].terms;
        // A published version supports at least one tier.
        if (terms.tiers == 0) revert ModelRegistryUnknownVersion(versionId);
    }

    /// @inheritdoc IModelRegistry
    function commitmentsOf(
        bytes32 versionId
    ) external view returns (bytes32 programRoot, bytes32 weightsRoot, bytes4 verifierSelector) {
        Record storage record = _records[versionId];
        programRoot = record.programRoot;
        // No version is published without.
        if (programRoot == 0) revert ModelRegistryUnknownVersion(versionId);
        // Providers check a verifier against the program where they offer tier Zk; elsewhere it could be any model's.
        if (record.terms.tiers & ZK_TIER != 0) verifierSelector = record.terms.verifierSelector;
        weightsRoot = record.weightsRoot;
    }

    /// @inheritdoc IModelRegistry
    function versionIdOf(address publisher, ModelVersion calldata version) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), publisher, version));
    }

    // Internals

    function _requirePublishable(ModelVersion calldata version) private view {
        if (version.tiers == 0 || version.tiers & ~KNOWN_TIERS != 0) {
            revert ModelRegistryInvalidTiers(version.tiers);
        }
        uint256 maxRoyaltyPpm = PARAMETERS.get(Parameter.MaxRoyaltyPpm);
        if (version.royaltyPpm > maxRoyaltyPpm) {
            revert ModelRegistryRoyaltyTooHigh(version.royaltyPpm, maxRoyaltyPpm);
        }
        if (version.royaltyPpm != 0 && version.royaltyRecipient == address(0)) {
            revert ModelRegistryZeroRoyaltyRecipient();
        }
        if (version.artifactDigest == 0 || version.programRoot == 0 || version.weightsRoot == 0) {
            revert ModelRegistryMissingCommitment(version.artifactDigest, version.programRoot, version.weightsRoot);
        }
        if (version.tiers & ZK_TIER != 0 && !ROUTER.isUsable(version.verifierSelector)) {
            revert ModelRegistryVerifierUnavailable(version.verifierSelector);
        }
    }

    function _knownRecord(bytes32 versionId) private view returns (Record storage record) {
        record = _records[versionId];
        if (record.publisher == address(0)) revert ModelRegistryUnknownVersion(versionId);
    }
}
