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
    function assign(Order calldata order) external {
        (uint256 jobId, StoredJob storage job, JobStatus memory status) = _jobIn(order, JobState.Posted);
        if (status.drawEpoch == 0) revert JobMarketWrongMode(jobId, order.mode);
        _requireBefore(jobId, status.deadline);
        _assignTo(jobId, order, job, status, MATCHMAKER.draw(_request(jobId, order), status.attempt, status.drawEpoch));
    }

    /// @inheritdoc IJobMarket
    function award(Order calldata order, uint256 closingEpoch) external {
        (uint256 jobId, StoredJob storage job, JobStatus memory status) = _jobIn(order, JobState.Posted);
        if (!_isAuctionOpen(order, status)) revert JobMarketWrongMode(jobId, order.mode);
        _requireBefore(jobId, status.deadline);
        uint256 closesAt = _biddingClosesAt(order, status);
        _assignTo(jobId, order, job, status, MATCHMAKER.award(_request(jobId, order), closesAt, closingEpoch));
    }

    // Provider

    /// @inheritdoc IJobMarket
    function accept(Order calldata order) external {
        (uint256 jobId, StoredJob storage job, JobStatus memory status) = _jobIn(order, JobState.Posted);
        _requireNamed(jobId, order, status);
        _requireNewWork();
        _entitledPayout(order, _termsOf(order).attestedClass);
        _assignTo(jobId, order, job, status, _named(order));
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

    /// @dev The caller is the provider that the order names, in time.
    function _requireNamed(uint256 jobId, Order calldata order, JobStatus memory status) internal view {
        if (order.mode != AssignmentMode.Direct) revert JobMarketWrongMode(jobId, order.mode);
        _requireProvider(jobId, order.provider);
        _requireBefore(jobId, status.deadline);
    }

    /// @dev Payout of the named provider, which must be taking work and hold the class that the model requires.
    function _entitledPayout(Order calldata order, uint16 attestedClass) internal view returns (address) {
        (address payout, bool available) = REGISTRY.payeeOf(order.provider);
        if (!available || (attestedClass != 0 && !MATCHMAKER.holdsClass(order.provider, attestedClass))) {
            revert JobMarketProviderUnavailable(order.provider, order.modelVersion);
        }
        return payout;
    }

    /// @dev A requester that names its provider names the price with it.
    function _named(Order calldata order) private pure returns (IMatchmaker.Match memory) {
        return IMatchmaker.Match({provider: order.provider, price: order.maxPrice, epoch: 0, pick: 0});
    }

    /// @dev A drawn provider's price is its ask or its bid, not the maximum (PAY-3). The fee is fixed now, since now the
    /// provider can still stay away.
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
        job.price = JobPrice({price: found.price, protocolFeePpm: PARAMETERS.protocolFeePpm()});
        emit JobAssigned(jobId, found.provider, found.price, found.epoch, found.pick, status.deadline);
        VAULT.lock(address(REGISTRY), found.provider, order.collateral);
    }
}
