// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {DotProduct} from "./DotProduct.sol";
import {OperatorStep} from "./OperatorStep.sol";
import {TensorReader} from "./TensorReader.sol";
import {WindowGather} from "./WindowGather.sol";

/// @title LinearSteps: MatMulInteger and ConvInteger
/// @notice Both write the terms of one element side by side, then take a dot product.
library LinearSteps {
    using TensorReader for TensorReader.Tensor;

    uint256 private constant ROW = 6;
    uint256 private constant COLUMN = 7;
    uint256 private constant WINDOW_PARAMETERS = 10;

    /// @notice Parameters: zero points of a and b.
    function matMul(OperatorStep.Step memory step) internal pure returns (int256) {
        OperatorStep.requireArity(step, 2, 2);
        _requireTypes(step);
        (TensorReader.Tensor memory a, TensorReader.Tensor memory b) = (step.operands[0], step.operands[1]);
        OperatorStep.requireBroadcast(step, a, b, ROW);
        bool fits = a.rank >= 2 && b.rank >= 2 && a.dims[COLUMN] == b.dims[ROW];
        if (!fits || step.output.dims[ROW] != a.dims[ROW] || step.output.dims[COLUMN] != b.dims[COLUMN]) {
            revert OperatorStep.OperatorStepShape(step.code);
        }
        (uint256 from, uint256 to) = OperatorStep.rangeOf(step, a.dims[COLUMN]);
        uint256 left = OperatorStep.allocate(to - from);
        uint256 right = OperatorStep.allocate(to - from);
        (uint256 row, uint256 column) = (step.at[ROW], step.at[COLUMN]);
        step.at[COLUMN] = from;
        a.gather(left, a.placeOf(step.at), 1, to - from, a.strides[COLUMN]);
        (step.at[ROW], step.at[COLUMN]) = (from, column);
        b.gather(right, b.placeOf(step.at), 1, to - from, b.strides[ROW]);
        step.at[ROW] = row;
        return _total(step, left, right, from, to);
    }

    /// @notice Parameters: zero points of x and w, groups, then the window's.
    function conv(OperatorStep.Step memory step) internal pure returns (int256) {
        OperatorStep.requireArity(step, 2, 3 + WINDOW_PARAMETERS);
        _requireTypes(step);
        (TensorReader.Tensor memory x, TensorReader.Tensor memory w) = (step.operands[0], step.operands[1]);
        uint256 groups = uint256(OperatorStep.parameter(step, 2, 1, type(int64).max));
        _requireImages(step, groups);
        (uint256 from, uint256 to) = OperatorStep.rangeOf(step, w.dims[5] * w.dims[6] * w.dims[7]);
        uint256 left = OperatorStep.allocate(to - from);
        uint256 right = OperatorStep.allocate(to - from);
        (WindowGather.Window memory image, WindowGather.Window memory filter) = _windows(step, groups);
        // A byte that stands for zero fills the padding, which the weights on it do not matter to. Zero points were found to
        // fit a byte.
        fill(left, to - from, uint256(step.parameters[0]));
        WindowGather.gather(x, image, left, from, to);
        WindowGather.gather(w, filter, right, from, to);
        return _total(step, left, right, from, to);
    }

    /// @notice Writes the byte `count` times, and up to 31 times more.
    function fill(uint256 at, uint256 count, uint256 value) internal pure {
        assembly ("memory-safe") {
            let word := mul(value, 0x0101010101010101010101010101010101010101010101010101010101010101)
            for {
                let end := add(at, count)
            } lt(at, end) {
                at := add(at, 0x20)
            } {
                mstore(at, word)
            }
        }
    }

    /// @dev What the window covers of x, and the weights on it.
    function _windows(
        OperatorStep.Step memory step,
        uint256 groups
    ) private pure returns (WindowGather.Window memory image, WindowGather.Window memory filter) {
        (TensorReader.Tensor memory x, TensorReader.Tensor memory w) = (step.operands[0], step.operands[1]);
        uint256 channels = w.dims[5];
        uint256 group = step.at[5] / (w.dims[4] / groups);
        (image.channels, image.channelStep) = (channels, x.strides[5]);
        image.base = step.at[4] * x.strides[4] + group * channels * x.strides[5];
        WindowGather.addAxes(step, image, 3);
        if (image.y.taps != w.dims[6] || image.x.taps != w.dims[7]) revert OperatorStep.OperatorStepShape(step.code);
        (filter.channels, filter.channelStep, filter.base) = (channels, w.strides[5], step.at[5] * w.strides[4]);
        filter.y = WindowGather.filterAxis(image.y, w.strides[6]);
        filter.x = WindowGather.filterAxis(image.x, w.strides[7]);
    }

    function _requireImages(OperatorStep.Step memory step, uint256 groups) private pure {
        (TensorReader.Tensor memory x, TensorReader.Tensor memory w) = (step.operands[0], step.operands[1]);
        TensorReader.Tensor memory y = step.output;
        bool fits = x.rank == 4 && w.rank == 4 && y.rank == 4;
        fits = fits && y.dims[4] == x.dims[4] && y.dims[5] == w.dims[4];
        if (!fits || x.dims[5] != w.dims[5] * groups || w.dims[4] % groups != 0) {
            revert OperatorStep.OperatorStepShape(step.code);
        }
    }

    /// @dev Also the zero points, which have to be values of their types.
    function _requireTypes(OperatorStep.Step memory step) private pure {
        (uint256 left, uint256 right) = (step.operands[0].elementType, step.operands[1].elementType);
        bool fits = left == TensorReader.UINT8 && right != TensorReader.INT32;
        if (!fits || step.output.elementType != TensorReader.INT32) revert OperatorStep.OperatorStepType(step.code);
        OperatorStep.parameter(step, 0, 0, 255);
        bool isSigned = right == TensorReader.INT8;
        OperatorStep.parameter(step, 1, isSigned ? -128 : int256(0), isSigned ? int256(127) : int256(255));
    }

    function _total(
        OperatorStep.Step memory step,
        uint256 left,
        uint256 right,
        uint256 from,
        uint256 to
    ) private pure returns (int256 total) {
        bool isSigned = step.operands[1].elementType == TensorReader.INT8;
        total = DotProduct.compute(left, right, to - from, isSigned, step.parameters[0], step.parameters[1]);
        if (from > 0) total += OperatorStep.accumulated(step, from);
    }
}
