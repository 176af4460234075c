// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ITraceReferee} from "../interfaces/ITraceReferee.sol";
import {EvidenceLayout} from "../libraries/EvidenceLayout.sol";
import {MerkleOpening} from "../libraries/MerkleOpening.sol";
import {TensorReader} from "../libraries/TensorReader.sol";
import {TraceOpening} from "../libraries/TraceOpening.sol";
import {TraceProgram} from "../libraries/TraceProgram.sol";
import {ProgramOpening, Roots, TensorOpening, TraceEvidence, TraceFault} from "../types/Trace.sol";

/// @title TraceReferee: see ITraceReferee
/// @dev Holds nothing and depends on nothing but its arguments. A trace root is bound through the number of tensors that
/// the provider made it with; the other faults stand beside a wrong number, which is one of its own.
contract TraceReferee is ITraceReferee {
    using TensorReader for TensorReader.Tensor;
    using TraceProgram for TraceProgram.Program;

    // Faults

    /// @inheritdoc ITraceReferee
    function isWrongTrace(Roots calldata roots, bytes calldata evidence) external pure returns (bool) {
        TraceEvidence calldata opened = EvidenceLayout.traceOf(evidence);
        bytes32 traceRoot = TraceProgram.traceRoot(opened.count, opened.traceTree);
        if (traceRoot != roots.trace) revert TraceOpening.TraceOpeningTrace(traceRoot, roots.trace);
        TraceFault fault = opened.fault;
        if (fault == TraceFault.Count) {
            return opened.count != TraceProgram.open(opened.program, roots.program).entries();
        }
        if (fault == TraceFault.Input) return _isOtherInput(roots, opened);
        if (fault == TraceFault.Output) return _isOtherOutput(roots, opened);
        if (fault == TraceFault.TensorFiller) return _isTensorFillerSet(opened);
        _requireLeaf(opened, opened.index, TraceProgram.tensorRoot(opened.header, opened.chunkRoot));
        if (fault == TraceFault.Header) return _isOtherHeader(roots, opened);
        if (fault == TraceFault.ChunkFiller) return _isChunkFillerSet(opened);
        return _isPaddingSet(opened);
    }

    function _isOtherInput(Roots calldata roots, TraceEvidence calldata opened) private pure returns (bool) {
        if (roots.inputRoot == 0) revert TraceRefereeNotStated(opened.fault);
        _requireLeaf(opened, 0, opened.tensorRoot);
        return opened.tensorRoot != roots.inputRoot;
    }

    function _isOtherOutput(Roots calldata roots, TraceEvidence calldata opened) private pure returns (bool) {
        if (roots.outputRoot == 0) revert TraceRefereeNotStated(opened.fault);
        TraceProgram.Program memory program = TraceProgram.open(opened.program, roots.program);
        _requireLeaf(opened, _outputEntry(program), opened.tensorRoot);
        return opened.tensorRoot != roots.outputRoot;
    }

    /// @dev Any header at all has a tensor root: of a trace all parts of which are the provider's, this one is compared.
    function _isOtherHeader(Roots calldata roots, TraceEvidence calldata opened) private pure returns (bool) {
        TraceProgram.Program memory program = TraceProgram.open(opened.program, roots.program);
        uint256 index = opened.index;
        uint256 id = index < program.inputs ? index : index + program.constants;
        program.requireHeader(id, opened.valueHeader, opened.valueSiblings);
        return keccak256(opened.header) != keccak256(opened.valueHeader);
    }

    /// @dev The leaf is that of no tensor: not a hash of one, but what stands where zero should.
    function _isTensorFillerSet(TraceEvidence calldata opened) private pure returns (bool) {
        bytes32 tree = _fillerRoot(opened.tensorRoot, opened.index, opened.count, opened.siblings);
        if (tree != opened.traceTree) revert TraceRefereeOpening(opened.fault, tree, opened.traceTree);
        return opened.tensorRoot != 0;
    }

    function _isChunkFillerSet(TraceEvidence calldata opened) private pure returns (bool) {
        uint256 chunks = TensorReader.parse(opened.header).chunksOf();
        bytes32 tree = _fillerRoot(opened.tensorRoot, opened.chunkIndex, chunks, opened.chunkSiblings);
        if (tree != opened.chunkRoot) revert TraceRefereeOpening(opened.fault, tree, opened.chunkRoot);
        return opened.tensorRoot != 0;
    }

    function _isPaddingSet(TraceEvidence calldata opened) private pure returns (bool) {
        TensorReader.Tensor memory tensor = TensorReader.parse(opened.header);
        uint256 chunks = tensor.chunksOf();
        if (opened.chunk.length != TensorReader.CHUNK_BYTES) {
            revert TensorReader.TensorReaderLength(opened.chunk.length, TensorReader.CHUNK_BYTES);
        }
        if (opened.chunkIndex + 1 != chunks) revert MerkleOpening.MerkleOpeningIndex(opened.chunkIndex, chunks);
        bytes32 leaf = MerkleOpening.leafOf(opened.chunk);
        bytes32 tree = MerkleOpening.root(leaf, opened.chunkIndex, chunks, opened.chunkSiblings);
        if (tree != opened.chunkRoot) revert TraceRefereeOpening(opened.fault, tree, opened.chunkRoot);
        uint256 used = (tensor.count << tensor.shift) - (chunks - 1) * TensorReader.CHUNK_BYTES;
        for (uint256 at = used; at < TensorReader.CHUNK_BYTES; ++at) {
            if (opened.chunk[at] != 0) return true;
        }
        return false;
    }

    // Openings

    /// @inheritdoc ITraceReferee
    function requireChunks(
        bytes32 tensorRoot,
        TensorOpening calldata tensor,
        uint32 firstChunk,
        uint32 chunkCount
    ) external pure {
        bytes32 root = TraceProgram.tensorRoot(tensor.header, tensor.chunkRoot);
        if (root != tensorRoot) revert TensorReader.TensorReaderRoot(root, tensorRoot);
        uint256 opened = tensor.chunkIndices.length;
        if (opened != chunkCount) revert TensorReader.TensorReaderChunks(opened, chunkCount);
        // Indices ascend, and each is there once.
        TensorReader.open(tensor);
        bool follows = tensor.chunkIndices[0] == firstChunk;
        if (!follows || tensor.chunkIndices[opened - 1] - firstChunk != opened - 1) {
            revert TensorReader.TensorReaderMissing(firstChunk);
        }
    }

    /// @inheritdoc ITraceReferee
    function openOutput(
        Roots calldata roots,
        ProgramOpening calldata program,
        bytes32 traceTree,
        TensorOpening calldata output
    ) external pure returns (bytes32 tensorRoot) {
        TraceProgram.Program memory opened = TraceProgram.open(program, roots.program);
        bytes32 traceRoot = TraceProgram.traceRoot(opened.entries(), traceTree);
        if (traceRoot != roots.trace) revert TraceOpening.TraceOpeningTrace(traceRoot, roots.trace);
        uint256 entry = _outputEntry(opened);
        opened.requireHeader(opened.firstOutput, output.header, output.headerSiblings);
        tensorRoot = TraceProgram.tensorRoot(output.header, output.chunkRoot);
        bytes32 tree = MerkleOpening.root(MerkleOpening.leafOf(tensorRoot), entry, opened.entries(), output.siblings);
        if (tree != traceTree) revert TraceOpening.TraceOpeningTensor(opened.firstOutput, tree, traceTree);
        TensorReader.open(output);
    }

    /// @dev A constant is none of the trace.
    function _outputEntry(TraceProgram.Program memory program) private pure returns (uint256) {
        uint256 id = program.firstOutput;
        if (program.isConstant(id)) revert TraceRefereeConstantOutput(id);
        return program.entryOf(id);
    }

    /// @dev Reverts unless the trace has the tensor root at `index`.
    function _requireLeaf(TraceEvidence calldata opened, uint256 index, bytes32 tensorRoot) private pure {
        bytes32 leaf = MerkleOpening.leafOf(tensorRoot);
        bytes32 tree = MerkleOpening.root(leaf, index, opened.count, opened.siblings);
        if (tree != opened.traceTree) revert TraceRefereeOpening(opened.fault, tree, opened.traceTree);
    }

    /// @dev Root of a tree of `count` leaves, from the leaf at `index` behind the last of them.
    function _fillerRoot(
        bytes32 leaf,
        uint256 index,
        uint256 count,
        bytes32[] calldata siblings
    ) private pure returns (bytes32) {
        uint256 levels = MerkleOpening.depth(count);
        if (index < count || index >> levels != 0) revert MerkleOpening.MerkleOpeningIndex(index, count);
        return MerkleOpening.climb(leaf, index, levels, siblings);
    }
}
