// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {Bn254} from "../libraries/Bn254.sol";
import {FeeSplit} from "../libraries/FeeSplit.sol";
import {OrderHash} from "../libraries/OrderHash.sol";
import {JobState} from "../types/Job.sol";
import {ModelTerms} from "../types/Model.sol";
import {AssignmentMode, Order} from "../types/Order.sol";
import {OrderRules} from "../types/Parameter.sol";
import {JobBase} from "./JobBase.sol";
import {JobPrice, JobStatus, JobStorage, MarketStorage, StoredJob} from "./JobStorage.sol";

/// @title JobPosting: how jobs begin, and how they end before anyone works on them
abstract contract JobPosting is JobBase {
    /// @notice Shortest assignment window, seconds: it leaves everyone time to draw a job once its seed exists, so a
    /// requester cannot let unwelcome draws expire.
    uint256 public constant MIN_ASSIGN_SECONDS = 60;

    // Requester

    /// @inheritdoc IJobMarket
    function post(Order calldata order) external returns (uint256 jobId) {
        MarketStorage storage $ = JobStorage.load();
        _requireNewWork();
        if (msg.sender != order.requester) revert JobMarketNotRequester(order.requester, msg.sender);
        if (!$.paymentTokens[order.paymentToken]) revert JobMarketTokenNotAllowed(order.paymentToken);
        OrderRules memory rules = PARAMETERS.orderRules(order.tier);
        _requireTerms(order, rules);
        uint256 royaltyPpm = _requireModel(order);
        uint32 burnSharePpm = order.paymentToken == LAT ? PARAMETERS.feeShares().burnSharePpm : 0;
        FeeSplit.requireRates(royaltyPpm, rules.protocolFeePpm, burnSharePpm);

        jobId = ++$.jobCount;
        StoredJob storage job = $.jobs[jobId];
        job.orderHash = OrderHash.hash(order);
        job.status = JobStatus({
            provider: address(0),
            state: JobState.Posted,
            attempt: 0,
            deadline: _deadlineIn(order.assignSeconds),
            drawEpoch: order.mode == AssignmentMode.Draw ? _nextEpoch() : 0
        });
        job.price = JobPrice({price: 0, protocolFeePpm: rules.protocolFeePpm, burnSharePpm: burnSharePpm});
        emit JobPosted(jobId, order.requester, order.modelVersion, order);
        ESCROW.lock(order.paymentToken, order.requester, order.maxPrice);
    }

    /// @inheritdoc IJobMarket
    function cancel(uint256 jobId, Order calldata order) external {
        (StoredJob storage job, JobStatus memory status) = _jobIn(jobId, order, JobState.Posted);
        if (msg.sender != order.requester) revert JobMarketNotRequester(order.requester, msg.sender);
        if (order.mode == AssignmentMode.Draw && BEACON.currentEpoch() >= status.drawEpoch) {
            revert JobMarketDrawStarted(jobId, status.drawEpoch);
        }
        _refund(jobId, order, job, status);
    }

    // Anyone

    /// @inheritdoc IJobMarket
    function refund(uint256 jobId, Order calldata order) external {
        (StoredJob storage job, JobStatus memory status) = _jobIn(jobId, order, JobState.Posted);
        _requireReached(jobId, status.deadline);
        _refund(jobId, order, job, status);
    }

    // Internals

    /// @dev First epoch whose seed does not exist yet (RND-1).
    function _nextEpoch() internal view returns (uint40) {
        return uint40(BEACON.currentEpoch() + 1);
    }

    function _requireTerms(Order calldata order, OrderRules memory rules) private pure {
        if (order.maxPrice == 0) revert JobMarketZeroPrice();
        if (!Bn254.isCommitment(order.inputCommitment)) revert JobMarketInvalidCommitment(order.inputCommitment);
        if ((order.mode == AssignmentMode.Direct) == (order.provider == address(0))) {
            revert JobMarketInvalidProvider(order.mode, order.provider);
        }
        if (order.collateral < rules.collateralFloor) {
            revert JobMarketCollateralTooLow(order.collateral, rules.collateralFloor);
        }
        _requireWindow(0, order.assignSeconds, MIN_ASSIGN_SECONDS, rules.maxWindowSeconds);
        _requireWindow(1, order.commitSeconds, rules.minCommitSeconds, rules.maxWindowSeconds);
        _requireWindow(2, order.proveSeconds, rules.minProveSeconds, rules.maxWindowSeconds);
    }

    function _requireWindow(uint8 window, uint256 given, uint256 min, uint256 max) private pure {
        if (given < min || given > max) revert JobMarketInvalidWindow(window, given, min, max);
    }

    function _requireModel(Order calldata order) private view returns (uint256 royaltyPpm) {
        ModelTerms memory terms = MODELS.termsOf(order.modelVersion);
        if (terms.retired) revert JobMarketModelRetired(order.modelVersion);
        if ((terms.tiers >> uint8(order.tier)) & 1 == 0) {
            revert JobMarketTierUnsupported(order.modelVersion, order.tier);
        }
        if (!ROUTER.isUsable(terms.verifierSelector)) revert JobMarketVerifierStopped(terms.verifierSelector);
        return terms.royaltyPpm;
    }
}
