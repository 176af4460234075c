// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IOperatorReferee} from "../interfaces/IOperatorReferee.sol";
import {IProofReferee} from "../interfaces/IProofReferee.sol";
import {ITraceReferee} from "../interfaces/ITraceReferee.sol";
import {ProgramOpening, Roots, TensorOpening} from "../types/Trace.sol";

/// @title SteeredReferee: a referee of every kind that believes what the evidence says of itself
/// @notice Evidence is the hash of the roots and of the caller's context, then whether they are wrong: so a test sees what the
/// game asked. A tensor opens the root that its chunk root names.
contract SteeredReferee is IOperatorReferee, ITraceReferee, IProofReferee {
    /// @notice The evidence speaks of other roots.
    error SteeredRefereeOtherRoots(bytes32 asked, bytes32 evidence);
    /// @notice The tensor opens another root, or other chunks.
    error SteeredRefereeOtherChunks(bytes32 tensorRoot, uint32 firstChunk, uint32 chunkCount);

    /// @inheritdoc IOperatorReferee
    function isWrongStep(Roots calldata roots, bytes calldata evidence) external pure returns (bool) {
        return _isWrong(keccak256(abi.encode(roots)), evidence);
    }

    /// @inheritdoc ITraceReferee
    function isWrongTrace(Roots calldata roots, bytes calldata evidence) external pure returns (bool) {
        return _isWrong(keccak256(abi.encode(roots)), evidence);
    }

    /// @inheritdoc IProofReferee
    function contradicts(
        Roots calldata roots,
        bytes4 selector,
        uint256 context,
        bytes calldata evidence
    ) external pure returns (bool) {
        return _isWrong(keccak256(abi.encode(roots, selector, context)), evidence);
    }

    /// @inheritdoc ITraceReferee
    function requireChunks(
        bytes32 tensorRoot,
        TensorOpening calldata tensor,
        uint32 firstChunk,
        uint32 chunkCount
    ) external pure {
        bool opens = tensor.chunkRoot == tensorRoot && tensor.chunkIndices.length == chunkCount;
        if (opens) {
            for (uint32 i = 0; i < chunkCount; ++i) opens = opens && tensor.chunkIndices[i] == firstChunk + i;
        }
        if (!opens) revert SteeredRefereeOtherChunks(tensorRoot, firstChunk, chunkCount);
    }

    /// @inheritdoc ITraceReferee
    function openOutput(
        Roots calldata roots,
        ProgramOpening calldata,
        bytes32 traceTree,
        TensorOpening calldata output
    ) external pure returns (bytes32) {
        if (roots.trace != traceTree) revert SteeredRefereeOtherRoots(roots.trace, traceTree);
        return output.chunkRoot;
    }

    function _isWrong(bytes32 asked, bytes calldata evidence) private pure returns (bool wrong) {
        bytes32 spoken;
        (spoken, wrong) = abi.decode(evidence, (bytes32, bool));
        if (spoken != asked) revert SteeredRefereeOtherRoots(asked, spoken);
    }
}
