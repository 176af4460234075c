// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title Quorum: the on-chain state of one redundant job

/// @notice States of a redundant job. Settled and Refunded are final.
/// @dev None → Posted → Committing → Revealing → Settled; Posted → Refunded; Committing or Revealing → Posted (no
/// majority, drawn again) or Refunded. A Committing job whose deadline passed counts as Revealing, before a call says so.
enum QuorumState {
    None,
    Posted,
    Committing,
    Revealing,
    Settled,
    Refunded
}

/// @notice What a member is slashed for.
enum QuorumFault {
    /// It neither committed nor declined in time.
    NotCommitted,
    /// It committed, and did not reveal in time.
    NotRevealed,
    /// Its answer differs from the majority's, on a model whose results are exact.
    Contradicted
}

/// @param provider The drawn provider.
/// @param price Its ask when it was drawn, all legs included.
/// @param declined It gave its place back in time, and has no collateral locked any more.
/// @param committed It committed an answer.
/// @param revealed It revealed the answer.
/// @param answer Zero; then the commitment that hides the answer; once revealed, the answer's output commitment.
struct QuorumMember {
    address provider;
    uint96 price;
    bool declined;
    bool committed;
    bool revealed;
    bytes32 answer;
}

/// @param orderHash EIP-712 struct hash of the order.
/// @param state Current state.
/// @param attempt How many times the job was drawn again.
/// @param deadline Unix seconds: from Posted, the refund; from Committing, the end of commitments; from Revealing, the
/// end of reveals. Zero in final states.
/// @param drawEpoch First epoch whose seed may draw the members.
/// @param protocolFeePpm Protocol fee in millionths of the price, fixed at assignment.
/// @param outputCommitment The majority's answer; zero until the job is settled.
/// @param members The drawn providers; none while Posted or when Refunded.
struct QuorumJob {
    bytes32 orderHash;
    QuorumState state;
    uint8 attempt;
    uint40 deadline;
    uint40 drawEpoch;
    uint32 protocolFeePpm;
    bytes32 outputCommitment;
    QuorumMember[] members;
}
