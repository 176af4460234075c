// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IMatchmaker} from "../interfaces/IMatchmaker.sol";
import {Bn254} from "../libraries/Bn254.sol";
import {OrderHash} from "../libraries/OrderHash.sol";
import {ProofContext} from "../libraries/ProofContext.sol";
import {JobState} from "../types/Job.sol";
import {ModelTerms} from "../types/Model.sol";
import {Order, Tier} from "../types/Order.sol";
import {JobAssignment} from "./JobAssignment.sol";
import {JobPrice, JobStatus, JobStorage, StoredJob} from "./JobStorage.sol";

/// @title JobExecution: how a result is committed, proved and paid
abstract contract JobExecution is JobAssignment {
    // Provider

    /// @inheritdoc IJobMarket
    function commit(uint256 jobId, Order calldata order, bytes32 outputCommitment, bytes32 outputDigest) external {
        (StoredJob storage job, JobStatus memory status) = _jobIn(jobId, order, JobState.Assigned);
        _requireProvider(jobId, status.provider);
        _requireBefore(jobId, status.deadline);
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
        uint256 jobId,
        Order calldata order,
        bytes32 outputCommitment,
        bytes32 outputDigest,
        uint256[8] calldata proof
    ) external {
        (StoredJob storage job, JobStatus memory status) = _jobIn(jobId, order, JobState.Posted);
        IMatchmaker.Match memory accepted = _acceptance(jobId, order, status);
        if (order.tier != Tier.Zk) revert JobMarketNotProvable(jobId, order.tier);
        _requireCommitment(outputCommitment, true);
        status.provider = accepted.provider;
        emit JobAssigned(jobId, accepted.provider, accepted.price, accepted.epoch, 0, block.timestamp);
        emit ResultCommitted(jobId, accepted.provider, outputCommitment, outputDigest, block.timestamp);

        ModelTerms memory terms = MODELS.termsOf(order.modelVersion);
        _requireProof(jobId, order, status.provider, outputCommitment, proof, terms.verifierSelector);
        JobPrice memory price = JobPrice({
            price: accepted.price,
            protocolFeePpm: PARAMETERS.orderRules(order.tier).protocolFeePpm
        });
        _pay(jobId, order, job, status, price, terms);
    }

    // Anyone

    /// @inheritdoc IJobMarket
    function prove(uint256 jobId, Order calldata order, uint256[8] calldata proof) external {
        (StoredJob storage job, JobStatus memory status) = _jobIn(jobId, order, JobState.Committed);
        _requireBefore(jobId, status.deadline);
        ModelTerms memory terms = MODELS.termsOf(order.modelVersion);
        _requireProof(jobId, order, status.provider, job.outputCommitment, proof, terms.verifierSelector);
        _pay(jobId, order, job, status, job.price, terms);
        VAULT.unlock(address(REGISTRY), status.provider, order.collateral);
    }

    /// @inheritdoc IJobMarket
    function proveMany(uint256[] calldata jobIds, Order[] calldata orders, uint256[8] calldata proof) external {
        uint256 count = jobIds.length;
        if (count == 0 || count != orders.length) revert JobMarketOrderCountMismatch(count, orders.length);
        bytes32 modelVersion = orders[0].modelVersion;
        uint256[] memory contexts = new uint256[](count);
        uint256[] memory publicInputs = new uint256[](1 + 2 * count);
        for (uint256 i = 0; i < count; ++i) {
            Order calldata order = orders[i];
            if (order.modelVersion != modelVersion) {
                revert JobMarketModelMismatch(jobIds[i], modelVersion, order.modelVersion);
            }
            (contexts[i], publicInputs[1 + count + i]) = _statement(jobIds[i], order);
            publicInputs[1 + i] = uint256(order.inputCommitment);
        }
        publicInputs[0] = ProofContext.computeMany(contexts);
        if (!ROUTER.verifyMany(MODELS.termsOf(modelVersion).verifierSelector, proof, publicInputs)) {
            revert JobMarketInvalidProof(jobIds[0]);
        }
        // A job that stands twice is no longer Committed the second time.
        for (uint256 i = 0; i < count; ++i) _payProved(jobIds[i], orders[i], contexts[i]);
    }

    /// @inheritdoc IJobMarket
    function settle(uint256 jobId, Order calldata order) external {
        (StoredJob storage job, JobStatus memory status) = _jobIn(jobId, order, JobState.Challengeable);
        _requireReached(jobId, status.deadline);
        _pay(jobId, order, job, status, job.price, MODELS.termsOf(order.modelVersion));
        VAULT.unlock(address(REGISTRY), status.provider, order.collateral);
    }

    // Views

    /// @inheritdoc IJobMarket
    function proofContext(
        uint256 jobId,
        bytes32 orderHash,
        address provider,
        bytes32 modelVersion
    ) public view returns (uint256) {
        return ProofContext.compute(address(this), jobId, orderHash, provider, modelVersion);
    }

    // Internals

    /// @dev What a proof together with others must say of a committed job.
    function _statement(
        uint256 jobId,
        Order calldata order
    ) private view returns (uint256 context, uint256 outputCommitment) {
        (StoredJob storage job, JobStatus memory status) = _jobIn(jobId, order, JobState.Committed);
        _requireBefore(jobId, status.deadline);
        context = proofContext(jobId, OrderHash.hash(order), status.provider, order.modelVersion);
        outputCommitment = uint256(job.outputCommitment);
    }

    /// @dev Pays a committed job whose proof was verified under `context`, and frees its collateral.
    function _payProved(uint256 jobId, Order calldata order, uint256 context) private {
        (StoredJob storage job, JobStatus memory status) = _jobIn(jobId, order, JobState.Committed);
        emit ResultProved(jobId, status.provider, bytes32(context));
        _pay(jobId, order, job, status, job.price, MODELS.termsOf(order.modelVersion));
        VAULT.unlock(address(REGISTRY), status.provider, order.collateral);
    }

    /// @dev What the proof is checked against comes from the order and the result, never from the prover.
    function _requireProof(
        uint256 jobId,
        Order calldata order,
        address provider,
        bytes32 outputCommitment,
        uint256[8] calldata proof,
        bytes4 selector
    ) private {
        uint256 context = proofContext(jobId, OrderHash.hash(order), provider, order.modelVersion);
        uint256[3] memory publicInputs = [context, uint256(order.inputCommitment), uint256(outputCommitment)];
        if (!ROUTER.verify(selector, proof, publicInputs)) revert JobMarketInvalidProof(jobId);
        emit ResultProved(jobId, provider, bytes32(context));
    }

    /// @dev Proven results carry Poseidon commitments, bonded ones any root but zero.
    function _requireCommitment(bytes32 commitment, bool proven) private pure {
        bool valid = proven ? Bn254.isCommitment(commitment) : commitment != bytes32(0);
        if (!valid) revert JobMarketInvalidCommitment(commitment);
    }
}
