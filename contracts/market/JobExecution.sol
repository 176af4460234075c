// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {Bn254} from "../libraries/Bn254.sol";
import {ProofContext} from "../libraries/ProofContext.sol";
import {JobState} from "../types/Job.sol";
import {ModelTerms} from "../types/Model.sol";
import {Order, Tier} from "../types/Order.sol";
import {JobAssignment} from "./JobAssignment.sol";
import {JobPrice, JobStatus, StoredJob} from "./JobStorage.sol";

/// @title JobExecution: how a result is committed, proved and paid
abstract contract JobExecution is JobAssignment {
    // Provider

    /// @inheritdoc IJobMarket
    function commit(Order calldata order, bytes32 outputCommitment, bytes32 outputDigest) external {
        (uint256 jobId, StoredJob storage job, JobStatus memory status) = _jobIn(order, JobState.Assigned);
        _requireProvider(jobId, status.provider);
        _requireBefore(jobId, status.deadline);
        _requireUndisputed(jobId, order);
        bool proven = order.tier == Tier.Zk;
        _requireCommitment(outputCommitment, proven);

        status.state = proven ? JobState.Committed : JobState.Challengeable;
        status.deadline = _deadlineIn(proven ? order.proveSeconds : order.challengeSeconds);
        job.status = status;
        job.outputCommitment = outputCommitment;
        emit ResultCommitted(jobId, status.provider, outputCommitment, outputDigest, status.deadline);
    }

    /// @inheritdoc IJobMarket
    function deliver(
        Order calldata order,
        bytes32 outputCommitment,
        bytes32 outputDigest,
        uint256[8] calldata proof
    ) external {
        (uint256 jobId, StoredJob storage job, JobStatus memory status) = _jobIn(order, JobState.Posted);
        _requireNamed(jobId, order, status);
        if (order.tier != Tier.Zk) revert JobMarketNotProvable(jobId, order.tier);
        _requireCommitment(outputCommitment, true);
        status.provider = order.provider;
        emit ResultCommitted(jobId, order.provider, outputCommitment, outputDigest, block.timestamp);

        ModelTerms memory terms = _termsOf(order);
        address payout = _entitledPayout(order, terms.attestedClass);
        _requireProof(jobId, order, order.provider, outputCommitment, proof, terms.verifierSelector);
        JobPrice memory price = JobPrice({price: order.maxPrice, protocolFeePpm: PARAMETERS.protocolFeePpm()});
        _pay(jobId, order, job, status, price, terms, payout);
    }

    // Anyone

    /// @inheritdoc IJobMarket
    function prove(Order calldata order, uint256[8] calldata proof) external {
        (uint256 jobId, StoredJob storage job, JobStatus memory status) = _jobIn(order, JobState.Committed);
        _requireBefore(jobId, status.deadline);
        ModelTerms memory terms = _termsOf(order);
        uint256 context = _requireProof(
            jobId,
            order,
            status.provider,
            job.outputCommitment,
            proof,
            terms.verifierSelector
        );
        emit ResultProved(jobId, status.provider, bytes32(context));
        _payAndUnlock(jobId, order, job, status, terms);
    }

    /// @inheritdoc IJobMarket
    function proveMany(Order[] calldata orders, uint256[8] calldata proof) external {
        uint256 count = orders.length;
        if (count == 0) revert JobMarketNoOrders();
        bytes32 modelVersion = orders[0].modelVersion;
        uint256[] memory contexts = new uint256[](count);
        uint256[] memory publicInputs = new uint256[](1 + 2 * count);
        for (uint256 i = 0; i < count; ++i) {
            Order calldata order = orders[i];
            if (order.modelVersion != modelVersion) {
                revert JobMarketModelMismatch(_jobIdOf(order), modelVersion, order.modelVersion);
            }
            (contexts[i], publicInputs[1 + count + i]) = _statement(order);
            publicInputs[1 + i] = uint256(order.inputCommitment);
        }
        publicInputs[0] = ProofContext.computeMany(contexts);
        if (!ROUTER.verifyMany(_termsOf(orders[0]).verifierSelector, proof, publicInputs)) {
            revert JobMarketInvalidProof(_jobIdOf(orders[0]));
        }
        // A job that stands twice is no longer Committed the second time.
        for (uint256 i = 0; i < count; ++i) _payProved(orders[i], contexts[i]);
    }

    /// @inheritdoc IJobMarket
    function settle(Order calldata order) external {
        (uint256 jobId, StoredJob storage job, JobStatus memory status) = _jobIn(order, JobState.Challengeable);
        _requireReached(jobId, status.deadline);
        _requireNotHeld(bytes32(jobId));
        _payAndUnlock(jobId, order, job, status, _termsOf(order));
    }

    // Views

    /// @inheritdoc IJobMarket
    function proofContext(bytes32 orderHash, address provider, bytes32 modelVersion) public view returns (uint256) {
        return ProofContext.compute(address(this), orderHash, provider, modelVersion);
    }

    // Internals

    /// @dev What a proof together with others must say of a committed job.
    function _statement(Order calldata order) private view returns (uint256 context, uint256 outputCommitment) {
        (uint256 jobId, StoredJob storage job, JobStatus memory status) = _jobIn(order, JobState.Committed);
        _requireBefore(jobId, status.deadline);
        context = proofContext(bytes32(jobId), status.provider, order.modelVersion);
        outputCommitment = uint256(job.outputCommitment);
    }

    /// @dev Pays a committed job whose proof was verified under `context`, and frees its collateral.
    function _payProved(Order calldata order, uint256 context) private {
        (uint256 jobId, StoredJob storage job, JobStatus memory status) = _jobIn(order, JobState.Committed);
        emit ResultProved(jobId, status.provider, bytes32(context));
        _payAndUnlock(jobId, order, job, status, _termsOf(order));
    }

    /// @dev What the proof is checked against comes from the order and the result, never from the prover.
    function _requireProof(
        uint256 jobId,
        Order calldata order,
        address provider,
        bytes32 outputCommitment,
        uint256[8] calldata proof,
        bytes4 selector
    ) private view returns (uint256 context) {
        context = proofContext(bytes32(jobId), provider, order.modelVersion);
        uint256[3] memory publicInputs = [context, uint256(order.inputCommitment), uint256(outputCommitment)];
        if (!ROUTER.verify(selector, proof, publicInputs)) revert JobMarketInvalidProof(jobId);
    }

    /// @dev Proven results carry Poseidon commitments, bonded ones any root but zero.
    function _requireCommitment(bytes32 commitment, bool proven) private pure {
        bool valid = proven ? Bn254.isCommitment(commitment) : commitment != bytes32(0);
        if (!valid) revert JobMarketInvalidCommitment(commitment);
    }
}
