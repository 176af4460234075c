// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Roots} from "../types/Trace.sol";

/// @title IOperatorReferee: recomputes one output element of one node of a program
/// @notice One of four implementations of one semantics, beside ONNX Runtime, the reference interpreter and circuits. Integer
/// graphs are bit-exact, so one element that differs is proof enough.
/// @dev Without state: what it says of given arguments is the same for ever.
interface IOperatorReferee {
    /// @notice True when the opened element is not what its node computes from the opened operands; false when it is.
    /// Reverts when the evidence does not open `roots`, opens too much or too little, or names a node that no program has.
    /// @dev Evidence opens exactly the chunks that the step reads: of a window those of its taps inside the image and of the
    /// weights on them, of an ArgMax those of the claimed element and of the hint's. So its size has a bound, and one step
    /// has one evidence.
    /// @param evidence ABI-encoded StepEvidence.
    function isWrongStep(Roots calldata roots, bytes calldata evidence) external pure returns (bool);
}
