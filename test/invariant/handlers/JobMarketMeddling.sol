// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Job, JobState} from "../../../contracts/types/Job.sol";
import {AssignmentMode, Order} from "../../../contracts/types/Order.sol";
import {JobMarketSteps} from "./JobMarketSteps.sol";

/// @title JobMarketMeddling: every call on any job by anyone, some with an order that is not the job's
/// @dev What succeeds must be a listed transition, in time, by an entitled caller (SM-1).
abstract contract JobMarketMeddling is JobMarketSteps {
    enum Call {
        Assign,
        Award,
        Accept,
        Commit,
        Prove,
        Deliver,
        Settle,
        TimeOut,
        Decline,
        Refund,
        Cancel,
        Bid,
        PostSigned
    }

    uint256 private constant CALLS = uint256(type(Call).max) + 1;

    address private immutable STRANGER;

    constructor() {
        STRANGER = actor("stranger");
    }

    function meddle(uint256 seed) external counted("meddle") {
        // Any id, also ones that do not exist, or an open job.
        uint256 number = seed & 2 == 0 ? (seed >> 8) % (jobs + 2) : _openJob(seed >> 8, seed & 4 == 0);
        Order memory order = orderOf(number);
        bool tampered = seed & 56 == 0;
        if (tampered) order.maxPrice += 1;
        address caller = _anyone(seed >> 16, order);
        for (uint256 i = 0; i < CALLS; ++i) _meddle(Call(((seed >> 32) + i) % CALLS), number, order, caller, tampered);
    }

    /// @dev An open job that is overdue or not, searched from a random one on; zero when there is none.
    function _openJob(uint256 seed, bool overdue) internal view returns (uint256) {
        uint256[] memory open = openJobs();
        for (uint256 i = 0; i < open.length; ++i) {
            uint256 number = open[((seed % open.length) + i) % open.length];
            if ((block.timestamp >= jobOf(number).deadline) == overdue) return number;
        }
        return 0;
    }

    function _meddle(Call call, uint256 number, Order memory order, address caller, bool tampered) private {
        Job memory before = jobOf(number);
        bool allowed = _isEntitled(call, before, order, caller) && _isTimely(call, before, order);
        bytes memory data = _callData(call, order);
        address target = call == Call.Bid ? address(_world.matchmaker) : address(_world.market);

        vm.prank(caller);
        (bool success, ) = target.call(data);
        if (!success) return;
        _expect(!tampered, "an order that is not the job's was taken");
        _expect(allowed, "a call out of its time, or of a caller who may not");
        JobState to = jobOf(number).state;
        _expect(_leads(call, before.state, to), "SM-1: a call that leads elsewhere");
        if (call == Call.Bid) return;
        _count("meddle, listed transition");
        _arrive(number, to);
    }

    function _anyone(uint256 seed, Order memory order) private view returns (address) {
        uint256 choice = seed % 5;
        if (choice == 0) return STRANGER;
        if (choice == 1) return order.requester;
        if (choice == 2) return order.provider;
        return _world.providers[(seed >> 4) % 3];
    }

    function _callData(Call call, Order memory order) private view returns (bytes memory) {
        bytes32 output = keccak256("meddled output") >> 4;
        uint256[8] memory proof;
        if (call == Call.Assign) return abi.encodeCall(_world.market.assign, (order));
        if (call == Call.Award) {
            return abi.encodeCall(_world.market.award, (order, _world.beacon.currentEpoch() - 3));
        }
        if (call == Call.Accept) return abi.encodeCall(_world.market.accept, (order));
        if (call == Call.Commit) return abi.encodeCall(_world.market.commit, (order, output, output));
        if (call == Call.Prove) return abi.encodeCall(_world.market.prove, (order, proof));
        if (call == Call.Deliver) return abi.encodeCall(_world.market.deliver, (order, output, output, proof));
        if (call == Call.Settle) return abi.encodeCall(_world.market.settle, (order));
        if (call == Call.TimeOut) return abi.encodeCall(_world.market.timeOut, (order));
        if (call == Call.Decline) return abi.encodeCall(_world.market.decline, (order));
        if (call == Call.Refund) return abi.encodeCall(_world.market.refund, (order));
        if (call == Call.Cancel) return abi.encodeCall(_world.market.cancel, (order));
        if (call == Call.Bid) return abi.encodeCall(_world.matchmaker.bid, (_world.market, order, 0.4 ether));
        return abi.encodeCall(_world.market.postSigned, (order, new bytes(65)));
    }

    /// @dev Where each call may lead. No proof or signature that meddling sends is a good one.
    function _leads(Call call, JobState from, JobState to) private pure returns (bool) {
        if (call == Call.Prove || call == Call.Deliver || call == Call.PostSigned) return false;
        if (call == Call.Bid) return from == JobState.Posted && to == from;
        if (call == Call.Commit) {
            return from == JobState.Assigned && (to == JobState.Committed || to == JobState.Challengeable);
        }
        if (call == Call.Settle) return from == JobState.Challengeable && to == JobState.Settled;
        if (call == Call.TimeOut || call == Call.Decline) {
            bool running = from == JobState.Assigned || (from == JobState.Committed && call == Call.TimeOut);
            return running && (to == JobState.Posted || to == JobState.Refunded);
        }
        bool assigns = call == Call.Assign || call == Call.Award || call == Call.Accept;
        return from == JobState.Posted && to == (assigns ? JobState.Assigned : JobState.Refunded);
    }

    function _isTimely(Call call, Job memory job, Order memory order) private view returns (bool) {
        bool over = block.timestamp >= job.deadline;
        if (call == Call.Settle || call == Call.TimeOut || call == Call.Refund) return over;
        bool auction = order.mode == AssignmentMode.Auction && job.attempt == 0;
        bool closed = auction && block.timestamp + order.assignSeconds >= job.deadline;
        if (call == Call.Bid) return auction && !closed;
        if (call == Call.Cancel) {
            if (auction) return !closed;
            return order.mode == AssignmentMode.Direct || _world.beacon.nextDrawEpoch() < job.drawEpoch;
        }
        if (call == Call.Award) return closed && !over;
        if (call == Call.Assign) return !over && job.drawEpoch != 0 && _world.beacon.currentEpoch() >= job.drawEpoch;
        return !over;
    }

    function _isEntitled(Call call, Job memory job, Order memory order, address caller) private view returns (bool) {
        if (call == Call.Accept || call == Call.Deliver) return caller == order.provider;
        if (call == Call.Commit || call == Call.Decline) return caller == job.provider;
        if (call == Call.Cancel) return caller == order.requester;
        if (call == Call.Bid) return _world.registry.providerOf(caller).registered;
        return true;
    }
}
