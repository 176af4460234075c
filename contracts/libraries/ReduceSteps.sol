// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {DotProduct} from "./DotProduct.sol";
import {LinearSteps} from "./LinearSteps.sol";
import {OperatorStep} from "./OperatorStep.sol";
import {TensorReader} from "./TensorReader.sol";
import {WindowGather} from "./WindowGather.sol";

/// @title ReduceSteps: MaxPool, ReduceSum and ArgMax
library ReduceSteps {
    using TensorReader for TensorReader.Tensor;

    uint256 private constant WINDOW_PARAMETERS = 10;

    /// @param dims Of the reduced axes, outermost first; axes that lie side by side are one, those of dimension one left out.
    /// @param strides Of the same.
    /// @param count How many there are.
    /// @param base Place of the first term.
    /// @param terms In all.
    struct Reduction {
        uint256[8] dims;
        uint256[8] strides;
        uint256 count;
        uint256 base;
        uint256 terms;
    }

    /// @notice Parameters: the window's. Padding never wins; of an empty window the type's least value is the largest.
    function maxPool(OperatorStep.Step memory step) internal pure returns (int256 largest) {
        OperatorStep.requireArity(step, 1, WINDOW_PARAMETERS);
        (TensorReader.Tensor memory x, TensorReader.Tensor memory y) = (step.operands[0], step.output);
        if (x.elementType == TensorReader.INT32 || y.elementType != x.elementType) {
            revert OperatorStep.OperatorStepType(step.code);
        }
        bool fits = x.rank == 4 && y.rank == 4 && y.dims[4] == x.dims[4] && y.dims[5] == x.dims[5];
        if (!fits) revert OperatorStep.OperatorStepShape(step.code);
        WindowGather.Window memory window;
        window.channels = 1;
        window.base = step.at[4] * x.strides[4] + step.at[5] * x.strides[5];
        WindowGather.addAxes(step, window, 0);
        (uint256 from, uint256 to) = OperatorStep.rangeOf(step, window.y.taps * window.x.taps);
        bool isSigned = x.elementType == TensorReader.INT8;
        uint256 terms = OperatorStep.allocate(to - from);
        LinearSteps.fill(terms, to - from, isSigned ? 0x80 : 0);
        WindowGather.gather(x, window, terms, from, to);
        largest = DotProduct.max(terms, to - from, isSigned);
        if (from > 0) {
            int256 before = OperatorStep.accumulated(step, from);
            if (before > largest) largest = before;
        }
    }

    /// @notice Parameters: whether reduced axes stay with a dimension of one, then the reduced axes, ascending.
    function reduceSum(OperatorStep.Step memory step) internal pure returns (int256 total) {
        uint256 axes = step.parameters.length - (step.isPartial ? 3 : 1);
        OperatorStep.requireArity(step, 1, 1 + axes);
        TensorReader.Tensor memory x = step.operands[0];
        if (x.elementType != TensorReader.INT32 || step.output.elementType != TensorReader.INT32) {
            revert OperatorStep.OperatorStepType(step.code);
        }
        Reduction memory reduction = _reduction(step, x, _axes(step, x.rank, axes));
        (uint256 from, uint256 to) = OperatorStep.rangeOf(step, reduction.terms);
        uint256 terms = OperatorStep.allocate(4 * (to - from));
        _gather(x, reduction, terms, from, to);
        total = DotProduct.sum(terms, to - from);
        if (from > 0) total += OperatorStep.accumulated(step, from);
    }

    /// @notice Parameters: the axis, and whether it stays with a dimension of one.
    /// @return True when the index that the output claims is out of range, or the element at the hint refutes it: it is
    /// greater, or as great and before.
    function isWrongArgMax(OperatorStep.Step memory step) internal pure returns (bool) {
        OperatorStep.requireArity(step, 1, 2);
        TensorReader.Tensor memory x = step.operands[0];
        if (step.output.elementType != TensorReader.INT32) revert OperatorStep.OperatorStepType(step.code);
        uint256 axis = OperatorStep.axisParameter(step, 0, x.rank);
        uint256 kept = uint256(OperatorStep.parameter(step, 1, 0, 1));
        uint256[8] memory at = _source(step, x, 1 << axis, kept == 1);
        int256 claimed = step.output.elementAt(step.place);
        if (claimed < 0 || claimed >= int256(x.dims[axis])) return true;
        if (step.hint >= x.dims[axis]) revert OperatorStep.OperatorStepHint(step.code, step.hint);
        // Not negative.
        at[axis] = uint256(claimed);
        int256 largest = x.elementAt(x.placeOf(at));
        at[axis] = step.hint;
        int256 other = x.elementAt(x.placeOf(at));
        return other > largest || (other == largest && int256(step.hint) < claimed);
    }

    /// @dev The reduced axes as bits, aligned to the right.
    function _axes(OperatorStep.Step memory step, uint256 rank, uint256 count) private pure returns (uint256 reduced) {
        for (uint256 i = 1; i <= count; ++i) {
            uint256 bit = 1 << OperatorStep.axisParameter(step, i, rank);
            if (bit <= reduced) revert OperatorStep.OperatorStepParameter(step.code, i, step.parameters[i]);
            reduced |= bit;
        }
        if (count == 0) revert OperatorStep.OperatorStepArity(step.code, step.operands.length, step.parameters.length);
    }

    /// @dev Coordinates of the first term of the output's element. Reverts unless the shapes go together.
    function _source(
        OperatorStep.Step memory step,
        TensorReader.Tensor memory x,
        uint256 reduced,
        bool kept
    ) private pure returns (uint256[8] memory at) {
        TensorReader.Tensor memory y = step.output;
        uint256 next = TensorReader.AXES;
        bool fits = true;
        for (uint256 axis = TensorReader.AXES; axis > TensorReader.AXES - x.rank;) {
            --axis;
            bool gone = (reduced >> axis) & 1 == 1;
            if (gone && !kept) continue;
            if (next == 0) revert OperatorStep.OperatorStepShape(step.code);
            --next;
            fits = fits && y.dims[next] == (gone ? 1 : x.dims[axis]);
            if (!gone) at[axis] = step.at[next];
        }
        if (!fits || y.rank != TensorReader.AXES - next) revert OperatorStep.OperatorStepShape(step.code);
    }

    function _reduction(
        OperatorStep.Step memory step,
        TensorReader.Tensor memory x,
        uint256 reduced
    ) private pure returns (Reduction memory reduction) {
        bool kept = OperatorStep.parameter(step, 0, 0, 1) == 1;
        reduction.base = x.placeOf(_source(step, x, reduced, kept));
        reduction.terms = 1;
        uint256 last = 0;
        for (uint256 axis = TensorReader.AXES - x.rank; axis < TensorReader.AXES; ++axis) {
            (uint256 dim, uint256 stride) = (x.dims[axis], x.strides[axis]);
            if ((reduced >> axis) & 1 == 0 || dim == 1) continue;
            reduction.terms *= dim;
            if (reduction.count > 0 && reduction.strides[last] == dim * stride) {
                dim *= reduction.dims[last];
            } else {
                last = reduction.count++;
            }
            (reduction.dims[last], reduction.strides[last]) = (dim, stride);
        }
        if (reduction.count == 0) (reduction.dims[0], reduction.count) = (1, 1);
    }

    /// @dev Terms `from` to `end`, line by line along the innermost axis.
    function _gather(
        TensorReader.Tensor memory x,
        Reduction memory reduction,
        uint256 to,
        uint256 from,
        uint256 end
    ) private pure {
        uint256 inner = reduction.count - 1;
        uint256 length = reduction.dims[inner];
        while (from < end) {
            uint256 count = length - (from % length);
            if (count > end - from) count = end - from;
            x.gather(to, _termAt(reduction, from), 1, count, reduction.strides[inner]);
            (to, from) = (to + 4 * count, from + count);
        }
    }

    /// @dev Place of a term.
    function _termAt(Reduction memory reduction, uint256 term) private pure returns (uint256 place) {
        place = reduction.base;
        for (uint256 axis = reduction.count; axis > 0;) {
            --axis;
            place += (term % reduction.dims[axis]) * reduction.strides[axis];
            term /= reduction.dims[axis];
        }
    }
}
