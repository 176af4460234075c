// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {OrderHash} from "../libraries/OrderHash.sol";
import {JobState} from "../types/Job.sol";
import {AssignmentMode, Order, Tier} from "../types/Order.sol";
import {JobBase} from "./JobBase.sol";
import {JobStatus, JobStorage, StoredJob} from "./JobStorage.sol";

/// @title JobPosting: how jobs begin, and how they end before anyone works on them
abstract contract JobPosting is JobBase {
    // Requester

    /// @inheritdoc IJobMarket
    function post(Order calldata order) external returns (uint256 jobId) {
        if (msg.sender != order.requester) revert JobMarketNotRequester(order.requester, msg.sender);
        return _post(order);
    }

    /// @inheritdoc IJobMarket
    function cancel(Order calldata order) external {
        (uint256 jobId, StoredJob storage job, JobStatus memory status) = _jobIn(order, JobState.Posted);
        if (msg.sender != order.requester) revert JobMarketNotRequester(order.requester, msg.sender);
        if (_isAuctionOpen(order, status)) {
            uint256 closesAt = _biddingClosesAt(order, status);
            if (block.timestamp >= closesAt) revert JobMarketBiddingClosed(jobId, closesAt);
        } else if (order.mode != AssignmentMode.Direct && _nextDrawEpoch() > status.drawEpoch) {
            revert JobMarketDrawStarted(jobId, status.drawEpoch);
        }
        _refund(jobId, order, job, status);
    }

    // Anyone

    /// @inheritdoc IJobMarket
    function postSigned(Order calldata order, bytes calldata signature) external returns (uint256 jobId) {
        bytes32 orderHash = OrderHash.hash(order);
        _useSignedOrder(order.requester, order.nonce, orderHash, signature);
        return _post(order);
    }

    /// @inheritdoc IJobMarket
    function refund(Order calldata order) external {
        (uint256 jobId, StoredJob storage job, JobStatus memory status) = _jobIn(order, JobState.Posted);
        _requireReached(jobId, status.deadline);
        _refund(jobId, order, job, status);
    }

    // Internals

    /// @dev First epoch whose seed nobody can know yet: the next one that is not public may be known to its leader, so
    /// it is the one after (RND-1).
    function _nextDrawEpoch() internal view returns (uint40) {
        return uint40(BEACON.nextDrawEpoch() + 1);
    }

    /// @dev True until an auction is awarded: once it was opened again, its job is drawn from the pool.
    function _isAuctionOpen(Order calldata order, JobStatus memory status) internal pure returns (bool) {
        return order.mode == AssignmentMode.Auction && status.attempt == 0;
    }

    /// @dev Unix seconds at which bids are over: a posted auction can be refunded `assignSeconds` later.
    function _biddingClosesAt(Order calldata order, JobStatus memory status) internal pure returns (uint256) {
        return status.deadline - order.assignSeconds;
    }

    function _post(Order calldata order) private returns (uint256 jobId) {
        _requireOpen(order.tier, order.paymentToken);
        // Several providers at a time have a market of their own; `epoch` is for orders that are settled in batches.
        if (order.tier == Tier.Quorum) revert MarketTierClosed(order.tier);
        if (order.epoch != 0) revert JobMarketEpochNotUsed(order.epoch);
        POLICY.requireAcceptable(order);

        jobId = _jobIdOf(order);
        StoredJob storage job = JobStorage.load().jobs[jobId];
        // The nonce tells orders apart that ask for the same; a job that ended stays what it is (SM-2).
        if (job.status.state != JobState.None) revert JobMarketAlreadyPosted(jobId, job.status.state);
        job.status = JobStatus({
            provider: address(0),
            state: JobState.Posted,
            attempt: 0,
            deadline: _deadlineIn(uint256(order.bidSeconds) + order.assignSeconds),
            drawEpoch: order.mode == AssignmentMode.Draw ? _nextDrawEpoch() : 0
        });
        emit JobPosted(jobId, order.requester, order.modelVersion, order);
        _lockPayment(order.requester, order.sponsor, order.paymentToken, order.maxPrice);
    }
}
