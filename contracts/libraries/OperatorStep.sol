// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {TensorReader} from "./TensorReader.sol";

/// @title OperatorStep: one output element of one node, and what it is computed from
/// @notice Operators check that the shapes and types of a node go together; those of a program that was lowered from a graph
/// always do.
library OperatorStep {
    /// @notice No operator has this code.
    error OperatorStepUnknown(uint256 code);
    /// @notice The operator takes another number of operands or parameters.
    error OperatorStepArity(uint256 code, uint256 operands, uint256 parameters);
    /// @notice Operator that cannot have these element types.
    error OperatorStepType(uint256 code);
    /// @notice Operator that cannot have these shapes.
    error OperatorStepShape(uint256 code);
    /// @notice Operator that cannot have this parameter.
    error OperatorStepParameter(uint256 code, uint256 index, int256 value);
    /// @notice The range is empty, ends behind the last term, or holds more terms than a step may have.
    error OperatorStepTerms(uint256 code, uint256 from, uint256 to, uint256 terms);
    /// @notice The hint is none that the operator takes here.
    error OperatorStepHint(uint256 code, uint256 hint);

    uint256 internal constant MAX_TERMS = 4096;

    /// @param code Of the operator; of the whole one when the node is partial.
    /// @param parameters Those of the whole node; a partial one's range behind them.
    /// @param at Coordinates of the element.
    /// @param place Its place in the packing order.
    /// @param isPartial The node adds a range of the terms to what the nodes before it did.
    struct Step {
        uint256 code;
        int256[] parameters;
        TensorReader.Tensor output;
        TensorReader.Tensor[] operands;
        uint256[8] at;
        uint256 place;
        uint256 hint;
        bool isPartial;
    }

    /// @notice Reverts unless the node has so many operands and parameters, besides what makes it partial.
    function requireArity(Step memory step, uint256 operands, uint256 parameters) internal pure {
        uint256 given = step.parameters.length;
        if (step.isPartial) {
            parameters += 2;
            if (given == parameters && step.parameters[given - 2] > 0) ++operands;
        }
        if (given != parameters || step.operands.length != operands) {
            revert OperatorStepArity(step.code, step.operands.length, given);
        }
    }

    /// @notice The range of terms that the node adds, of `terms` in all.
    function rangeOf(Step memory step, uint256 terms) internal pure returns (uint256 from, uint256 to) {
        to = terms;
        if (step.isPartial) {
            uint256 given = step.parameters.length;
            // Negative ones become too large.
            (from, to) = (uint256(step.parameters[given - 2]), uint256(step.parameters[given - 1]));
        }
        if (from >= to || to > terms || to - from > MAX_TERMS) revert OperatorStepTerms(step.code, from, to, terms);
    }

    /// @notice What the partial nodes before this one came to.
    /// @param from Where the range of this one begins, above zero.
    function accumulated(Step memory step, uint256 from) internal pure returns (int256) {
        if (from == 0) revert OperatorStepTerms(step.code, from, from, from);
        TensorReader.Tensor memory sum = step.operands[step.operands.length - 1];
        requireSameShape(step, sum);
        if (sum.elementType != step.output.elementType) revert OperatorStepType(step.code);
        return TensorReader.elementAt(sum, TensorReader.placeOf(sum, step.at));
    }

    /// @notice Reverts unless the operand has the output's shape.
    function requireSameShape(Step memory step, TensorReader.Tensor memory operand) internal pure {
        bool same = operand.rank == step.output.rank;
        for (uint256 axis = 0; axis < TensorReader.AXES; ++axis) {
            same = same && operand.dims[axis] == step.output.dims[axis];
        }
        if (!same) revert OperatorStepShape(step.code);
    }

    /// @notice Reverts unless the axes before `end` are those that broadcasting two operands gives.
    function requireBroadcast(
        Step memory step,
        TensorReader.Tensor memory a,
        TensorReader.Tensor memory b,
        uint256 end
    ) internal pure {
        bool fits = step.output.rank == (a.rank > b.rank ? a.rank : b.rank);
        for (uint256 axis = 0; axis < end; ++axis) {
            (uint256 left, uint256 right) = (a.dims[axis], b.dims[axis]);
            fits = fits && (left == right || left == 1 || right == 1);
            fits = fits && step.output.dims[axis] == (left > right ? left : right);
        }
        if (!fits) revert OperatorStepShape(step.code);
    }

    /// @notice A parameter that has to lie between bounds.
    function parameter(
        Step memory step,
        uint256 index,
        int256 least,
        int256 most
    ) internal pure returns (int256 value) {
        value = step.parameters[index];
        if (value < least || value > most) revert OperatorStepParameter(step.code, index, value);
    }

    /// @notice A parameter that names an axis of a tensor of this rank, aligned to the right.
    function axisParameter(Step memory step, uint256 index, uint256 rank) internal pure returns (uint256) {
        // At most 7, as the rank is at most 8.
        uint256 axis = uint256(parameter(step, index, 0, int256(rank) - 1));
        return TensorReader.AXES - rank + axis;
    }

    /// @notice Room for so many bytes, and a word more; nothing of it is cleared.
    function allocate(uint256 length) internal pure returns (uint256 at) {
        assembly ("memory-safe") {
            at := mload(0x40)
            mstore(0x40, add(at, and(add(length, 0x3f), not(0x1f))))
        }
    }

    /// @notice The value as a tensor of this type holds it.
    function wrap(int256 value, uint256 elementType) internal pure returns (int256 wrapped) {
        assembly ("memory-safe") {
            switch elementType
            case 1 {
                wrapped := and(value, 0xff)
            }
            case 2 {
                wrapped := signextend(0, value)
            }
            default {
                wrapped := signextend(3, value)
            }
        }
    }
}
