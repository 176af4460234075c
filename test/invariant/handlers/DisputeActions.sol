// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Demand, Inquiry, Place, Turn, Verdict} from "../../../contracts/types/Dispute.sol";
import {JobState} from "../../../contracts/types/Job.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {ProgramOpening, TensorOpening} from "../../../contracts/types/Trace.sol";
import {World} from "../../helpers/solidity/MarketWorld.sol";
import {DisputeCommitments} from "./DisputeCommitments.sol";

/// @title DisputeActions: bonded jobs, and all that is done about their results
abstract contract DisputeActions is DisputeCommitments {
    constructor(World memory world) DisputeCommitments(world) {}

    // Jobs

    /// @dev Three of four jobs are committed at once; the others wait for their input.
    function open(uint256 seed) external counted("open") {
        require(jobs() < MAX_JOBS, "enough");
        uint256 number = jobs();
        Order memory order = _nextOrder(seed);
        vm.prank(order.requester);
        _world.market.post(order);
        vm.prank(order.provider);
        _world.market.accept(order);
        if (seed % 4 != 0) _commit(number);
    }

    function commitResult(uint256 seed) external counted("commit") {
        _commit(_jobIn(JobState.Assigned, seed));
    }

    function settle(uint256 seed) external counted("settle") {
        uint256 number = _jobIn(JobState.Challengeable, seed);
        uint256 open_ = mattersOf(number);
        _waitFor(jobOf(number).deadline, seed);
        _world.market.settle(orderOf(number));
        _expect(open_ == 0, "DIS-3: a result in question was settled");
        _expect(verdictOf(number).reporter == address(0), "DIS-3: a convicted result was paid");
    }

    function timeOut(uint256 seed) external counted("timeOut") {
        uint256 number = _jobIn(JobState.Assigned, seed);
        uint256 open_ = mattersOf(number);
        _waitFor(jobOf(number).deadline, seed);
        _world.market.timeOut(orderOf(number));
        _expect(open_ == 0, "DIS-3: a job whose input is demanded was timed out");
    }

    function warp(uint256 seed) external counted("warp") {
        skip(bound(seed, 1, 900));
    }

    // Verdicts

    /// @dev One of four tries is with evidence of nothing, which must not convict.
    function challenge(uint256 seed) external {
        uint256 number = _jobIn(JobState.Challengeable, seed);
        bool wrong = (seed >> 16) % 4 != 0;
        address market = address(_world.market);
        bytes memory claim = claimOf(number);
        bytes memory evidence = _evidence(number, wrong);
        vm.prank(_challengers[(seed >> 8) % 3]);
        _world.disputes.challengeStep(market, claim, evidence, 0);
        _expect(wrong, "DIS-1: convicted although the referee found nothing wrong");
        _count("challenge");
    }

    function execute(uint256 seed) external counted("execute") {
        uint256 number = _convicted(seed);
        uint256 executableAt = verdictOf(number).executableAt;
        _waitFor(executableAt, seed);
        _world.disputes.execute(address(_world.market), claimOf(number));
        _expect(present() >= executableAt, "executed too early");
        _expect(jobOf(number).state == JobState.Refunded, "a convicted job was not refunded");
    }

    // Inquiries

    function inquire(uint256 seed) external counted("inquire") {
        uint256 number = _jobIn(JobState.Challengeable, seed);
        vm.prank(_challengers[(seed >> 8) % 3]);
        _world.disputes.inquire(address(_world.market), claimOf(number));
    }

    function answer(uint256 seed) external counted("answer") {
        (uint256 number, uint256 challenger) = _inquiryIn(Turn.Provider, seed);
        (bytes32[] memory nodes, bytes memory data) = _answerTo(number, inquiryOf(number, challenger));
        _world.disputes.answer(address(_world.market), subjectOf(number), _challengers[challenger], nodes, data);
    }

    function ask(uint256 seed) external counted("ask") {
        (uint256 number, uint256 challenger) = _inquiryIn(Turn.Inquirer, seed);
        Inquiry memory inquiry = inquiryOf(number, challenger);
        bytes32[] memory nodes = new bytes32[](1);
        nodes[0] = inquiry.place == Place.Tensors ? traceTreeOf(number) : chunkLeafOf(number);
        bytes32 subject = subjectOf(number);
        vm.prank(_challengers[challenger]);
        _world.disputes.ask(address(_world.market), subject, 0, nodes);
    }

    function claimSilence(uint256 seed) external counted("claimSilence") {
        (uint256 number, uint256 challenger) = _inquiryIn(Turn.Provider, seed);
        uint256 deadline = inquiryOf(number, challenger).deadline;
        _waitFor(deadline, seed);
        _world.disputes.claimSilence(address(_world.market), claimOf(number), _challengers[challenger]);
        _expect(present() >= deadline, "DIS-1: silence before the time was over");
    }

    /// @dev By its inquirer every other time.
    function close(uint256 seed) external counted("close") {
        (uint256 number, uint256 challenger) = _inquiryIn(Turn.Inquirer, seed);
        bytes32 subject = subjectOf(number);
        if ((seed >> 16) % 2 == 0) vm.prank(_challengers[challenger]);
        _world.disputes.closeInquiry(address(_world.market), subject, _challengers[challenger]);
    }

    // Demands

    function demand(uint256 seed) external {
        bool isInput = (seed >> 8) % 2 == 0;
        uint256 number = _jobIn(isInput ? JobState.Assigned : JobState.Challengeable, seed);
        Order memory order = orderOf(number);
        address market = address(_world.market);
        bytes memory claim = claimOf(number);
        vm.prank(isInput ? order.provider : order.requester);
        if (isInput) _world.disputes.demandInput(market, claim, 0, 1);
        else _world.disputes.demandOutput(market, claim, 0, 1);
        _count(isInput ? bytes32("demandInput") : bytes32("demandOutput"));
    }

    function publish(uint256 seed) external {
        bool isInput = (seed >> 8) % 2 == 0;
        uint256 number = _demanded(isInput, seed);
        TensorOpening memory tensor;
        (tensor.header, tensor.chunkRoot) = (HEADER, tensorRootOf(number));
        tensor.chunkIndices = new uint32[](1);
        address market = address(_world.market);
        bytes memory claim = claimOf(number);
        ProgramOpening memory program;
        bytes32 traceRoot = traceRootOf(number);
        if (isInput) _world.disputes.publishInput(market, claim, tensor);
        else _world.disputes.publishOutput(market, claim, program, traceRoot, tensor);
        _count(isInput ? bytes32("publishInput") : bytes32("publishOutput"));
    }

    function claimUnanswered(uint256 seed) external {
        bool isInput = (seed >> 8) % 2 == 0;
        uint256 number = _demanded(isInput, seed);
        Demand memory demanded = demandOf(number, isInput);
        _waitFor(demanded.deadline, seed);
        _world.disputes.claimUnanswered(address(_world.market), claimOf(number), isInput);
        _expect(present() >= demanded.deadline, "unanswered before the time was over");
        bool paid = !isInput || jobOf(number).state == JobState.Settled;
        _expect(paid, "a provider without its input was not paid");
        _count(isInput ? bytes32("unanswered, input") : bytes32("unanswered, output"));
    }

    // Internals

    function _convicted(uint256 seed) private view returns (uint256 number) {
        for (uint256 i = 0; i < jobs(); ++i) {
            number = ((seed & 0xff) + i) % jobs();
            Verdict memory verdict = verdictOf(number);
            if (verdict.reporter != address(0) && !verdict.executed) return number;
        }
        revert("nobody is convicted");
    }

    function _inquiryIn(Turn turn, uint256 seed) private view returns (uint256 number, uint256 challenger) {
        for (uint256 i = 0; i < 3 * jobs(); ++i) {
            uint256 at = ((seed & 0xff) + i) % (3 * jobs());
            (number, challenger) = (at / 3, at % 3);
            if (inquiryOf(number, challenger).turn == turn) return (number, challenger);
        }
        revert("no such inquiry");
    }

    function _demanded(bool isInput, uint256 seed) private view returns (uint256 number) {
        for (uint256 i = 0; i < jobs(); ++i) {
            number = ((seed & 0xff) + i) % jobs();
            if (demandOf(number, isInput).asker != address(0)) return number;
        }
        revert("nothing is demanded");
    }

    function _commit(uint256 number) private {
        vm.prank(orderOf(number).provider);
        _world.market.commit(orderOf(number), traceRootOf(number), keccak256("output"));
    }

    function _answerTo(
        uint256 number,
        Inquiry memory inquiry
    ) private pure returns (bytes32[] memory nodes, bytes memory data) {
        if (inquiry.place == Place.Chunk) return (nodes, chunkOf(number));
        nodes = new bytes32[](1);
        bool isTrace = inquiry.place == Place.Trace;
        nodes[0] = isTrace ? traceTreeOf(number) : chunkLeafOf(number);
        data = isTrace ? abi.encodePacked(uint32(1)) : HEADER;
    }
}
