// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {FeeSplit} from "../libraries/FeeSplit.sol";
import {OrderHash} from "../libraries/OrderHash.sol";
import {JobState} from "../types/Job.sol";
import {ModelTerms} from "../types/Model.sol";
import {Order, Tier} from "../types/Order.sol";
import {Legs} from "../types/Payment.sol";
import {DisputedLane} from "./DisputedLane.sol";
import {JobPrice, JobStatus, JobStorage, StoredJob} from "./JobStorage.sol";

/// @title JobBase: the checks that every call on a job begins with, and the payments that end one
/// @dev Deadlines are exclusive: at `block.timestamp == deadline` the window is over and its exit is open.
abstract contract JobBase is IJobMarket, DisputedLane {
    // Checks

    /// @dev Loads the job of `order`, which must be in `expected`.
    function _jobIn(
        Order calldata order,
        JobState expected
    ) internal view returns (uint256 jobId, StoredJob storage job, JobStatus memory status) {
        jobId = _jobIdOf(order);
        job = JobStorage.load().jobs[jobId];
        status = job.status;
        if (status.state != expected) revert JobMarketWrongState(jobId, status.state);
    }

    function _jobIdOf(Order calldata order) internal pure returns (uint256) {
        return uint256(OrderHash.hash(order));
    }

    function _termsOf(Order calldata order) internal view returns (ModelTerms memory) {
        return MODELS.termsOf(order.modelVersion);
    }

    function _requireProvider(uint256 jobId, address provider) internal view {
        if (msg.sender != provider) revert JobMarketNotProvider(jobId, provider, msg.sender);
    }

    function _requireBefore(uint256 jobId, uint256 deadline) internal view {
        if (block.timestamp >= deadline) revert JobMarketDeadlinePassed(jobId, deadline);
    }

    function _requireReached(uint256 jobId, uint256 deadline) internal view {
        if (block.timestamp < deadline) revert JobMarketDeadlineNotPassed(jobId, deadline);
    }

    /// @dev Unix seconds at which a window of `windowSeconds` that begins now ends. Fits: 2^40 seconds are 34 000 years.
    function _deadlineIn(uint256 windowSeconds) internal view returns (uint40) {
        return uint40(block.timestamp + windowSeconds);
    }

    /// @dev Reverts while the job is in question. Of jobs that are proven nothing is.
    function _requireUndisputed(uint256 jobId, Order calldata order) internal view {
        if (order.tier == Tier.Optimistic) _requireNotHeld(bytes32(jobId));
    }

    // Payments

    /// @dev Ends the job and returns all that is locked for it. The caller has checked that it may end so.
    function _refund(uint256 jobId, Order calldata order, StoredJob storage job, JobStatus memory status) internal {
        status.state = JobState.Refunded;
        status.deadline = 0;
        job.status = status;
        address payer = _payerOf(order);
        emit JobRefunded(jobId, payer, order.maxPrice);
        IPaymentEscrow.Leg[] memory legs = new IPaymentEscrow.Leg[](1);
        legs[0] = IPaymentEscrow.Leg({recipient: payer, amount: order.maxPrice, toDeposit: true});
        ESCROW.pay(order.paymentToken, legs);
    }

    /// @dev Ends the job and pays its price. The caller has checked that the result earned it, and frees the collateral.
    function _pay(
        uint256 jobId,
        Order calldata order,
        StoredJob storage job,
        JobStatus memory status,
        JobPrice memory price,
        ModelTerms memory terms,
        address payout
    ) internal {
        Legs memory legs = FeeSplit.split(price.price, order.maxPrice, terms.royaltyPpm, price.protocolFeePpm);
        status.state = JobState.Settled;
        status.deadline = 0;
        job.status = status;
        emit JobSettled(jobId, status.provider, order.requester, legs);

        IPaymentEscrow.Leg[] memory payments = new IPaymentEscrow.Leg[](legs.refund == 0 ? 3 : 4);
        payments[0] = _earned(payout, legs.provider);
        payments[1] = _earned(terms.royaltyRecipient, legs.publisher);
        payments[2] = _earned(TREASURY, legs.fee);
        if (legs.refund != 0) {
            payments[3] = IPaymentEscrow.Leg({recipient: _payerOf(order), amount: legs.refund, toDeposit: true});
        }
        ESCROW.pay(order.paymentToken, payments);
    }

    /// @dev Pays the agreed price of an accepted result, and frees its collateral.
    function _payAndUnlock(
        uint256 jobId,
        Order calldata order,
        StoredJob storage job,
        JobStatus memory status,
        ModelTerms memory terms
    ) internal {
        _pay(jobId, order, job, status, job.price, terms, REGISTRY.payoutOf(status.provider));
        _unlock(status.provider, order.collateral);
    }

    function _earned(address recipient, uint128 amount) private pure returns (IPaymentEscrow.Leg memory) {
        return IPaymentEscrow.Leg({recipient: recipient, amount: amount, toDeposit: false});
    }
}
