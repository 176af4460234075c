// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ModelTerms, ModelVersion} from "../types/Model.sol";

/// @title IModelRegistry: immutable versions of published models
interface IModelRegistry {
    /// @notice `publisher` published `versionId`, readable as `uri`.
    event ModelPublished(bytes32 indexed versionId, address indexed publisher, ModelVersion version, string uri);
    /// @notice No new orders for `versionId`; open ones go on.
    event ModelRetired(bytes32 indexed versionId);

    /// @notice The version exists already.
    error ModelRegistryAlreadyPublished(bytes32 versionId);
    /// @notice The version does not exist.
    error ModelRegistryUnknownVersion(bytes32 versionId);
    /// @notice Only the publisher may do this.
    error ModelRegistryNotPublisher(bytes32 versionId, address caller);
    /// @notice The version is retired already.
    error ModelRegistryAlreadyRetired(bytes32 versionId);
    /// @notice No tier, or one that the protocol does not know.
    error ModelRegistryInvalidTiers(uint8 tiers);
    /// @notice The royalty is above the governed most.
    error ModelRegistryRoyaltyTooHigh(uint256 royaltyPpm, uint256 maxPpm);
    /// @notice A royalty needs a recipient.
    error ModelRegistryZeroRoyaltyRecipient();
    /// @notice A commitment is missing.
    error ModelRegistryMissingCommitment(bytes32 artifactDigest, bytes32 programRoot, bytes32 weightsRoot);
    /// @notice Tier Zk needs a verifier that is registered and not stopped.
    error ModelRegistryVerifierUnavailable(bytes4 verifierSelector);
    /// @notice The URI is empty or longer than `max` bytes.
    error ModelRegistryInvalidUri(uint256 length, uint256 max);

    /// @notice Publishes an immutable version.
    /// @param uri Where the artifact can be read, 1 to 256 bytes; the digest decides, not the URI.
    /// @return versionId keccak256 of chain, registry, publisher and version.
    function publish(ModelVersion calldata version, string calldata uri) external returns (bytes32 versionId);

    /// @notice Ends new orders for the caller's version.
    function retire(bytes32 versionId) external;

    /// @notice The version as published.
    function versionOf(bytes32 versionId) external view returns (ModelVersion memory);

    /// @notice Publisher of the version; zero when unknown.
    function publisherOf(bytes32 versionId) external view returns (address);

    /// @notice What a market needs; reverts when unknown.
    function termsOf(bytes32 versionId) external view returns (ModelTerms memory);

    /// @notice What a dispute holds a result against; reverts when unknown. The selector is zero unless the version supports tier
    /// Zk: only there do providers check that the verifier is this program's.
    function commitmentsOf(
        bytes32 versionId
    ) external view returns (bytes32 programRoot, bytes32 weightsRoot, bytes4 verifierSelector);

    /// @notice Id that `publish` would return.
    function versionIdOf(address publisher, ModelVersion calldata version) external view returns (bytes32);
}
