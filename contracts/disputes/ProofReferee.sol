// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IPoseidon16} from "../interfaces/IPoseidon16.sol";
import {IProofReferee} from "../interfaces/IProofReferee.sol";
import {IVerifierRouter} from "../interfaces/IVerifierRouter.sol";
import {EvidenceLayout} from "../libraries/EvidenceLayout.sol";
import {TensorCommitment} from "../libraries/TensorCommitment.sol";
import {TensorReader} from "../libraries/TensorReader.sol";
import {TraceOpening} from "../libraries/TraceOpening.sol";
import {TraceProgram} from "../libraries/TraceProgram.sol";
import {ProofEvidence, Roots, TensorOpening} from "../types/Trace.sol";

/// @title ProofReferee: see IProofReferee
/// @dev Holds nothing. Tensors have at most the chunks that TensorReader opens, so loops have bounds.
contract ProofReferee is IProofReferee {
    using TensorReader for TensorReader.Tensor;
    using TraceOpening for TraceOpening.Trees;
    using TraceProgram for TraceProgram.Program;

    IVerifierRouter private immutable ROUTER;
    IPoseidon16 private immutable POSEIDON;

    /// @param router Where verifiers of models are found.
    /// @param poseidon The hash that circuits commit to tensors with.
    constructor(IVerifierRouter router, IPoseidon16 poseidon) {
        ROUTER = router;
        POSEIDON = poseidon;
    }

    /// @inheritdoc IProofReferee
    function contradicts(
        Roots calldata roots,
        bytes4 selector,
        uint256 context,
        bytes calldata evidence
    ) external view returns (bool) {
        _requireReviewed(selector);
        ProofEvidence calldata opened = EvidenceLayout.proofOf(evidence);
        TraceProgram.Program memory program = TraceProgram.open(opened.program, roots.program);
        bytes32 traceRoot = TraceProgram.traceRoot(program.entries(), opened.traceTree);
        if (traceRoot != roots.trace) revert TraceOpening.TraceOpeningTrace(traceRoot, roots.trace);
        // Nothing of the weights is opened.
        TraceOpening.Trees memory trees = TraceOpening.Trees({trace: opened.traceTree, weights: 0});
        uint256 input = _commitmentTo(_openInput(trees, program, roots.inputRoot, opened.input));
        uint256[3] memory publicInputs = [context, input, opened.outputCommitment];
        if (!ROUTER.verify(selector, opened.proof, publicInputs)) {
            revert ProofRefereeInvalidProof(selector, publicInputs);
        }
        uint256 output = _commitmentTo(trees.tensorOf(program, program.firstOutput, opened.output));
        return output != opened.outputCommitment;
    }

    function _requireReviewed(bytes4 selector) private view {
        IVerifierRouter.Status status = ROUTER.entryOf(selector).status;
        if (status != IVerifierRouter.Status.Reviewed) revert ProofRefereeNotReviewed(selector, status);
    }

    /// @dev The input that was ordered; the provider's where none is stated.
    function _openInput(
        TraceOpening.Trees memory trees,
        TraceProgram.Program memory program,
        bytes32 inputRoot,
        TensorOpening calldata input
    ) private pure returns (TensorReader.Tensor memory) {
        if (inputRoot == bytes32(0)) return trees.tensorOf(program, 0, input);
        program.requireHeader(0, input.header, input.headerSiblings);
        bytes32 computed = TraceProgram.tensorRoot(input.header, input.chunkRoot);
        if (computed != inputRoot) revert ProofRefereeInput(computed, inputRoot);
        if (input.siblings.length > 0) revert TraceOpening.TraceOpeningSurplus(0);
        return TensorReader.open(input);
    }

    function _commitmentTo(TensorReader.Tensor memory tensor) private view returns (uint256) {
        // Indices of opened chunks ascend and exist: as many as there are is all of them.
        uint256 chunks = tensor.chunksOf();
        if (tensor.opened != chunks) revert ProofRefereeChunks(tensor.opened, chunks);
        return TensorCommitment.commit(POSEIDON, tensor);
    }
}
