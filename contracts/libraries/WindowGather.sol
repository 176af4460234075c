// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {OperatorStep} from "./OperatorStep.sol";
import {TensorReader} from "./TensorReader.sol";

/// @title WindowGather: what a window covers, written out term by term
/// @notice Terms are numbered row by row, in a row tap by tap, and in a tap channel by channel. Of terms whose tap lies in
/// the padding nothing is read and nothing written.
library WindowGather {
    /// @param taps Of the window.
    /// @param first The first of them inside the image.
    /// @param end The one behind the last that is inside.
    /// @param step From the place of one to that of the next, in elements.
    struct Axis {
        uint256 taps;
        uint256 first;
        uint256 end;
        uint256 step;
    }

    /// @param base Place of the first tap's first channel; modulo 2^256, as it lies before the image when the tap is in the
    /// padding.
    /// @param channels In a tap.
    /// @param channelStep From the place of one to that of the next, in elements.
    struct Window {
        uint256 base;
        uint256 channels;
        uint256 channelStep;
        Axis y;
        Axis x;
    }

    uint256 private constant MAX_PARAMETER = type(uint16).max;

    /// @notice Lays a window on the first operand, at the output's element. Reverts unless the output's dimensions follow.
    /// @param window With its base where it would be without axes.
    /// @param first Of its parameters: kernel, strides, dilations (height and width each), pads (top, left, bottom, right).
    function addAxes(OperatorStep.Step memory step, Window memory window, uint256 first) internal pure {
        uint256 offsetY;
        uint256 offsetX;
        (window.y, offsetY) = _axisOf(step, first, 0);
        (window.x, offsetX) = _axisOf(step, first, 1);
        unchecked {
            window.base += offsetY + offsetX;
        }
    }

    /// @notice The axis of a filter that lies on the image's.
    function filterAxis(Axis memory image, uint256 stride) internal pure returns (Axis memory axis) {
        return Axis({taps: image.taps, first: image.first, end: image.end, step: stride});
    }

    /// @notice Writes the terms `from` to `end` to memory, a byte each.
    function gather(
        TensorReader.Tensor memory image,
        Window memory window,
        uint256 to,
        uint256 from,
        uint256 end
    ) internal pure {
        _joinRows(window);
        uint256 terms = window.x.taps * window.channels;
        bool whole = window.x.first == 0 && window.x.end >= window.x.taps && _areTogether(window);
        // A window has at most 2^58 terms, and what is written lies in memory: nothing overflows.
        unchecked {
            while (from < end) {
                uint256 row = from / terms;
                uint256 first = from % terms;
                uint256 count = terms - first < end - from ? terms - first : end - from;
                if (row >= window.y.first && row < window.y.end) {
                    if (whole && count == terms) {
                        uint256 place = _placeOf(window, row, 0);
                        TensorReader.gather(image, to, place, window.channels, window.x.taps, window.x.step);
                    } else {
                        _gatherRow(image, window, to, row, first, first + count);
                    }
                }
                (to, from) = (to + count, from + count);
            }
        }
    }

    /// @dev The channels of a tap lie side by side.
    function _areTogether(Window memory window) private pure returns (bool) {
        return window.channels == 1 || window.channelStep == 1;
    }

    /// @dev Takes rows together where their taps follow one another in equal steps. The order of terms stays the same.
    function _joinRows(Window memory window) private pure {
        (Axis memory y, Axis memory x) = (window.y, window.x);
        if (x.taps == 1) {
            (window.x, window.y) = (y, x);
        } else if (x.first == 0 && x.end >= x.taps && y.step == x.taps * x.step) {
            window.x = Axis({taps: y.taps * x.taps, first: y.first * x.taps, end: y.end * x.taps, step: x.step});
            window.y = Axis({taps: 1, first: 0, end: 1, step: 0});
        }
    }

    /// @dev Terms `from` to `stop` of a row.
    function _gatherRow(
        TensorReader.Tensor memory image,
        Window memory window,
        uint256 to,
        uint256 row,
        uint256 from,
        uint256 stop
    ) private pure {
        uint256 channels = window.channels;
        unchecked {
            while (from < stop) {
                uint256 channel = from % channels;
                uint256 count = stop - from;
                if (channel == 0 && count >= channels && _areTogether(window)) {
                    count -= count % channels;
                    _gatherTaps(image, window, to, row, from / channels, count / channels);
                } else {
                    if (count > channels - channel) count = channels - channel;
                    _gatherChannels(image, window, to, _placeOf(window, row, from / channels), from, count);
                }
                (to, from) = (to + count, from + count);
            }
        }
    }

    /// @dev Some channels of one tap, from that of the term on.
    function _gatherChannels(
        TensorReader.Tensor memory image,
        Window memory window,
        uint256 to,
        uint256 place,
        uint256 term,
        uint256 count
    ) private pure {
        (uint256 channels, uint256 channelStep) = (window.channels, window.channelStep);
        unchecked {
            uint256 tap = term / channels;
            if (tap < window.x.first || tap >= window.x.end) return;
            place += (term % channels) * channelStep;
        }
        TensorReader.gather(image, to, place, 1, count, channelStep);
    }

    /// @dev All channels of some taps of a row.
    function _gatherTaps(
        TensorReader.Tensor memory image,
        Window memory window,
        uint256 to,
        uint256 row,
        uint256 tap,
        uint256 taps
    ) private pure {
        uint256 first = window.x.first;
        uint256 end = window.x.end;
        unchecked {
            if (first < tap) first = tap;
            if (end > tap + taps) end = tap + taps;
            if (first >= end) return;
            to += (first - tap) * window.channels;
            end -= first;
        }
        TensorReader.gather(image, to, _placeOf(window, row, first), window.channels, end, window.x.step);
    }

    /// @dev Of a tap's first channel; it is the image's when the tap is inside.
    function _placeOf(Window memory window, uint256 row, uint256 tap) private pure returns (uint256) {
        unchecked {
            return window.base + row * window.y.step + tap * window.x.step;
        }
    }

    /// @param side 0 for the height, 1 for the width.
    /// @return axis Of the image.
    /// @return offset From its first place to the first tap's, modulo 2^256.
    function _axisOf(
        OperatorStep.Step memory step,
        uint256 first,
        uint256 side
    ) private pure returns (Axis memory axis, uint256 offset) {
        uint256 dimension = 6 + side;
        (uint256 extent, uint256 stride) = (step.operands[0].dims[dimension], _bounded(step, first + 2 + side, 1));
        uint256 dilation = _bounded(step, first + 4 + side, 1);
        uint256 before = _bounded(step, first + 6 + side, 0);
        axis.taps = _bounded(step, first + side, 1);
        uint256 padded = extent + before + _bounded(step, first + 8 + side, 0);
        uint256 reach = (axis.taps - 1) * dilation + 1;
        if (padded < reach || step.output.dims[dimension] != (padded - reach) / stride + 1) {
            revert OperatorStep.OperatorStepShape(step.code);
        }
        uint256 start = step.at[dimension] * stride;
        axis.first = start < before ? Math.ceilDiv(before - start, dilation) : 0;
        axis.end = extent + before > start ? Math.ceilDiv(extent + before - start, dilation) : 0;
        stride = step.operands[0].strides[dimension];
        axis.step = dilation * stride;
        unchecked {
            offset = (start - before) * stride;
        }
    }

    function _bounded(OperatorStep.Step memory step, uint256 index, int256 least) private pure returns (uint256) {
        return uint256(OperatorStep.parameter(step, index, least, int256(MAX_PARAMETER)));
    }
}
