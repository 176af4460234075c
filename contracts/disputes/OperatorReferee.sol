// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IOperatorReferee} from "../interfaces/IOperatorReferee.sol";
import {ElementSteps} from "../libraries/ElementSteps.sol";
import {EvidenceLayout} from "../libraries/EvidenceLayout.sol";
import {LinearSteps} from "../libraries/LinearSteps.sol";
import {OperatorStep} from "../libraries/OperatorStep.sol";
import {ReduceSteps} from "../libraries/ReduceSteps.sol";
import {TensorReader} from "../libraries/TensorReader.sol";
import {TraceOpening} from "../libraries/TraceOpening.sol";
import {TraceProgram} from "../libraries/TraceProgram.sol";
import {Roots, StepEvidence, TensorOpening} from "../types/Trace.sol";

/// @title OperatorReferee: see IOperatorReferee
/// @dev Holds nothing and depends on nothing but its arguments. Evidence stays in the calldata; what one step reads has
/// bounds (OperatorStep, TensorReader), so a conviction fits into a transaction.
contract OperatorReferee is IOperatorReferee {
    using TensorReader for TensorReader.Tensor;
    using TraceOpening for TraceOpening.Trees;
    using TraceProgram for TraceProgram.Program;

    uint256 private constant MAT_MUL = 1;
    uint256 private constant CONV = 2;
    uint256 private constant MIN = 8;
    uint256 private constant CLIP = 9;
    uint256 private constant CAST = 10;
    uint256 private constant RESHAPE = 11;
    uint256 private constant TRANSPOSE = 12;
    uint256 private constant MAX_POOL = 13;
    uint256 private constant CONCAT = 14;
    uint256 private constant LOOKUP = 15;
    uint256 private constant REDUCE_SUM = 16;
    uint256 private constant ARG_MAX = 17;
    uint256 private constant PARTIAL_MAT_MUL = 18;
    uint256 private constant PARTIAL_CONV = 19;
    uint256 private constant PARTIAL_REDUCE_SUM = 20;
    uint256 private constant PARTIAL_MAX_POOL = 21;

    /// @inheritdoc IOperatorReferee
    function isWrongStep(Roots calldata roots, bytes calldata evidence) external pure returns (bool isWrong) {
        StepEvidence calldata opened = EvidenceLayout.stepOf(evidence);
        OperatorStep.Step memory step = _open(roots, opened);
        isWrong = _isWrong(step);
        step.output.requireAllRead();
        for (uint256 i = 0; i < step.operands.length; ++i) {
            step.operands[i].requireAllRead();
        }
    }

    /// @dev Opens the program, the node, its output and its operands.
    function _open(
        Roots calldata roots,
        StepEvidence calldata opened
    ) private pure returns (OperatorStep.Step memory step) {
        TraceProgram.Program memory program = TraceProgram.open(opened.program, roots.program);
        TraceOpening.Trees memory trees = TraceOpening.open(program, roots, opened.traceTree, opened.weightsTree);
        TraceProgram.Node memory node = program.nodeAt(opened.nodeIndex, opened.node, opened.nodeSiblings);
        TensorOpening[] calldata operands = opened.operands;
        if (operands.length != node.operands.length) {
            revert OperatorStep.OperatorStepArity(node.code, operands.length, node.parameters.length);
        }
        (step.code, step.isPartial) = _wholeOf(node.code);
        step.parameters = node.parameters;
        step.hint = opened.hint;
        step.place = opened.element;
        step.output = trees.tensorOf(program, node.output, opened.output);
        step.at = step.output.coordinatesOf(step.place);
        step.operands = new TensorReader.Tensor[](operands.length);
        for (uint256 i = 0; i < operands.length; ++i) {
            step.operands[i] = trees.tensorOf(program, node.operands[i], operands[i]);
        }
    }

    function _isWrong(OperatorStep.Step memory step) private pure returns (bool) {
        int256 claimed = step.output.elementAt(step.place);
        if (step.code == ARG_MAX) return ReduceSteps.isWrongArgMax(step);
        if (step.hint != 0) revert OperatorStep.OperatorStepHint(step.code, step.hint);
        return OperatorStep.wrap(_compute(step), step.output.elementType) != claimed;
    }

    function _compute(OperatorStep.Step memory step) private pure returns (int256) {
        uint256 code = step.code;
        if (code == MAT_MUL) return LinearSteps.matMul(step);
        if (code == CONV) return LinearSteps.conv(step);
        if (code <= MIN && code != 0) return ElementSteps.binary(step);
        if (code == CLIP) return ElementSteps.clip(step);
        if (code == CAST) return ElementSteps.cast(step);
        if (code == RESHAPE) return ElementSteps.reshape(step);
        if (code == TRANSPOSE) return ElementSteps.transpose(step);
        if (code == MAX_POOL) return ReduceSteps.maxPool(step);
        if (code == CONCAT) return ElementSteps.concat(step);
        if (code == LOOKUP) return ElementSteps.lookup(step);
        if (code == REDUCE_SUM) return ReduceSteps.reduceSum(step);
        revert OperatorStep.OperatorStepUnknown(code);
    }

    /// @dev The operator of which a node does all, or a part.
    function _wholeOf(uint256 code) private pure returns (uint256 whole, bool isPartial) {
        if (code == PARTIAL_MAT_MUL) return (MAT_MUL, true);
        if (code == PARTIAL_CONV) return (CONV, true);
        if (code == PARTIAL_REDUCE_SUM) return (REDUCE_SUM, true);
        if (code == PARTIAL_MAX_POOL) return (MAX_POOL, true);
        return (code, false);
    }
}
