// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title Job: the on-chain state of one posted order

/// @notice States of a job. Settled and Refunded are final.
/// @dev None → Posted → Assigned → Committed → Settled (tier Zk, by a proof); Assigned → Challengeable → Settled (tier
/// Optimistic, by time); Posted → Settled (a named provider delivers at once); Posted → Refunded; Assigned or
/// Committed → Posted (opened again after a slash) or Refunded; Assigned → Posted or Refunded (declined).
enum JobState {
    None,
    Posted,
    Assigned,
    Committed,
    Challengeable,
    Settled,
    Refunded
}

/// @dev Three slots. Slot 1: provider, state, attempt, deadline, drawEpoch. Slot 2: price and the fee rate fixed when a
/// provider took the job. Slot 3: outputCommitment. A job's id is the EIP-712 struct hash of its order, so the order
/// itself needs no slot.
/// @param provider Assigned provider; zero while Posted.
/// @param state Current state.
/// @param attempt How many times the job was opened again, after a slash or because it was declined.
/// @param deadline Unix seconds at which the current state can be left by anyone: refund from Posted, time-out from
/// Assigned and Committed, payment from Challengeable. Zero in final states.
/// @param drawEpoch First epoch whose seed may draw this job; zero in mode Direct and while an auction is open.
/// @param price Price agreed at assignment, all legs included; zero while Posted.
/// @param protocolFeePpm Protocol fee in millionths of the price, fixed at assignment.
/// @param outputCommitment Commitment of the result; zero until there is one.
struct Job {
    address provider;
    JobState state;
    uint8 attempt;
    uint40 deadline;
    uint40 drawEpoch;
    uint96 price;
    uint32 protocolFeePpm;
    bytes32 outputCommitment;
}
