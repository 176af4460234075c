// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ProgramOpening, Roots, TensorOpening, TraceFault} from "../types/Trace.sol";

/// @title ITraceReferee: faults of a trace that are none of its elements
/// @notice With these, every trace but the one of this program on this input can be refuted.
/// @dev Without state: what it says of given arguments is the same for ever.
interface ITraceReferee {
    /// @notice What the fault is held against is not stated for this result.
    error TraceRefereeNotStated(TraceFault fault);
    /// @notice What was opened does not lead to the root that it should.
    error TraceRefereeOpening(TraceFault fault, bytes32 computed, bytes32 expected);
    /// @notice The program's first output is a constant, which no trace has.
    error TraceRefereeConstantOutput(uint256 id);

    /// @notice True when the evidence shows the fault that it names, false when what it opens is in order. Reverts when it
    /// does not open `roots`.
    /// @param evidence ABI-encoded TraceEvidence.
    function isWrongTrace(Roots calldata roots, bytes calldata evidence) external pure returns (bool);

    /// @notice Reverts unless `tensor` opens chunks `firstChunk` to `firstChunk + chunkCount` of the tensor with this root.
    function requireChunks(
        bytes32 tensorRoot,
        TensorOpening calldata tensor,
        uint32 firstChunk,
        uint32 chunkCount
    ) external pure;

    /// @notice Root of the program's first output in the trace, as `output` opens it. Reverts when it does not.
    function openOutput(
        Roots calldata roots,
        ProgramOpening calldata program,
        bytes32 traceTree,
        TensorOpening calldata output
    ) external pure returns (bytes32 tensorRoot);
}
