// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {FeeSplit} from "../libraries/FeeSplit.sol";
import {JobState} from "../types/Job.sol";
import {ModelTerms} from "../types/Model.sol";
import {AssignmentMode, Order} from "../types/Order.sol";
import {SlashParameters} from "../types/Parameter.sol";
import {SlashLeg} from "../types/Stake.sol";
import {JobBase} from "./JobBase.sol";
import {JobPosting} from "./JobPosting.sol";
import {JobPrice, JobStatus, JobStorage, StoredJob} from "./JobStorage.sol";

/// @title JobSettlement: how proved jobs are paid, and missed deadlines answered
abstract contract JobSettlement is JobBase, JobPosting {
    // Provider

    /// @inheritdoc IJobMarket
    function decline(uint256 jobId, Order calldata order) external {
        (StoredJob storage job, JobStatus memory status) = _jobIn(jobId, order, JobState.Assigned);
        address provider = status.provider;
        if (msg.sender != provider) revert JobMarketNotProvider(jobId, provider, msg.sender);
        _requireBefore(jobId, status.deadline);
        emit JobDeclined(jobId, provider);
        _reopenOrRefund(jobId, order, job, status);
        VAULT.unlock(address(REGISTRY), provider, order.collateral);
    }

    // Anyone

    /// @inheritdoc IJobMarket
    function settle(uint256 jobId, Order calldata order) external {
        (StoredJob storage job, JobStatus memory status) = _jobIn(jobId, order, JobState.Proved);
        JobPrice memory price = job.price;
        ModelTerms memory terms = MODELS.termsOf(order.modelVersion);
        Legs memory legs = FeeSplit.split(
            price.price,
            order.maxPrice,
            terms.royaltyPpm,
            price.protocolFeePpm,
            price.burnSharePpm
        );

        status.state = JobState.Settled;
        job.status = status;
        emit JobSettled(jobId, status.provider, order.requester, legs);
        VAULT.unlock(address(REGISTRY), status.provider, order.collateral);
        _payLegs(order, REGISTRY.payoutOf(status.provider), terms.royaltyRecipient, legs);
    }

    /// @inheritdoc IJobMarket
    function timeOut(uint256 jobId, Order calldata order) external {
        StoredJob storage job = JobStorage.load().jobs[jobId];
        JobStatus memory status = job.status;
        if (status.state != JobState.Assigned && status.state != JobState.Committed) {
            revert JobMarketWrongState(jobId, status.state);
        }
        _requireOrder(jobId, job, order);
        _requireReached(jobId, status.deadline);

        if (!_isSlashable(order)) {
            _refund(jobId, order, job, status);
            VAULT.unlock(address(REGISTRY), status.provider, order.collateral);
            return;
        }
        _slashLate(jobId, order, job, status);
    }

    // Views

    /// @inheritdoc IJobMarket
    function splitPrice(
        uint256 price,
        uint256 locked,
        uint256 royaltyPpm,
        uint256 protocolFeePpm,
        uint256 burnSharePpm
    ) external pure returns (Legs memory) {
        return FeeSplit.split(price, locked, royaltyPpm, protocolFeePpm, burnSharePpm);
    }

    // Internals

    function _payLegs(Order calldata order, address payout, address publisher, Legs memory legs) private {
        IPaymentEscrow.Leg[] memory payments = new IPaymentEscrow.Leg[](5);
        payments[0] = IPaymentEscrow.Leg({recipient: payout, amount: legs.provider, toDeposit: false});
        payments[1] = IPaymentEscrow.Leg({recipient: publisher, amount: legs.publisher, toDeposit: false});
        payments[2] = IPaymentEscrow.Leg({recipient: TREASURY, amount: legs.treasury, toDeposit: false});
        payments[3] = IPaymentEscrow.Leg({recipient: BURNER, amount: legs.burn, toDeposit: false});
        payments[4] = IPaymentEscrow.Leg({recipient: order.requester, amount: legs.refund, toDeposit: true});
        ESCROW.pay(order.paymentToken, payments);
    }

    /// @dev Without its verifier a result cannot be proved: that is nobody's fault (SLA-4). And a market that the
    /// registry no longer lets slash must still return what is locked (LIV-1).
    function _isSlashable(Order calldata order) private view returns (bool) {
        return
            ROUTER.isUsable(MODELS.termsOf(order.modelVersion).verifierSelector) &&
            VAULT.isModule(address(REGISTRY), address(this));
    }

    /// @dev Slashes the order's collateral, then opens the job for another draw or refunds it.
    function _slashLate(uint256 jobId, Order calldata order, StoredJob storage job, JobStatus memory status) private {
        address provider = status.provider;
        JobState missed = status.state;
        _reopenOrRefund(jobId, order, job, status);

        uint256 slashed = VAULT.slash(
            address(REGISTRY),
            provider,
            order.collateral,
            order.collateral,
            _slashLegs(order, provider)
        );
        emit ProviderTimedOut(jobId, provider, msg.sender, missed, slashed);
    }

    /// @dev Opens a drawn job for another draw while attempts are left; otherwise ends it.
    function _reopenOrRefund(
        uint256 jobId,
        Order calldata order,
        StoredJob storage job,
        JobStatus memory status
    ) private {
        bool again =
            order.mode == AssignmentMode.Draw && status.attempt < PARAMETERS.orderRules(order.tier).maxReassignments;
        if (again) _reopen(jobId, order, job, status);
        else _refund(jobId, order, job, status);
    }

    function _reopen(uint256 jobId, Order calldata order, StoredJob storage job, JobStatus memory status) private {
        uint40 drawEpoch = _nextEpoch();
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

    /// @dev Shares round down; what no leg takes burns. The slashed provider's own addresses gain nothing (SLA-3).
    function _slashLegs(Order calldata order, address provider) private view returns (SlashLeg[] memory legs) {
        SlashParameters memory shares = PARAMETERS.slashParameters();
        address payout = REGISTRY.payoutOf(provider);
        legs = new SlashLeg[](2);
        legs[0] = _slashLeg(order.requester, order.collateral, shares.compensationPpm, provider, payout);
        legs[1] = _slashLeg(msg.sender, order.collateral, shares.bountyPpm, provider, payout);
    }

    function _slashLeg(
        address recipient,
        uint256 collateral,
        uint256 sharePpm,
        address provider,
        address payout
    ) private pure returns (SlashLeg memory) {
        bool own = recipient == provider || recipient == payout;
        // The share is at most the collateral, which fits 96 bits.
        return SlashLeg({recipient: recipient, amount: own ? 0 : uint96((collateral * sharePpm) / FeeSplit.PPM)});
    }
}
