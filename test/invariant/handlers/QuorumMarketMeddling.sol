// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Order} from "../../../contracts/types/Order.sol";
import {QuorumJob, QuorumMember, QuorumState} from "../../../contracts/types/Quorum.sol";
import {QuorumMarketSteps} from "./QuorumMarketSteps.sol";

/// @title QuorumMarketMeddling: every call on any job by anyone, some with an order that is not the job's
abstract contract QuorumMarketMeddling is QuorumMarketSteps {
    address private immutable STRANGER = actor("stranger");

    /// @dev Every call on any job by anyone, some with an order that is not the job's. What succeeds must be a listed
    /// transition, in time, by an entitled caller (SM-1).
    function meddle(uint256 seed) external counted("meddle") {
        // Any id, also ones that do not exist, or an open job.
        uint256 jobId = seed & 2 == 0 ? (seed >> 8) % (jobs + 2) : _openJob(seed >> 8, seed & 4 == 0);
        Order memory order = orderOf(jobId);
        bool tampered = seed & 56 == 0;
        if (tampered) order.redundancy = order.redundancy == 3 ? 4 : 3;
        address caller = _anyone(seed >> 16, order);
        for (uint256 i = 0; i < 7; ++i) _meddle(((seed >> 32) + i) % 7, jobId, order, caller, tampered);
    }

    function _meddle(uint256 call, uint256 jobId, Order memory order, address caller, bool tampered) private {
        QuorumJob memory before = _scene.market.jobOf(jobId);
        bytes memory data = _callData(call, jobId, order);
        vm.prank(caller);
        (bool success, ) = address(_scene.market).call(data);
        if (!success) return;
        QuorumState to = _scene.market.jobOf(jobId).state;
        _expect(!tampered, "an order that is not the job's was taken");
        _expect(_isListed(call, before.state, to), "SM-1: a transition that is not listed");
        _expect(_isTimely(call, jobId, before), "a call out of its time");
        _expect(_isEntitled(call, before, order, caller), "a caller who may not");
        if (call == 1) _answers[jobId][before.attempt][caller] = keccak256("meddled");
        _count("meddle, listed transition");
        _arrive(jobId, to);
    }

    // Internals

    /// @dev When a Committing or Revealing job can be ended by anyone, however little was revealed.
    function _revealEnd(uint256 jobId, QuorumJob memory job) internal view returns (uint256) {
        if (job.state != QuorumState.Committing) return job.deadline;
        uint256 committed;
        for (uint256 i = 0; i < job.members.length; ++i) if (job.members[i].committed) ++committed;
        return 2 * committed > job.members.length ? job.deadline + _orders[jobId].proveSeconds : job.deadline;
    }

    /// @dev An open job that is overdue or not, searched from a random id on; zero when there is none.
    function _openJob(uint256 seed, bool overdue) internal view returns (uint256) {
        for (uint256 i = 0; i < jobs; ++i) {
            uint256 jobId = (((seed % jobs) + i) % jobs) + 1;
            if (isFinal(jobId)) continue;
            if ((block.timestamp >= _scene.market.jobOf(jobId).deadline) == overdue) return jobId;
        }
        return 0;
    }

    function _anyone(uint256 seed, Order memory order) private view returns (address) {
        if (seed % 4 == 0) return STRANGER;
        if (seed % 4 == 1) return order.requester;
        return _scene.providers[(seed >> 4) % 5];
    }

    function _callData(uint256 call, uint256 jobId, Order memory order) private view returns (bytes memory) {
        bytes32 word = keccak256("meddled");
        if (call == 0) return abi.encodeCall(_scene.market.assign, (jobId, order));
        if (call == 1) return abi.encodeCall(_scene.market.commit, (jobId, order, word));
        if (call == 2) return abi.encodeCall(_scene.market.decline, (jobId, order));
        if (call == 3) return abi.encodeCall(_scene.market.reveal, (jobId, order, word, word, word));
        if (call == 4) return abi.encodeCall(_scene.market.finalise, (jobId, order));
        if (call == 5) return abi.encodeCall(_scene.market.refund, (jobId, order));
        return abi.encodeCall(_scene.market.cancel, (jobId, order));
    }

    /// @dev No reveal that meddling sends opens a commitment.
    function _isListed(uint256 call, QuorumState from, QuorumState to) private pure returns (bool) {
        bool committing = from == QuorumState.Committing;
        bool ended = to == QuorumState.Posted || to == QuorumState.Refunded;
        if (call == 0) return from == QuorumState.Posted && to == QuorumState.Committing;
        if (call == 1) return committing && (to == QuorumState.Committing || to == QuorumState.Revealing);
        if (call == 2) return committing && to != QuorumState.Settled;
        if (call == 4) return (committing || from == QuorumState.Revealing) && (ended || to == QuorumState.Settled);
        return call != 3 && from == QuorumState.Posted && to == QuorumState.Refunded;
    }

    function _isTimely(uint256 call, uint256 jobId, QuorumJob memory before) private view returns (bool) {
        if (call <= 2) return block.timestamp < before.deadline;
        if (call == 5) return block.timestamp >= before.deadline;
        if (call != 4) return true;
        bool all = before.state == QuorumState.Revealing;
        for (uint256 i = 0; i < before.members.length; ++i) {
            if (before.members[i].committed && !before.members[i].revealed) all = false;
        }
        return all || block.timestamp >= _revealEnd(jobId, before);
    }

    function _isEntitled(
        uint256 call,
        QuorumJob memory before,
        Order memory order,
        address caller
    ) private pure returns (bool) {
        if (call == 6) return caller == order.requester;
        if (call != 1 && call != 2) return true;
        for (uint256 i = 0; i < before.members.length; ++i) {
            QuorumMember memory member = before.members[i];
            if (member.provider == caller) return !member.committed && !member.declined;
        }
        return false;
    }
}
