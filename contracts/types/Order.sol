// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title Order: what a requester asks for, and the bounds it accepts
/// @notice The order's EIP-712 struct hash identifies its terms. A job stores only that hash; every later call
/// passes the order again and is checked against it, which keeps a job in few storage slots.

/// @notice How a result is checked before it is paid. A model version lists the tiers it supports.
/// @dev Values are appended, never reordered: model versions store them as a bit mask.
enum Tier {
    /// A result is paid only after a valid zero-knowledge proof.
    Zk,
    /// A bonded result is paid once its challenge window passed. Integer graphs only.
    Optimistic,
    /// Several drawn providers commit, then reveal; the majority is paid.
    Quorum
}

/// @notice How the provider of a job is chosen.
/// @dev Values are appended, never reordered: they are part of signed orders.
enum AssignmentMode {
    /// Drawn by stake from the model's pool with a beacon seed that did not exist when the order was fixed.
    Draw,
    /// Named by the requester; the provider must accept.
    Direct,
    /// Drawn among bidders by stake and price, with a seed that did not exist when bidding closed.
    Auction
}

/// @param requester Owns the result and, unless there is a sponsor, pays.
/// @param sponsor Pays instead of the requester, within the allowance it gave it; zero when the requester pays.
/// @param nonce Tells apart orders that ask for the same, of which a market takes each once; signed, it also is the bit of
/// the requester's bitmap that the order uses up.
/// @param validUntil Unix seconds; from then on the order can be neither posted nor settled.
/// @param modelVersion Id of a published model version (ModelRegistry).
/// @param inputCommitment Commitment of the input tensor; for tier Zk the Poseidon commitment, below the field order.
/// @param inputDigest SHA-256 of the input artifact's bytes (the multihash digest of its CIDv1, raw codec).
/// @param paymentToken ERC-20 in which price and refund are paid.
/// @param maxPrice Most that is paid, all legs included, in the token's smallest unit. For tier Quorum, of each provider. A
/// posted order that names its provider names its price: it pays just this.
/// @param collateral LAT (wei) that each provider locks for the job; at least the governed floor of the tier.
/// @param tier Verification tier.
/// @param mode Assignment mode.
/// @param provider The named provider in mode Direct; zero in other modes.
/// @param epoch For signed orders in mode Draw: epoch whose committee the order belongs to, which begins after the
/// order was signed. Zero otherwise.
/// @param redundancy Providers drawn for tier Quorum; one in other tiers.
/// @param bidSeconds From posting until bidding closes; zero unless the mode is Auction.
/// @param assignSeconds From posting, or the close of bidding, until an unassigned job can be refunded.
/// @param commitSeconds From assignment until a provider must have committed a result.
/// @param proveSeconds From the commitment until the result must be proved (Zk) or revealed (Quorum); else zero.
/// @param challengeSeconds From the commitment until a bonded result is final (Optimistic); else zero.
struct Order {
    address requester;
    address sponsor;
    uint64 nonce;
    uint40 validUntil;
    bytes32 modelVersion;
    bytes32 inputCommitment;
    bytes32 inputDigest;
    address paymentToken;
    uint96 maxPrice;
    uint96 collateral;
    Tier tier;
    AssignmentMode mode;
    address provider;
    uint40 epoch;
    uint8 redundancy;
    uint32 bidSeconds;
    uint32 assignSeconds;
    uint32 commitSeconds;
    uint32 proveSeconds;
    uint32 challengeSeconds;
}
