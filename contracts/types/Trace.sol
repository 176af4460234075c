// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title Trace: openings of a program, its weights and the trace of a run
/// @notice Trees are binary: leaf = keccak256(0x00 ‖ data), node = keccak256(0x01 ‖ left ‖ right), and the leaves are filled
/// up to a power of two with zero words. Siblings go from the leaf up; their number follows from the number of leaves, which
/// is bound beside every root. Numbers have 4 bytes, most significant first, unless said otherwise.
///
/// program root = keccak256(0x03 ‖ header ‖ root over value headers ‖ root over nodes); header = numbers of inputs,
/// constants, nodes and outputs, then the outputs' ids. Ids count inputs, then constants, then the nodes' outputs.
/// value header = element type (1 byte: 1 uint8, 2 int8, 3 int32) ‖ layout (1 byte: 0 row-major, 1 channels last, 2 columns
/// first) ‖ rank (1 byte) ‖ dimensions.
/// node = operator (1 byte) ‖ output's id ‖ number of operands (1 byte) ‖ their ids ‖ number of parameters (1 byte) ‖
/// parameters (8 bytes each, two's complement).
/// tensor root = keccak256(0x02 ‖ value header ‖ root over chunks); a chunk has 1,024 bytes: elements in the order of the
/// layout, most significant byte first, two's complement; zeros behind the last.
/// weights root = keccak256(0x04 ‖ number of constants ‖ root over their tensor roots).
/// trace root = keccak256(0x05 ‖ number of tensors ‖ root over tensor roots): inputs, then the nodes' outputs.

/// @notice What a trace is held against.
/// @param inputRoot Zero when no input is stated.
/// @param outputRoot Zero when no output is stated.
struct Roots {
    bytes32 program;
    bytes32 weights;
    bytes32 inputRoot;
    bytes32 outputRoot;
    bytes32 trace;
}

/// @param header As in the program root.
/// @param values Root over the value headers.
/// @param nodes Root over the nodes.
struct ProgramOpening {
    bytes header;
    bytes32 values;
    bytes32 nodes;
}

/// @notice A tensor of the trace or of the weights, and some of its chunks.
/// @dev Where a step reads nothing of an operand but its shape, the tensor is not opened: all but `header` and
/// `headerSiblings` are empty or zero.
/// @param header Its value header.
/// @param headerSiblings Of the header among the program's values.
/// @param chunkRoot Root over its chunks.
/// @param siblings Of the tensor root in the trace or among the weights.
/// @param chunkIndices Ascending, each once.
/// @param chunks 1,024 bytes for each index.
/// @param chunkProof What the root over chunks needs beside these, level by level from the leaves up, each level from left
/// to right.
struct TensorOpening {
    bytes header;
    bytes32[] headerSiblings;
    bytes32 chunkRoot;
    bytes32[] siblings;
    uint32[] chunkIndices;
    bytes chunks;
    bytes32[] chunkProof;
}

/// @notice One element of one node's output, and all that it is computed from.
/// @param traceTree Root over the trace's tensor roots.
/// @param weightsTree Root over the constants' tensor roots; zero when there are none.
/// @param nodeIndex Place of the node in the program.
/// @param element Place of the output element in its tensor's packing order.
/// @param hint For ArgMax the place along the axis of an element that refutes the output; zero otherwise.
/// @param output The node's output.
/// @param operands In the node's order.
struct StepEvidence {
    ProgramOpening program;
    bytes32 traceTree;
    bytes32 weightsTree;
    uint32 nodeIndex;
    bytes node;
    bytes32[] nodeSiblings;
    uint32 element;
    uint32 hint;
    TensorOpening output;
    TensorOpening[] operands;
}

/// @notice What can be wrong with a trace beside its elements.
/// @dev Values are appended, never reordered.
enum TraceFault {
    /// It has another number of tensors than the program: `count` and `traceTree` are the provider's.
    Count,
    /// Its first tensor is not the input that was ordered.
    Input,
    /// Its tensor of the program's first output is not the output that was stated.
    Output,
    /// The header of tensor `index` is not the program's: `header` and `chunkRoot` are the provider's.
    Header,
    /// A leaf behind the last tensor is not zero.
    TensorFiller,
    /// A leaf behind the last chunk of tensor `index` is not zero.
    ChunkFiller,
    /// A byte behind the last element of tensor `index` is not zero.
    Padding
}

/// @notice Proof of such a fault. Members that a fault does not need are empty.
/// @param count Number of tensors that the trace root was made with.
/// @param traceTree Root over the tensor roots.
/// @param index Place of the tensor, or of the leaf, in the trace.
/// @param header Header that the tensor root was made with.
/// @param valueHeader The program's header of this value.
/// @param valueSiblings Of that header among the program's values.
/// @param chunkRoot Root over the tensor's chunks.
/// @param siblings Of the leaf in the trace.
/// @param tensorRoot The tensor's root (Input, Output); the leaf itself (TensorFiller, ChunkFiller).
/// @param chunkIndex Place of the chunk or leaf.
/// @param chunk The last chunk (Padding).
/// @param chunkSiblings Of the chunk or leaf.
struct TraceEvidence {
    TraceFault fault;
    ProgramOpening program;
    uint32 count;
    bytes32 traceTree;
    uint32 index;
    bytes header;
    bytes valueHeader;
    bytes32[] valueSiblings;
    bytes32 chunkRoot;
    bytes32[] siblings;
    bytes32 tensorRoot;
    uint32 chunkIndex;
    bytes chunk;
    bytes32[] chunkSiblings;
}

/// @notice A zero-knowledge proof about an input, and the output that the trace has for it.
/// @param traceTree Root over the trace's tensor roots.
/// @param input With every chunk. The input that was ordered, without siblings, or where none is stated the trace's first
/// tensor.
/// @param output The program's first output in the trace, with every chunk.
/// @param proof Words as IVerifierRouter takes them.
/// @param outputCommitment What the proof is of: another output's Poseidon commitment.
struct ProofEvidence {
    ProgramOpening program;
    bytes32 traceTree;
    TensorOpening input;
    TensorOpening output;
    uint256[8] proof;
    uint256 outputCommitment;
}
