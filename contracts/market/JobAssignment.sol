// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {JobState} from "../types/Job.sol";
import {AssignmentMode, Order} from "../types/Order.sol";
import {JobBase} from "./JobBase.sol";
import {JobStatus, StoredJob} from "./JobStorage.sol";

/// @title JobAssignment: how a posted job gets its provider
abstract contract JobAssignment is JobBase {
    /// @notice Draws per seed before the job must wait for another exit.
    uint256 public constant MAX_PICKS = 8;

    /// @notice What a draw found.
    struct Draw {
        address provider;
        uint96 ask;
        uint256 epoch;
        uint256 pick;
    }

    // Anyone

    /// @inheritdoc IJobMarket
    function assign(uint256 jobId, Order calldata order) external {
        (StoredJob storage job, JobStatus memory status) = _jobIn(jobId, order, JobState.Posted);
        if (order.mode != AssignmentMode.Draw) revert JobMarketWrongMode(jobId, order.mode);
        _requireBefore(jobId, status.deadline);
        (uint256 epoch, bytes32 seed) = _seedFor(jobId, status.drawEpoch);
        _assignTo(jobId, order, job, status, _draw(jobId, order, status.attempt, epoch, seed));
    }

    // Provider

    /// @inheritdoc IJobMarket
    function accept(uint256 jobId, Order calldata order) external {
        _requireNewWork();
        (StoredJob storage job, JobStatus memory status) = _jobIn(jobId, order, JobState.Posted);
        if (order.mode != AssignmentMode.Direct) revert JobMarketWrongMode(jobId, order.mode);
        if (msg.sender != order.provider) revert JobMarketNotProvider(jobId, order.provider, msg.sender);
        _requireBefore(jobId, status.deadline);

        uint256 epoch = BEACON.currentEpoch();
        (bool affordable, uint96 ask) = _askWithin(order.provider, order, epoch);
        if (!affordable || !REGISTRY.isAvailable(order.provider)) {
            revert JobMarketProviderUnavailable(order.provider, order.modelVersion);
        }
        _assignTo(jobId, order, job, status, Draw({provider: order.provider, ask: ask, epoch: epoch, pick: 0}));
    }

    // Views

    /// @inheritdoc IJobMarket
    function drawRandomness(bytes32 seed, uint256 jobId, uint256 attempt, uint256 pick) public view returns (uint256) {
        return uint256(keccak256(abi.encode(seed, address(this), jobId, attempt, pick)));
    }

    // Internals

    /// @dev The price is the provider's ask, not the maximum (PAY-3).
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
        job.price.price = drawn.ask;
        emit JobAssigned(jobId, drawn.provider, drawn.ask, drawn.epoch, drawn.pick, status.deadline);
        VAULT.lock(address(REGISTRY), drawn.provider, order.collateral);
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
        for (uint256 pick = 0; pick < MAX_PICKS; ++pick) {
            uint256 randomness = drawRandomness(seed, jobId, attempt, pick);
            address candidate = REGISTRY.draw(order.modelVersion, epoch, randomness);
            (bool affordable, uint96 ask) = _askWithin(candidate, order, epoch);
            if (
                affordable &&
                REGISTRY.isAvailable(candidate) &&
                VAULT.freeStake(candidate, address(REGISTRY)) >= order.collateral
            ) return Draw({provider: candidate, ask: ask, epoch: epoch, pick: pick});
        }
        revert JobMarketNoEligibleProvider(jobId, MAX_PICKS);
    }

    function _askWithin(
        address provider,
        Order calldata order,
        uint256 epoch
    ) private view returns (bool affordable, uint96 ask) {
        bool offered;
        (offered, ask) = REGISTRY.askOf(provider, order.modelVersion, epoch);
        affordable = offered && ask <= order.maxPrice;
    }
}
