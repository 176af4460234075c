// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IOrderSettlement} from "../interfaces/IOrderSettlement.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {FeeSplit} from "../libraries/FeeSplit.sol";
import {JobsRoot} from "../libraries/JobsRoot.sol";
import {OrderHash} from "../libraries/OrderHash.sol";
import {BatchJob, BatchRecord} from "../types/Batch.sol";
import {Legs} from "../types/Payment.sol";
import {BatchIntake} from "./BatchIntake.sol";
import {SettlementStorage} from "./SettlementStorage.sol";

/// @title BatchSettlement: how a claimed batch ends, as a whole or job by job
/// @dev A claimed batch is stored as one bit under the hash of its record; who releases it, or takes a job out of it,
/// passes the record again.
abstract contract BatchSettlement is BatchIntake {
    // Anyone

    /// @inheritdoc IOrderSettlement
    function release(BatchRecord calldata record) external {
        bytes32 batchId = _hashRecord(record);
        _close(batchId);
        if (block.timestamp < record.releaseAt) revert OrderSettlementStillChallengeable(batchId, record.releaseAt);
        _requireNotHeld(record.jobsRoot);
        uint256 total = uint256(record.count) * record.price;
        Legs memory legs = FeeSplit.split(total, total, record.royaltyPpm, record.protocolFeePpm);
        emit BatchReleased(batchId, record.provider, legs);
        _pay(record.payout, record.token, record.royaltyRecipient, legs);
        _unlock(record.provider, record.collateral);
    }

    // Dispute game

    /// @inheritdoc IOrderSettlement
    function punish(BatchJob calldata job, address reporter) external {
        _requireGame();
        bytes32 batchId = _hashRecord(job.record);
        _close(batchId);
        bytes32 orderHash = OrderHash.hash(job.order);
        if (!_isBatchJob(job, orderHash)) revert OrderSettlementNotInBatch(batchId, orderHash);
        bytes32 restId = _openRest(job);
        address payer = _payerOf(job.order);
        _refund(job.record.token, payer, job.record.price);
        address provider = job.record.provider;
        uint256 slashed = _forfeit(job.order.requester, provider, job.order.collateral, reporter);
        emit BatchJobPunished(batchId, orderHash, provider, restId, reporter, slashed, payer, job.record.price);
    }

    // Views

    /// @inheritdoc IOrderSettlement
    function isOpen(bytes32 batchId) external view returns (bool) {
        return SettlementStorage.load().isOpen[batchId];
    }

    /// @inheritdoc IOrderSettlement
    function hashRecord(BatchRecord calldata record) external pure returns (bytes32) {
        return _hashRecord(record);
    }

    // Records

    function _hashRecord(BatchRecord memory record) internal pure returns (bytes32) {
        return keccak256(abi.encode(record));
    }

    function _close(bytes32 batchId) private {
        mapping(bytes32 batchId => bool) storage batches = SettlementStorage.load().isOpen;
        if (!batches[batchId]) revert OrderSettlementNotOpen(batchId);
        batches[batchId] = false;
    }

    /// @dev Opens the batch again without the job, unless that was its last.
    function _openRest(BatchJob calldata job) private returns (bytes32 restId) {
        BatchRecord memory rest = job.record;
        if (rest.count == 1) return 0;
        rest.count -= 1;
        rest.collateral -= job.order.collateral;
        restId = _hashRecord(rest);
        SettlementStorage.load().isOpen[restId] = true;
    }

    function _isBatchJob(BatchJob calldata job, bytes32 orderHash) private pure returns (bool) {
        return
            JobsRoot.contains(
                job.record.jobsRoot,
                orderHash,
                job.outputCommitment,
                job.outputDigest,
                job.index,
                job.jobs,
                job.proof
            );
    }

    // Payments

    /// @dev The price of all jobs was locked to the unit, so there is nothing to give back.
    function _pay(address payout, address token, address royaltyRecipient, Legs memory legs) internal {
        IPaymentEscrow.Leg[] memory payments = new IPaymentEscrow.Leg[](3);
        payments[0] = _earned(payout, legs.provider);
        payments[1] = _earned(royaltyRecipient, legs.publisher);
        payments[2] = _earned(TREASURY, legs.fee);
        _disburse(token, payments);
    }

    function _refund(address token, address payer, uint96 price) private {
        IPaymentEscrow.Leg[] memory legs = new IPaymentEscrow.Leg[](1);
        legs[0] = IPaymentEscrow.Leg({recipient: payer, amount: price, toDeposit: true});
        _disburse(token, legs);
    }

    function _earned(address recipient, uint128 amount) private pure returns (IPaymentEscrow.Leg memory) {
        return IPaymentEscrow.Leg({recipient: recipient, amount: amount, toDeposit: false});
    }
}
