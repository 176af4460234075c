// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title Model: one immutable version of a published model

/// @param artifactDigest SHA-256 of the ONNX file (the multihash digest of its CIDv1, raw codec).
/// @param programRoot Commitment of the integer graph: operators, tensor ids, shapes, integer parameters.
/// @param weightsRoot Commitment of the weights.
/// @param quantisationDigest SHA-256 of the quantisation profile (JSON: scales, zero points, accuracy).
/// @param royaltyRecipient Receives the royalty of every settled job.
/// @param royaltyPpm Royalty, millionths of the price; at most MaxRoyaltyPpm when published.
/// @param verifierSelector Entry of VerifierRouter that checks this version's proofs; zero when no tier needs one.
/// @param tiers Bit mask of supported tiers: bit i is Tier(i).
/// @param attestedClass Class of AttestationGate that a provider must hold to be assigned; zero when none is required.
struct ModelVersion {
    bytes32 artifactDigest;
    bytes32 programRoot;
    bytes32 weightsRoot;
    bytes32 quantisationDigest;
    address royaltyRecipient;
    uint32 royaltyPpm;
    bytes4 verifierSelector;
    uint8 tiers;
    uint16 attestedClass;
}

/// @notice What JobMarket reads of a model version, in one slot.
struct ModelTerms {
    address royaltyRecipient;
    uint32 royaltyPpm;
    bytes4 verifierSelector;
    uint8 tiers;
    bool retired;
    uint16 attestedClass;
}
