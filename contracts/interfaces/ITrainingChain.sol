// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {JobState} from "../types/Job.sol";
import {Order, Tier} from "../types/Order.sol";
import {Run, RunTerms} from "../types/Training.sol";

/// @title ITrainingChain: chains of proven training steps
/// @notice A step is an ordinary job of tier Zk for a model version whose circuit proves one step of training: its input
/// commits to the state before, its output to the state after. A run takes a settled job as its next step when, and only
/// when, the job starts from the state that the run is in.
interface ITrainingChain {
    /// @notice `creator` created `runId`.
    event RunCreated(
        bytes32 indexed runId,
        address indexed creator,
        bytes32 indexed modelVersion,
        RunTerms terms,
        bytes32 runHash
    );
    /// @notice The job `jobId` became step `step` of the run, which is now in `state`.
    event StepTaken(bytes32 indexed runId, uint256 indexed jobId, address indexed provider, uint64 step, bytes32 state);

    /// @notice The hash contract does not compute what circuits compute.
    error TrainingChainWrongPoseidon(address poseidon, bytes32 hash);
    /// @notice The caller created the very same run before; a second one would only repeat its steps.
    error TrainingChainRunExists(bytes32 runId);
    /// @notice There is no such run.
    error TrainingChainUnknownRun(bytes32 runId);
    /// @notice The model version does not support tier Zk.
    error TrainingChainNotProvable(bytes32 modelVersion, uint8 tiers);
    /// @notice A data set has at least one batch.
    error TrainingChainNoBatches();
    /// @notice The value is zero or not below the scalar field order.
    error TrainingChainInvalidCommitment(bytes32 value);
    /// @notice The order's result is not proven.
    error TrainingChainWrongTier(uint256 jobId, Tier tier);
    /// @notice The order is for another model version than the run's.
    error TrainingChainWrongModel(bytes32 runId, bytes32 expected, bytes32 given);
    /// @notice The order does not start from the state that the run is in, at its next step.
    error TrainingChainNotNextStep(bytes32 runId, uint64 step, bytes32 expected, bytes32 given);
    /// @notice The job is not settled, or the market does not know it.
    error TrainingChainJobNotSettled(uint256 jobId, JobState state);
    /// @notice The job was delivered in one call, which leaves no output on the chain; a step's job is committed, then
    /// proved.
    error TrainingChainOutputNotRecorded(uint256 jobId);

    /// @notice Creates a run. Anyone may.
    function createRun(RunTerms calldata terms) external returns (bytes32 runId);

    /// @notice Takes the settled job of `order` as the run's next step. Anyone may call.
    function advance(bytes32 runId, Order calldata order) external;

    /// @notice Where a run stands; reverts when unknown.
    function runOf(bytes32 runId) external view returns (Run memory);

    /// @notice Input commitment that the order of the run's next step must have; reverts when the run is unknown.
    function nextInput(bytes32 runId) external view returns (bytes32);

    /// @notice Id that `createRun` would return.
    function runIdOf(address creator, RunTerms calldata terms) external view returns (bytes32);
}
