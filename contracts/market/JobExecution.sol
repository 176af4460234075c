// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {Bn254} from "../libraries/Bn254.sol";
import {ProofContext} from "../libraries/ProofContext.sol";
import {JobState} from "../types/Job.sol";
import {Order} from "../types/Order.sol";
import {JobBase} from "./JobBase.sol";
import {JobStatus, JobStorage, StoredJob} from "./JobStorage.sol";

/// @title JobExecution: how a result is committed and proved
abstract contract JobExecution is JobBase {
    // Provider

    /// @inheritdoc IJobMarket
    function commit(uint256 jobId, Order calldata order, bytes32 outputCommitment, bytes32 outputDigest) external {
        (StoredJob storage job, JobStatus memory status) = _jobIn(jobId, order, JobState.Assigned);
        if (msg.sender != status.provider) revert JobMarketNotProvider(jobId, status.provider, msg.sender);
        _requireBefore(jobId, status.deadline);
        if (!Bn254.isCommitment(outputCommitment)) revert JobMarketInvalidCommitment(outputCommitment);

        status.state = JobState.Committed;
        status.deadline = _deadlineIn(order.proveSeconds);
        job.status = status;
        job.outputCommitment = outputCommitment;
        emit ResultCommitted(jobId, status.provider, outputCommitment, outputDigest, status.deadline);
    }

    // Anyone

    /// @inheritdoc IJobMarket
    function prove(uint256 jobId, Order calldata order, uint256[8] calldata proof) external {
        StoredJob storage job = JobStorage.load().jobs[jobId];
        JobStatus memory status = job.status;
        if (status.state != JobState.Committed) revert JobMarketWrongState(jobId, status.state);
        bytes32 orderHash = _requireOrder(jobId, job, order);
        _requireBefore(jobId, status.deadline);

        // What the proof is checked against comes from the order and the result, never from the prover.
        uint256 context = proofContext(jobId, orderHash, status.provider, order.modelVersion);
        uint256[3] memory publicInputs = [context, uint256(order.inputCommitment), uint256(job.outputCommitment)];
        bytes4 selector = MODELS.termsOf(order.modelVersion).verifierSelector;
        if (!ROUTER.verify(selector, proof, publicInputs)) revert JobMarketInvalidProof(jobId);

        status.state = JobState.Proved;
        status.deadline = 0;
        job.status = status;
        emit ResultProved(jobId, status.provider, bytes32(context));
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
}
