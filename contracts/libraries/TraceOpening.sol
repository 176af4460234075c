// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Roots, TensorOpening} from "../types/Trace.sol";
import {MerkleOpening} from "./MerkleOpening.sol";
import {TensorReader} from "./TensorReader.sol";
import {TraceProgram} from "./TraceProgram.sol";

/// @title TraceOpening: tensors of a trace and of the weights
library TraceOpening {
    using TraceProgram for TraceProgram.Program;

    /// @notice The opening is that of another trace.
    error TraceOpeningTrace(bytes32 computed, bytes32 expected);
    /// @notice The opening is that of other weights.
    error TraceOpeningWeights(bytes32 computed, bytes32 expected);
    /// @notice The trace, or the weights, have another tensor there.
    error TraceOpeningTensor(uint256 id, bytes32 computed, bytes32 expected);
    /// @notice Of a tensor that nothing is read of, more was opened than its header.
    error TraceOpeningSurplus(uint256 id);

    /// @param trace Root over the trace's tensor roots.
    /// @param weights Root over the constants' tensor roots.
    struct Trees {
        bytes32 trace;
        bytes32 weights;
    }

    /// @notice Binds both trees to their roots.
    function open(
        TraceProgram.Program memory program,
        Roots calldata roots,
        bytes32 trace,
        bytes32 weights
    ) internal pure returns (Trees memory) {
        bytes32 traceRoot = TraceProgram.traceRoot(program.entries(), trace);
        if (traceRoot != roots.trace) revert TraceOpeningTrace(traceRoot, roots.trace);
        bytes32 weightsRoot = program.weightsRoot(weights);
        if (weightsRoot != roots.weights) revert TraceOpeningWeights(weightsRoot, roots.weights);
        return Trees({trace: trace, weights: weights});
    }

    /// @notice The value `id`: its shape, and the elements that were opened, if any were.
    function tensorOf(
        Trees memory trees,
        TraceProgram.Program memory program,
        uint256 id,
        TensorOpening calldata opening
    ) internal pure returns (TensorReader.Tensor memory) {
        program.requireHeader(id, opening.header, opening.headerSiblings);
        if (opening.chunkIndices.length == 0) {
            uint256 surplus = opening.siblings.length + opening.chunkProof.length + opening.chunks.length;
            if (surplus > 0 || opening.chunkRoot != 0) revert TraceOpeningSurplus(id);
            return TensorReader.parse(opening.header);
        }
        bool isConstant = program.isConstant(id);
        bytes32 tree = MerkleOpening.root(
            MerkleOpening.leafOf(TraceProgram.tensorRoot(opening.header, opening.chunkRoot)),
            isConstant ? id - program.inputs : program.entryOf(id),
            isConstant ? program.constants : program.entries(),
            opening.siblings
        );
        bytes32 expected = isConstant ? trees.weights : trees.trace;
        if (tree != expected) revert TraceOpeningTensor(id, tree, expected);
        return TensorReader.open(opening);
    }
}
