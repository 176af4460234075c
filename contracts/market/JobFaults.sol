// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {JobState} from "../types/Job.sol";
import {AssignmentMode, Order, Tier} from "../types/Order.sol";
import {JobPosting} from "./JobPosting.sol";
import {JobStatus, JobStorage, StoredJob} from "./JobStorage.sol";

/// @title JobFaults: how jobs are given back, and missed deadlines answered
abstract contract JobFaults is JobPosting {
    // Provider

    /// @inheritdoc IJobMarket
    function decline(Order calldata order) external {
        (uint256 jobId, StoredJob storage job, JobStatus memory status) = _jobIn(order, JobState.Assigned);
        address provider = status.provider;
        _requireProvider(jobId, provider);
        _requireBefore(jobId, status.deadline);
        _requireUndisputed(jobId, order);
        emit JobDeclined(jobId, provider);
        _reopenOrRefund(jobId, order, job, status);
        _unlock(provider, order.collateral);
    }

    // Anyone

    /// @inheritdoc IJobMarket
    function timeOut(Order calldata order) external {
        uint256 jobId = _jobIdOf(order);
        StoredJob storage job = JobStorage.load().jobs[jobId];
        JobStatus memory status = job.status;
        if (status.state != JobState.Assigned && status.state != JobState.Committed) {
            revert JobMarketWrongState(jobId, status.state);
        }
        _requireReached(jobId, status.deadline);
        _requireUndisputed(jobId, order);

        if (!_isSlashable(order)) {
            _refund(jobId, order, job, status);
            _unlock(status.provider, order.collateral);
            return;
        }
        _slashLate(jobId, order, job, status);
    }

    // Dispute game

    /// @inheritdoc IJobMarket
    function punish(Order calldata order, address reporter) external {
        _requireGame();
        (uint256 jobId, StoredJob storage job, JobStatus memory status) = _jobIn(order, JobState.Challengeable);
        address provider = status.provider;
        _refund(jobId, order, job, status);
        uint256 slashed = _forfeit(order.requester, provider, order.collateral, reporter);
        emit ResultPunished(jobId, provider, reporter, slashed);
    }

    /// @inheritdoc IJobMarket
    function concludeInput(Order calldata order, bool published, uint256 demandedAt) external {
        _requireGame();
        (uint256 jobId, StoredJob storage job, JobStatus memory status) = _jobIn(order, JobState.Assigned);
        if (published) {
            // What is left, and not all of it anew: a provider that demands piece by piece gains only the time for which
            // nobody publishes a piece.
            status.deadline = _deadlineIn(status.deadline - demandedAt);
            job.status = status;
            emit InputPublished(jobId, status.provider, status.deadline);
        } else {
            emit InputWithheld(jobId, status.provider);
            _payAndUnlock(jobId, order, job, status, _termsOf(order));
        }
    }

    // Internals

    /// @dev Without its verifier a result cannot be proved: that is nobody's fault (SLA-4). And a market that the
    /// registry no longer lets slash must still return what is locked (LIV-1).
    function _isSlashable(Order calldata order) private view returns (bool) {
        return (order.tier != Tier.Zk || ROUTER.isUsable(_termsOf(order).verifierSelector)) && _maySlash();
    }

    /// @dev Slashes the order's collateral, then opens the job for another draw or refunds it.
    function _slashLate(uint256 jobId, Order calldata order, StoredJob storage job, JobStatus memory status) private {
        address provider = status.provider;
        JobState missed = status.state;
        _reopenOrRefund(jobId, order, job, status);

        uint256 slashed = _forfeit(order.requester, provider, order.collateral, msg.sender);
        emit ProviderTimedOut(jobId, provider, msg.sender, missed, slashed);
    }

    /// @dev Opens a job for another draw while attempts are left; otherwise ends it. Bids were made for one moment, so
    /// an auction is not awarded twice: its job is drawn from the pool.
    function _reopenOrRefund(
        uint256 jobId,
        Order calldata order,
        StoredJob storage job,
        JobStatus memory status
    ) private {
        bool again =
            order.mode != AssignmentMode.Direct && status.attempt < PARAMETERS.orderRules(order.tier).maxReassignments;
        if (again) _reopen(jobId, order, job, status);
        else _refund(jobId, order, job, status);
    }

    function _reopen(uint256 jobId, Order calldata order, StoredJob storage job, JobStatus memory status) private {
        uint40 drawEpoch = _nextDrawEpoch();
        uint8 attempt = status.attempt + 1;
        if (status.state == JobState.Committed) job.outputCommitment = 0;
        job.price.price = 0;
        job.status = JobStatus({
            provider: address(0),
            state: JobState.Posted,
            attempt: attempt,
            deadline: _deadlineIn(order.assignSeconds),
            drawEpoch: drawEpoch
        });
        emit JobReassigned(jobId, attempt, drawEpoch);
    }
}
