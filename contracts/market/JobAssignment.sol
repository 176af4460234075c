// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IMatchmaker} from "../interfaces/IMatchmaker.sol";
import {JobState} from "../types/Job.sol";
import {AssignmentMode, Order} from "../types/Order.sol";
import {JobPosting} from "./JobPosting.sol";
import {JobPrice, JobStatus, StoredJob} from "./JobStorage.sol";

/// @title JobAssignment: how a posted job gets its provider
abstract contract JobAssignment is JobPosting {
    // Anyone

    /// @inheritdoc IJobMarket
    function assign(uint256 jobId, Order calldata order) external {
        (StoredJob storage job, JobStatus memory status) = _jobIn(jobId, order, JobState.Posted);
        if (status.drawEpoch == 0) revert JobMarketWrongMode(jobId, order.mode);
        _requireBefore(jobId, status.deadline);
        _assignTo(jobId, order, job, status, MATCHMAKER.draw(_request(jobId, order), status.attempt, status.drawEpoch));
    }

    /// @inheritdoc IJobMarket
    function award(uint256 jobId, Order calldata order, uint256 closingEpoch) external {
        (StoredJob storage job, JobStatus memory status) = _jobIn(jobId, order, JobState.Posted);
        if (!_isAuctionOpen(order, status)) revert JobMarketWrongMode(jobId, order.mode);
        _requireBefore(jobId, status.deadline);
        uint256 closesAt = _biddingClosesAt(order, status);
        _assignTo(jobId, order, job, status, MATCHMAKER.award(_request(jobId, order), closesAt, closingEpoch));
    }

    // Provider

    /// @inheritdoc IJobMarket
    function accept(uint256 jobId, Order calldata order) external {
        (StoredJob storage job, JobStatus memory status) = _jobIn(jobId, order, JobState.Posted);
        _assignTo(jobId, order, job, status, _acceptance(jobId, order, status));
    }

    // Internals

    function _request(uint256 jobId, Order calldata order) private pure returns (IMatchmaker.Request memory) {
        return
            IMatchmaker.Request({
                jobId: jobId,
                modelVersion: order.modelVersion,
                paymentToken: order.paymentToken,
                maxPrice: order.maxPrice,
                collateral: order.collateral
            });
    }

    /// @dev What the named provider, who must be the caller, takes the job for.
    function _acceptance(
        uint256 jobId,
        Order calldata order,
        JobStatus memory status
    ) internal view returns (IMatchmaker.Match memory) {
        _requireNewWork();
        if (order.mode != AssignmentMode.Direct) revert JobMarketWrongMode(jobId, order.mode);
        _requireProvider(jobId, order.provider);
        _requireBefore(jobId, status.deadline);
        return MATCHMAKER.acceptance(_request(jobId, order), order.provider);
    }

    /// @dev The price is the ask or the bid, not the maximum (PAY-3). The fee is fixed now, since now the provider can
    /// still stay away.
    function _assignTo(
        uint256 jobId,
        Order calldata order,
        StoredJob storage job,
        JobStatus memory status,
        IMatchmaker.Match memory found
    ) private {
        status.provider = found.provider;
        status.state = JobState.Assigned;
        status.deadline = _deadlineIn(order.commitSeconds);
        job.status = status;
        job.price = JobPrice({price: found.price, protocolFeePpm: PARAMETERS.orderRules(order.tier).protocolFeePpm});
        emit JobAssigned(jobId, found.provider, found.price, found.epoch, found.pick, status.deadline);
        VAULT.lock(address(REGISTRY), found.provider, order.collateral);
    }
}
