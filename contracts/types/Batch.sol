// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AssignmentMode, Order} from "./Order.sol";

/// @title Batch: signed orders that one provider settles in one transaction
/// @notice Terms, requester and item together are the order: what orders of a batch share is said once. What none of them
/// states is fixed by the lane: the tier by the function that is called, the provider by the caller, one provider an
/// order, and no window but the challenge. Short members share words, which calldata and the loop over a batch's items
/// pay for.

/// @notice Who orders, and what all its orders of a batch have in common. One that orders on several conditions is
/// there several times.
/// @param payment Requester in the upper 160 bits, maximum price in the lower 96.
/// @param backing Sponsor in the upper 160 bits, collateral in the lower 96.
struct BatchRequester {
    uint256 payment;
    uint256 backing;
}

/// @param modelVersion Id of a published model version.
/// @param paymentToken ERC-20 in which the orders pay.
/// @param mode Draw or Direct.
/// @param epoch Epoch whose committee the orders belong to in mode Draw; zero in mode Direct.
/// @param requesters Whose orders these are; items name them by index.
struct BatchTerms {
    bytes32 modelVersion;
    address paymentToken;
    AssignmentMode mode;
    uint40 epoch;
    BatchRequester[] requesters;
}

/// @notice One order, its signature and its result.
/// @dev Every member is static, so items lie in calldata without offsets and lengths.
/// @param limits Index of the requester in 8 bits, nonce in 64, `validUntil` in 40, `challengeSeconds` in the lowest 32;
/// what lies above is not read.
/// @param outputCommitment For tier Zk the Poseidon commitment of the output; else the root of the output tensor.
/// @param outputDigest For tier Optimistic the root of the run's trace, which disputes open; for tier Zk the SHA-256 of
/// the output artifact.
/// @param r First word of the requester's compact signature (EIP-2098); zero when the requester is a contract that
/// judges its signatures itself (ERC-1271).
/// @param vs Second word; when `r` is zero, the index of the signature among those of the batch's wallets.
struct BatchItem {
    uint256 limits;
    bytes32 inputCommitment;
    bytes32 inputDigest;
    bytes32 outputCommitment;
    bytes32 outputDigest;
    bytes32 r;
    bytes32 vs;
}

/// @notice A bonded batch that waits for its challenge window to pass. The lane stores only that its hash is open.
/// @dev What each job is worth follows from it: a job costs `price`, is backed by its own order's collateral, and is
/// one leaf of `jobsRoot`. A batch out of which a job was taken is the same record with one less `count` and that job's
/// collateral less.
/// @param provider Who claimed.
/// @param token Payment token.
/// @param payout The provider's payout address when it claimed.
/// @param royaltyRecipient Of the model version.
/// @param price Of each job, in the token's smallest unit.
/// @param count Accepted jobs.
/// @param collateral LAT (wei) locked for all of them.
/// @param releaseAt Unix seconds at which the longest challenge window has passed.
/// @param royaltyPpm Royalty, millionths of the price.
/// @param protocolFeePpm Protocol fee, millionths of the price.
/// @param jobsRoot Merkle root over the accepted jobs in their order (JobsRoot).
struct BatchRecord {
    address provider;
    address token;
    address payout;
    address royaltyRecipient;
    uint96 price;
    uint32 count;
    uint96 collateral;
    uint40 releaseAt;
    uint32 royaltyPpm;
    uint32 protocolFeePpm;
    bytes32 jobsRoot;
}

/// @notice One job of a claimed batch.
/// @param record The batch as it stands now.
/// @param order The job's order.
/// @param outputCommitment Of its item.
/// @param outputDigest Of its item.
/// @param index Place of the job among those under the root.
/// @param jobs Number of jobs under the root: the record's count when it was claimed.
/// @param proof Siblings from the job's leaf up to the root; none where a node moves up without one.
struct BatchJob {
    BatchRecord record;
    Order order;
    bytes32 outputCommitment;
    bytes32 outputDigest;
    uint32 index;
    uint32 jobs;
    bytes32[] proof;
}

/// @notice Why an item was left out of its batch.
/// @dev Values are appended, never reordered: they are part of events.
enum Rejection {
    /// It was not.
    None,
    /// `validUntil` has passed.
    Expired,
    /// The provider asks more than the order's maximum.
    PriceAboveMaximum,
    /// Below the governed floor of the tier.
    CollateralTooLow,
    /// Challenge window outside of the governed bounds, or present in a tier that has none.
    InvalidWindow,
    /// No commitment, or for tier Zk one that is no canonical scalar.
    InvalidInput,
    /// As for the input.
    InvalidOutput,
    /// Used up or cancelled.
    NonceUsed,
    /// In mode Draw: the order belongs to a slot of the committee that another provider holds.
    WrongSlot,
    /// Not the requester's signature of this order in this lane.
    InvalidSignature,
    /// The provider's free stake does not cover the collateral.
    StakeTooLow,
    /// The sponsor pays less for this requester.
    SponsorshipTooLow,
    /// The payer has not allowed this lane to lock its deposit.
    LaneNotAllowed,
    /// The payer's deposit is too small.
    DepositTooLow,
    /// The proof does not hold.
    InvalidProof
}
