// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title Order: what a requester asks for, and the bounds it accepts
/// @notice The order's EIP-712 struct hash identifies its terms. A job stores only that hash; every later call
/// passes the order again and is checked against it, which keeps a job in four storage slots.

/// @notice How a result is checked before it is paid. A model version lists the tiers it supports.
/// @dev Values are appended, never reordered: model versions store them as a bit mask.
enum Tier {
    /// A result is paid only after a valid zero-knowledge proof.
    Zk
}

/// @notice How the provider of a job is chosen.
enum AssignmentMode {
    /// Drawn by stake from the model's pool with a beacon seed that did not exist when the order was posted.
    Draw,
    /// Named by the requester; the provider must accept.
    Direct
}

/// @param requester Pays the price and owns the result.
/// @param modelVersion Id of a published model version (ModelRegistry).
/// @param inputCommitment Commitment of the input tensor; for tier Zk the Poseidon commitment, below the field order.
/// @param inputDigest SHA-256 of the input artifact's bytes (the multihash digest of its CIDv1, raw codec).
/// @param paymentToken ERC-20 in which price and refund are paid.
/// @param maxPrice Most the requester pays, all legs included, in the token's smallest unit. Locked when posted.
/// @param collateral LAT (wei) that the provider locks for the job; at least the governed floor of the tier.
/// @param tier Verification tier.
/// @param mode Assignment mode.
/// @param provider The named provider in mode Direct; zero in mode Draw.
/// @param assignSeconds From posting until an unassigned job can be refunded.
/// @param commitSeconds From assignment until the provider must have committed a result.
/// @param proveSeconds From the commitment until the provider must have proved it.
struct Order {
    address requester;
    bytes32 modelVersion;
    bytes32 inputCommitment;
    bytes32 inputDigest;
    address paymentToken;
    uint96 maxPrice;
    uint96 collateral;
    Tier tier;
    AssignmentMode mode;
    address provider;
    uint32 assignSeconds;
    uint32 commitSeconds;
    uint32 proveSeconds;
}
