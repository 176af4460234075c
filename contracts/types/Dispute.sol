// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title Dispute: bonded results, and how they are called into question

/// @notice A bonded result, whichever lane it came through.
/// @param subject Names the result within its market: the order's hash, or the session's job. Never that of another.
/// @param hold What its market must not settle while the result is in question: the job, the batch or the session.
/// @param provider Who answers for the result, with the collateral that the market locked.
/// @param requester Who gets the compensation.
/// @param modelVersion What was to be computed.
/// @param inputRoot Tensor root of the input that was ordered; zero when the lane does not state it.
/// @param outputRoot Tensor root of the output that was stated beside the trace; zero when there is none.
/// @param traceRoot Commitment to every tensor of the run.
/// @param challengeableUntil Unix seconds from which nothing new can be called into question; zero when nothing can now.
struct DisputedResult {
    bytes32 subject;
    bytes32 hold;
    address provider;
    address requester;
    bytes32 modelVersion;
    bytes32 inputRoot;
    bytes32 outputRoot;
    bytes32 traceRoot;
    uint40 challengeableUntil;
}

/// @notice What a provider was found guilty of.
/// @dev Values are appended, never reordered: they are part of events.
enum Ground {
    /// Of nothing.
    None,
    /// One element of the trace is not what its node computes.
    WrongStep,
    /// The trace is not that of this program on this input, whatever its elements are.
    WrongTrace,
    /// A zero-knowledge proof of another output for the same input.
    ContradictingProof,
    /// A question was not answered in time.
    Silence,
    /// Two signed results for the subject.
    Equivocation
}

/// @notice Whose move it is in an inquiry.
enum Turn {
    /// There is no inquiry.
    None,
    /// The provider owes an answer.
    Provider,
    /// The inquirer owes a question, or evidence.
    Inquirer,
    /// It is over.
    Closed
}

/// @notice Where in the trace's tree a question points.
/// @dev Values are appended, never reordered: they are part of events.
enum Place {
    /// The trace root: the answer is the number of tensors, and the nodes below their tree's root.
    Trace,
    /// A node of the tree over tensors.
    Tensors,
    /// A leaf of that tree: the answer is the tensor's header, and the nodes below the root of its chunks.
    Tensor,
    /// A node of the tree over a tensor's chunks.
    Chunks,
    /// A leaf of that tree: the answer is the chunk.
    Chunk
}

/// @notice A challenger that has the provider answer for its trace. Three slots, of which a round writes two.
/// @param uncoveredAt Unix seconds of the answer that uncovered a chunk; zero before. What the inquirer shows then counts from
/// one second earlier, when nobody could have copied it.
/// @param deadline Unix seconds at which whoever's turn it is has lost.
/// @param turn Whose it is.
/// @param place Where `target` stands while the provider owes an answer; else where the nodes it answered with stand.
/// @param height Levels of the tree below.
/// @param moveSeconds That each move may take, as it was when the inquiry began.
/// @param leaves Of the tree over tensors, or over the tensor's chunks; zero before its number is known.
/// @param index Place of the first leaf below `target`, or below the first of the nodes that the provider answered with.
/// @param target The hash in question while the provider owes an answer; else the hash of the nodes that it answered with.
/// @param bond LAT (wei).
struct Inquiry {
    uint40 uncoveredAt;
    uint40 deadline;
    Turn turn;
    Place place;
    uint8 height;
    uint32 moveSeconds;
    uint32 leaves;
    uint32 index;
    bytes32 target;
    uint80 bond;
}

/// @notice What became of a result that was called into question.
/// @param reporter Who gets the bounty; zero while nothing was found.
/// @param foundAt Unix seconds since which the reporter's evidence counts; the earliest wins.
/// @param executableAt Unix seconds from which the slash can be carried out; until then an earlier finder may show up.
/// @param openInquiries How many inquiries, and demands, keep the result from being settled.
/// @param ground None while nothing was found.
/// @param executed The slash was carried out.
struct Verdict {
    address reporter;
    uint40 foundAt;
    uint40 executableAt;
    uint32 openInquiries;
    Ground ground;
    bool executed;
}

/// @notice A party that was asked to publish chunks of the input or of the output.
/// @param asker Who asks, and whose bond it is; zero when nobody does.
/// @param madeAt Unix seconds.
/// @param deadline Unix seconds at which silence has lost.
/// @param bond LAT (wei), which pays the answer.
/// @param firstChunk First chunk asked for.
/// @param chunkCount How many.
struct Demand {
    address asker;
    uint40 madeAt;
    uint40 deadline;
    uint96 bond;
    uint32 firstChunk;
    uint32 chunkCount;
}
