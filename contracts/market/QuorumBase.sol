// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {IQuorumMarket} from "../interfaces/IQuorumMarket.sol";
import {OrderHash} from "../libraries/OrderHash.sol";
import {Order} from "../types/Order.sol";
import {QuorumState} from "../types/Quorum.sol";
import {QuorumStatus, QuorumStorage, StoredMember, StoredQuorum} from "./QuorumStorage.sol";
import {SignedOrders} from "./SignedOrders.sol";

/// @title QuorumBase: the checks that every call on a redundant job begins with, and how rounds and jobs end
/// @dev Deadlines are exclusive: at `block.timestamp == deadline` the window is over and its exit is open.
abstract contract QuorumBase is IQuorumMarket, SignedOrders {
    // Checks

    /// @dev Loads a job that must be in `expected` now, and checks that `order` is its order.
    function _jobIn(
        uint256 jobId,
        Order calldata order,
        QuorumState expected
    ) internal view returns (StoredQuorum storage job, QuorumStatus memory status) {
        job = QuorumStorage.load().jobs[jobId];
        status = job.status;
        _turnWithTime(order, status);
        if (status.state != expected) revert QuorumMarketWrongState(jobId, status.state);
        bytes32 orderHash = OrderHash.hash(order);
        if (orderHash != job.orderHash) revert QuorumMarketOrderMismatch(jobId, job.orderHash, orderHash);
    }

    /// @dev When commitments are over, reveals begin: without a call, so that nobody can hold them up. With too few
    /// commitments for a majority there is nothing to wait for, and no answer that should become public.
    function _turnWithTime(Order calldata order, QuorumStatus memory status) private view {
        if (status.state != QuorumState.Committing || block.timestamp < status.deadline) return;
        status.state = QuorumState.Revealing;
        if (_isMajority(_sizeOf(status.committed), status.size)) status.deadline += order.proveSeconds;
    }

    function _requireBefore(uint256 jobId, uint256 deadline) internal view {
        if (block.timestamp >= deadline) revert QuorumMarketDeadlinePassed(jobId, deadline);
    }

    function _requireReached(uint256 jobId, uint256 deadline) internal view {
        if (block.timestamp < deadline) revert QuorumMarketDeadlineNotPassed(jobId, deadline);
    }

    /// @dev Unix seconds at which a window of `windowSeconds` that begins now ends. Fits: 2^40 seconds are 34 000 years.
    function _deadlineIn(uint256 windowSeconds) internal view returns (uint40) {
        return uint40(block.timestamp + windowSeconds);
    }

    /// @dev Strict, and of all who were drawn: absent members count against every answer.
    function _isMajority(uint256 votes, uint256 size) internal pure returns (bool) {
        return 2 * votes > size;
    }

    // Members

    /// @dev Position of the caller among the members, as a mask with its bit, and its record.
    function _callerIn(
        uint256 jobId,
        StoredQuorum storage job,
        uint256 size
    ) internal view returns (uint16 mask, StoredMember storage member) {
        for (uint256 i = 0; i < size; ++i) {
            member = job.members[i];
            // Fits: there are at most nine members.
            if (member.provider == msg.sender) return (uint16(1 << i), member);
        }
        revert QuorumMarketNotMember(jobId, msg.sender);
    }

    function _has(uint256 mask, uint256 position) internal pure returns (bool) {
        return (mask >> position) & 1 != 0;
    }

    function _sizeOf(uint256 mask) internal pure returns (uint256 members) {
        for (; mask != 0; mask >>= 1) members += mask & 1;
    }

    /// @dev One place writes the slot: the code for it is long.
    function _save(StoredQuorum storage job, QuorumStatus memory status) internal {
        job.status = status;
    }

    // Ends

    /// @dev Opens the job for another draw while attempts are left; otherwise ends it. The caller frees the collateral.
    function _redrawOrRefund(
        uint256 jobId,
        Order calldata order,
        StoredQuorum storage job,
        QuorumStatus memory status
    ) internal {
        if (status.attempt >= PARAMETERS.orderRules(order.tier).maxReassignments) {
            _refund(jobId, order, job, status.attempt);
            return;
        }
        // At most `maxReassignments`, which fits.
        uint8 attempt = status.attempt + 1;
        uint40 drawEpoch = _open(job, attempt, order.assignSeconds);
        emit QuorumRedrawn(jobId, attempt, drawEpoch);
    }

    /// @dev Makes the job wait for the first seed that nobody knows yet.
    function _open(StoredQuorum storage job, uint8 attempt, uint256 assignSeconds) internal returns (uint40 drawEpoch) {
        drawEpoch = _nextDrawEpoch();
        QuorumStatus memory status;
        status.state = QuorumState.Posted;
        status.attempt = attempt;
        status.deadline = _deadlineIn(assignSeconds);
        status.drawEpoch = drawEpoch;
        _save(job, status);
    }

    /// @dev Ends the job and returns all that is locked for it. The caller has checked that it may end so.
    function _refund(uint256 jobId, Order calldata order, StoredQuorum storage job, uint8 attempt) internal {
        QuorumStatus memory status;
        status.state = QuorumState.Refunded;
        status.attempt = attempt;
        _save(job, status);
        address payer = _payerOf(order);
        uint128 amount = _lockedFor(order);
        emit QuorumRefunded(jobId, payer, amount);
        IPaymentEscrow.Leg[] memory legs = new IPaymentEscrow.Leg[](1);
        legs[0] = IPaymentEscrow.Leg({recipient: payer, amount: amount, toDeposit: true});
        ESCROW.pay(order.paymentToken, legs);
    }

    /// @dev First epoch whose seed nobody can know yet: the next one that is not public may be known to its leader, so
    /// it is the one after (RND-1).
    function _nextDrawEpoch() internal view returns (uint40) {
        return uint40(BEACON.nextDrawEpoch() + 1);
    }

    /// @dev What an order locks: its maximum for each member. Fits: 96 and 8 bits.
    function _lockedFor(Order calldata order) internal pure returns (uint128) {
        return uint128(order.maxPrice) * order.redundancy;
    }
}
