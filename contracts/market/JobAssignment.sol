// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {JobState} from "../types/Job.sol";
import {AssignmentMode, Order} from "../types/Order.sol";
import {JobPosting} from "./JobPosting.sol";
import {JobPrice, JobStatus, StoredJob} from "./JobStorage.sol";

/// @title JobAssignment: how a posted job gets its provider
abstract contract JobAssignment is JobPosting {
    /// @notice Draws per seed before the job must wait for another exit.
    uint256 public constant MAX_PICKS = 8;

    /// @notice What a draw found.
    struct Draw {
        address provider;
        uint96 price;
        uint256 epoch;
        uint256 pick;
    }

    // Anyone

    /// @inheritdoc IJobMarket
    function assign(uint256 jobId, Order calldata order) external {
        (StoredJob storage job, JobStatus memory status) = _jobIn(jobId, order, JobState.Posted);
        if (status.drawEpoch == 0) revert JobMarketWrongMode(jobId, order.mode);
        _requireBefore(jobId, status.deadline);
        (uint256 epoch, bytes32 seed) = _seedFor(jobId, status.drawEpoch);
        _assignTo(jobId, order, job, status, _draw(jobId, order, status.attempt, epoch, seed));
    }

    /// @inheritdoc IJobMarket
    function award(uint256 jobId, Order calldata order, uint256 closingEpoch) external {
        (StoredJob storage job, JobStatus memory status) = _jobIn(jobId, order, JobState.Posted);
        if (order.mode != AssignmentMode.Auction || status.attempt != 0) revert JobMarketWrongMode(jobId, order.mode);
        _requireBefore(jobId, status.deadline);
        _requireClosingEpoch(jobId, closingEpoch, _biddingClosesAt(order, status));
        (uint256 epoch, bytes32 seed) = _seedFor(jobId, closingEpoch + DRAW_DELAY);

        (address bidder, uint96 price, uint256 pick) = BIDS.draw(jobId, seed, order.collateral);
        _assignTo(
            jobId,
            order,
            job,
            status,
            bidder != address(0)
                ? Draw({provider: bidder, price: price, epoch: epoch, pick: pick})
                : _draw(jobId, order, 0, epoch, seed)
        );
    }

    // Provider

    /// @inheritdoc IJobMarket
    function accept(uint256 jobId, Order calldata order) external {
        (StoredJob storage job, JobStatus memory status) = _jobIn(jobId, order, JobState.Posted);
        _assignTo(jobId, order, job, status, _acceptance(jobId, order, status));
    }

    // Views

    /// @inheritdoc IJobMarket
    function drawRandomness(bytes32 seed, uint256 jobId, uint256 attempt, uint256 pick) public view returns (uint256) {
        return uint256(keccak256(abi.encode(seed, address(this), jobId, attempt, pick)));
    }

    // Internals

    /// @dev What the named provider, who must be the caller, takes the job for.
    function _acceptance(
        uint256 jobId,
        Order calldata order,
        JobStatus memory status
    ) internal view returns (Draw memory) {
        _requireNewWork();
        if (order.mode != AssignmentMode.Direct) revert JobMarketWrongMode(jobId, order.mode);
        _requireProvider(jobId, order.provider);
        _requireBefore(jobId, status.deadline);
        uint256 epoch = BEACON.currentEpoch();
        bytes32 pool = REGISTRY.poolOf(order.modelVersion, order.paymentToken);
        (bool willing, uint96 ask) = _askWithin(order.provider, order, pool, epoch);
        if (!willing || !_holdsClass(order.provider, order.modelVersion)) {
            revert JobMarketProviderUnavailable(order.provider, order.modelVersion);
        }
        return Draw({provider: order.provider, price: ask, epoch: epoch, pick: 0});
    }

    /// @dev The price is the ask or the bid, not the maximum (PAY-3). The fee is fixed now, since now the provider can
    /// still stay away.
    function _assignTo(
        uint256 jobId,
        Order calldata order,
        StoredJob storage job,
        JobStatus memory status,
        Draw memory drawn
    ) private {
        status.provider = drawn.provider;
        status.state = JobState.Assigned;
        status.deadline = _deadlineIn(order.commitSeconds);
        job.status = status;
        job.price = JobPrice({
            price: drawn.price,
            protocolFeePpm: PARAMETERS.orderRules(order.tier).protocolFeePpm
        });
        emit JobAssigned(jobId, drawn.provider, drawn.price, drawn.epoch, drawn.pick, status.deadline);
        VAULT.lock(address(REGISTRY), drawn.provider, order.collateral);
    }

    /// @dev Bidding closed while `epoch` was the current one, so the seed two epochs later was known to nobody.
    function _requireClosingEpoch(uint256 jobId, uint256 epoch, uint256 closesAt) private view {
        if (block.timestamp < closesAt) revert JobMarketBiddingOpen(jobId, closesAt);
        uint256 current = BEACON.currentEpoch();
        if (
            epoch > current ||
            BEACON.epochInfo(epoch).startedAt >= closesAt ||
            (epoch < current && BEACON.epochInfo(epoch + 1).startedAt < closesAt)
        ) revert JobMarketNotClosingEpoch(jobId, epoch, closesAt);
    }

    /// @dev The first of {drawEpoch, drawEpoch + 1} whose seed may draw, so that everyone finds the same one. Trees
    /// remember no further back, so later the window has passed.
    function _seedFor(uint256 jobId, uint256 drawEpoch) private view returns (uint256 epoch, bytes32 seed) {
        uint256 current = BEACON.currentEpoch();
        if (current < drawEpoch) revert JobMarketDrawTooEarly(jobId, drawEpoch, current);
        if (current > drawEpoch + 1) revert JobMarketDrawWindowPassed(jobId, drawEpoch, current);
        bool drawable;
        (seed, drawable) = BEACON.drawSeed(drawEpoch);
        if (drawable) return (drawEpoch, seed);
        if (current == drawEpoch) revert JobMarketDrawTooEarly(jobId, drawEpoch + 1, current);
        (seed, drawable) = BEACON.drawSeed(drawEpoch + 1);
        if (!drawable) revert JobMarketDrawWindowPassed(jobId, drawEpoch, current);
        return (drawEpoch + 1, seed);
    }

    /// @dev The first pick that may take the job wins. Nothing of a pick depends on the caller.
    function _draw(
        uint256 jobId,
        Order calldata order,
        uint256 attempt,
        uint256 epoch,
        bytes32 seed
    ) private view returns (Draw memory drawn) {
        bytes32 pool = REGISTRY.poolOf(order.modelVersion, order.paymentToken);
        for (uint256 pick = 0; pick < MAX_PICKS; ++pick) {
            address candidate = REGISTRY.draw(pool, epoch, drawRandomness(seed, jobId, attempt, pick));
            (bool willing, uint96 ask) = _askWithin(candidate, order, pool, epoch);
            if (
                willing &&
                _holdsClass(candidate, order.modelVersion) &&
                VAULT.freeStake(candidate, address(REGISTRY)) >= order.collateral
            ) return Draw({provider: candidate, price: ask, epoch: epoch, pick: pick});
        }
        revert JobMarketNoEligibleProvider(jobId, MAX_PICKS);
    }

    function _askWithin(
        address provider,
        Order calldata order,
        bytes32 pool,
        uint256 epoch
    ) private view returns (bool willing, uint96 ask) {
        (willing, ask) = REGISTRY.quoteOf(provider, pool, epoch, order.collateral);
        willing = willing && ask <= order.maxPrice;
    }

    function _holdsClass(address provider, bytes32 modelVersion) private view returns (bool) {
        uint16 class = MODELS.termsOf(modelVersion).attestedClass;
        return class == 0 || GATE.holds(provider, class);
    }
}
