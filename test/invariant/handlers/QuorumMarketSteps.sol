// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Order} from "../../../contracts/types/Order.sol";
import {QuorumJob, QuorumMember, QuorumState} from "../../../contracts/types/Quorum.sol";
import {QuorumMarketBooks} from "./QuorumMarketBooks.sol";

/// @title QuorumMarketSteps: each transition of a redundant job, made by who may, checked and recorded apart from the market
abstract contract QuorumMarketSteps is QuorumMarketBooks {
    function _post(Order memory order) internal counted("post") {
        vm.prank(order.requester);
        uint256 jobId = _scene.market.post(order);
        _expect(jobId == jobs + 1, "ids count up");
        jobs = jobId;
        _orders[jobId] = order;
        _arrive(jobId, QuorumState.Posted);
    }

    function _assign(uint256 jobId) internal counted("assign") {
        _scene.market.assign(jobId, orderOf(jobId));
        QuorumMember[] memory members = _scene.market.jobOf(jobId).members;
        _expect(members.length == _orders[jobId].redundancy, "as many members as ordered");
        for (uint256 i = 0; i < members.length; ++i) {
            _expect(members[i].price <= _orders[jobId].maxPrice, "PAY-3: price above the maximum");
            for (uint256 j = 0; j < i; ++j) _expect(members[i].provider != members[j].provider, "members are distinct");
        }
        _arrive(jobId, QuorumState.Committing);
    }

    function _commit(uint256 jobId, address member, bytes32 answer) internal counted("commit") {
        Order memory order = orderOf(jobId);
        uint256 attempt = _scene.market.jobOf(jobId).attempt;
        bytes32 commitment = _scene.market.answerCommitment(jobId, attempt, member, answer, _saltOf(member));
        vm.prank(member);
        _scene.market.commit(jobId, order, commitment);
        _answers[jobId][attempt][member] = answer;
        _arriveAmong(jobId, QuorumState.Committing, QuorumState.Revealing);
    }

    function _decline(uint256 jobId, address member) internal {
        Order memory order = orderOf(jobId);
        uint256 stake = _stakeOf(member);
        vm.prank(member);
        _scene.market.decline(jobId, order);
        _expect(_stakeOf(member) == stake, "SLA-4: a member that declined in time was slashed");
        QuorumState state = _scene.market.jobOf(jobId).state;
        bool over = state == QuorumState.Posted || state == QuorumState.Refunded;
        _count(over ? bytes32("decline, round over") : bytes32("decline"));
        if (over) _arrive(jobId, state);
        else _arriveAmong(jobId, QuorumState.Committing, QuorumState.Revealing);
    }

    function _reveal(uint256 jobId, address member) internal counted("reveal") {
        Order memory order = orderOf(jobId);
        bytes32 answer = _answers[jobId][_scene.market.jobOf(jobId).attempt][member];
        vm.prank(member);
        _scene.market.reveal(jobId, order, answer, keccak256("digest"), _saltOf(member));
        _arrive(jobId, QuorumState.Revealing);
    }

    /// @dev Pays, slashes, redraws or refunds exactly as the members' answers say.
    function _finalise(uint256 jobId, address reporter) internal {
        Order memory order = orderOf(jobId);
        QuorumJob memory job = _scene.market.jobOf(jobId);
        Verdict memory verdict = _verdictOf(jobId, order, job);
        Books memory before = _booksOf(order, job.members);
        vm.prank(reporter);
        _scene.market.finalise(jobId, order);

        QuorumState state = _scene.market.jobOf(jobId).state;
        if (verdict.winners != 0) {
            _expect(state == QuorumState.Settled, "a majority settles");
            _count(
                verdict.votes == job.members.length ? bytes32("finalise, unanimous") : bytes32("finalise, majority")
            );
        } else {
            _expect(state == QuorumState.Posted || state == QuorumState.Refunded, "no majority: again, or refunded");
            _count(state == QuorumState.Posted ? bytes32("finalise, drawn again") : bytes32("finalise, refunded"));
            if (state == QuorumState.Refunded) verdict.legs.refund = uint128(lockedFor(jobId));
        }
        _expectPaid(verdict, before, _booksOf(order, job.members), job);
        _expectSlashed(verdict.guilty, before, _booksOf(order, job.members), job, order.collateral, reporter);
        _arrive(jobId, state);
    }

    function _refund(uint256 jobId) internal counted("refund") {
        _refundWith(jobId, _orders[jobId].requester, false);
    }

    function _cancel(uint256 jobId) internal counted("cancel") {
        _refundWith(jobId, _orders[jobId].requester, true);
    }

    function _refundWith(uint256 jobId, address requester, bool cancels) private {
        Order memory order = orderOf(jobId);
        uint256 before = _scene.world.escrow.accountOf(requester, order.paymentToken).deposit;
        if (cancels) vm.prank(requester);
        if (cancels) _scene.market.cancel(jobId, order);
        else _scene.market.refund(jobId, order);
        uint256 later = _scene.world.escrow.accountOf(requester, order.paymentToken).deposit;
        _expect(later - before == lockedFor(jobId), "a refund returns all that was locked");
        _arrive(jobId, QuorumState.Refunded);
    }
}
