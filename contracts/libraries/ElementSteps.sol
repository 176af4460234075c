// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {OperatorStep} from "./OperatorStep.sol";
import {TensorReader} from "./TensorReader.sol";

/// @title ElementSteps: operators that read one element of each operand
library ElementSteps {
    using TensorReader for TensorReader.Tensor;

    /// @notice Division by zero, which no model contains.
    error ElementStepsDivisor(uint256 place);
    /// @notice An index behind the end of the table, which no model looks up.
    error ElementStepsIndex(int256 index, uint256 entries);

    /// @notice Add 3, Sub 4, Mul 5, Div 6, Max 7, Min 8 of int32. Division truncates toward zero.
    function binary(OperatorStep.Step memory step) internal pure returns (int256) {
        OperatorStep.requireArity(step, 2, 0);
        (TensorReader.Tensor memory x, TensorReader.Tensor memory y) = (step.operands[0], step.operands[1]);
        bool fits = x.elementType == TensorReader.INT32 && y.elementType == TensorReader.INT32;
        if (!fits || step.output.elementType != TensorReader.INT32) revert OperatorStep.OperatorStepType(step.code);
        OperatorStep.requireBroadcast(step, x, y, TensorReader.AXES);
        int256 a = x.elementAt(x.placeOf(step.at));
        uint256 place = y.placeOf(step.at);
        int256 b = y.elementAt(place);
        if (step.code == 3) return a + b;
        if (step.code == 4) return a - b;
        if (step.code == 5) return a * b;
        if (step.code == 7) return a > b ? a : b;
        if (step.code == 8) return a < b ? a : b;
        if (b == 0) revert ElementStepsDivisor(place);
        return a / b;
    }

    /// @notice Parameters: the bounds.
    function clip(OperatorStep.Step memory step) internal pure returns (int256 value) {
        OperatorStep.requireArity(step, 1, 2);
        value = _same(step, step.operands[0].elementType);
        (int256 least, int256 most) = (step.parameters[0], step.parameters[1]);
        if (value < least) value = least;
        if (value > most) value = most;
    }

    /// @notice Parameter: the output's type.
    function cast(OperatorStep.Step memory step) internal pure returns (int256) {
        OperatorStep.requireArity(step, 1, 1);
        // Element types are 1 to 3.
        return _same(step, uint256(OperatorStep.parameter(step, 0, 1, 3)));
    }

    /// @notice No parameters: the shape is that of the output.
    function reshape(OperatorStep.Step memory step) internal pure returns (int256) {
        OperatorStep.requireArity(step, 1, 0);
        (TensorReader.Tensor memory x, TensorReader.Tensor memory y) = (step.operands[0], step.output);
        if (x.elementType != y.elementType) revert OperatorStep.OperatorStepType(step.code);
        if (x.count != y.count) revert OperatorStep.OperatorStepShape(step.code);
        uint256 flat = 0;
        for (uint256 axis = 0; axis < TensorReader.AXES; ++axis) {
            flat = flat * y.dims[axis] + step.at[axis];
        }
        uint256[8] memory at;
        for (uint256 axis = TensorReader.AXES; axis > 0;) {
            --axis;
            (at[axis], flat) = (flat % x.dims[axis], flat / x.dims[axis]);
        }
        return x.elementAt(x.placeOf(at));
    }

    /// @notice Parameters: for each axis of the output the operand's.
    function transpose(OperatorStep.Step memory step) internal pure returns (int256) {
        (TensorReader.Tensor memory x, TensorReader.Tensor memory y) = (step.operands[0], step.output);
        uint256 rank = y.rank;
        OperatorStep.requireArity(step, 1, rank);
        if (x.elementType != y.elementType) revert OperatorStep.OperatorStepType(step.code);
        if (x.rank != rank) revert OperatorStep.OperatorStepShape(step.code);
        uint256[8] memory at;
        uint256 seen = 0;
        for (uint256 i = 0; i < rank; ++i) {
            uint256 axis = TensorReader.AXES - rank + i;
            uint256 source = OperatorStep.axisParameter(step, i, rank);
            if ((seen >> source) & 1 == 1) {
                revert OperatorStep.OperatorStepParameter(step.code, i, step.parameters[i]);
            }
            seen |= 1 << source;
            if (x.dims[source] != y.dims[axis]) revert OperatorStep.OperatorStepShape(step.code);
            at[source] = step.at[axis];
        }
        return x.elementAt(x.placeOf(at));
    }

    /// @notice Parameter: the axis. Only the operand that the element comes from is read.
    function concat(OperatorStep.Step memory step) internal pure returns (int256) {
        uint256 operands = step.operands.length;
        OperatorStep.requireArity(step, operands == 0 ? 1 : operands, 1);
        TensorReader.Tensor memory y = step.output;
        uint256 axis = OperatorStep.axisParameter(step, 0, y.rank);
        uint256 wanted = step.at[axis];
        uint256 start = 0;
        uint256 source = operands;
        for (uint256 i = 0; i < operands; ++i) {
            TensorReader.Tensor memory x = step.operands[i];
            _requireJoins(step, x, axis);
            if (wanted >= start && wanted < start + x.dims[axis]) (source, step.at[axis]) = (i, wanted - start);
            start += x.dims[axis];
        }
        // So the element comes from one of them.
        if (start != y.dims[axis]) revert OperatorStep.OperatorStepShape(step.code);
        TensorReader.Tensor memory from = step.operands[source];
        return from.elementAt(from.placeOf(step.at));
    }

    /// @notice No parameters. Operands: indices of the output's shape, and a table.
    function lookup(OperatorStep.Step memory step) internal pure returns (int256) {
        OperatorStep.requireArity(step, 2, 0);
        (TensorReader.Tensor memory x, TensorReader.Tensor memory table) = (step.operands[0], step.operands[1]);
        bool fits = x.elementType == TensorReader.INT32 && table.elementType == step.output.elementType;
        if (!fits) revert OperatorStep.OperatorStepType(step.code);
        OperatorStep.requireSameShape(step, x);
        if (table.rank != 1) revert OperatorStep.OperatorStepShape(step.code);
        int256 index = x.elementAt(x.placeOf(step.at));
        if (index < 0 || index >= int256(table.count)) revert ElementStepsIndex(index, table.count);
        // Not negative.
        return table.elementAt(uint256(index));
    }

    /// @dev The operand's element at the output's coordinates, given that the output has this type.
    function _same(OperatorStep.Step memory step, uint256 elementType) private pure returns (int256) {
        TensorReader.Tensor memory x = step.operands[0];
        if (step.output.elementType != elementType) revert OperatorStep.OperatorStepType(step.code);
        OperatorStep.requireSameShape(step, x);
        return x.elementAt(x.placeOf(step.at));
    }

    /// @dev Same type and shape as the output, but for the axis.
    function _requireJoins(OperatorStep.Step memory step, TensorReader.Tensor memory x, uint256 axis) private pure {
        if (x.elementType != step.output.elementType) revert OperatorStep.OperatorStepType(step.code);
        bool fits = x.rank == step.output.rank;
        for (uint256 i = 0; i < TensorReader.AXES; ++i) {
            fits = fits && (i == axis || x.dims[i] == step.output.dims[i]);
        }
        if (!fits) revert OperatorStep.OperatorStepShape(step.code);
    }
}
