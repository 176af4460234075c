// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IPoseidon} from "../interfaces/IPoseidon.sol";
import {ITrainingChain} from "../interfaces/ITrainingChain.sol";
import {Bn254} from "../libraries/Bn254.sol";
import {OrderHash} from "../libraries/OrderHash.sol";
import {Job, JobState} from "../types/Job.sol";
import {Order, Tier} from "../types/Order.sol";
import {Run, RunTerms} from "../types/Training.sol";

/// @title TrainingChain: chains of proven training steps
/// @notice See ITrainingChain.
/// @dev Holds no funds and has no owner, no role and no upgrade: who pays for a step, and who is paid, is JobMarket's
/// affair. What a run is worth is what its model version's verifier is worth: anyone may register one.
contract TrainingChain is ITrainingChain {
    /// @dev Shifted above the number of batches, as circuits/training/step.circom has it.
    uint256 private constant RUN_TAG = uint256(uint160(bytes20("lattice.training.run"))) << 64;

    /// @dev Poseidon of 1, 2 and 3.
    bytes32 private constant KNOWN_HASH = 0x0e7732d89e6939c0ff03d5e58dab6302f3230e269dc5b968f725df34ab36d732;

    uint8 private constant ZK_TIER = uint8(1 << uint8(Tier.Zk));

    IJobMarket public immutable MARKET;
    IModelRegistry public immutable MODELS;
    IPoseidon public immutable POSEIDON;

    mapping(bytes32 runId => Run run) private _runs;

    constructor(IJobMarket market, IModelRegistry models, IPoseidon poseidon) {
        bytes32 hash = poseidon.poseidon([bytes32(uint256(1)), bytes32(uint256(2)), bytes32(uint256(3))]);
        if (hash != KNOWN_HASH) revert TrainingChainWrongPoseidon(address(poseidon), hash);
        MARKET = market;
        MODELS = models;
        POSEIDON = poseidon;
    }

    // Anyone

    /// @inheritdoc ITrainingChain
    function createRun(RunTerms calldata terms) external returns (bytes32 runId) {
        runId = runIdOf(msg.sender, terms);
        Run storage run = _runs[runId];
        if (run.modelVersion != bytes32(0)) revert TrainingChainRunExists(runId);
        uint8 tiers = MODELS.termsOf(terms.modelVersion).tiers;
        if (tiers & ZK_TIER == 0) revert TrainingChainNotProvable(terms.modelVersion, tiers);
        if (terms.batches == 0) revert TrainingChainNoBatches();
        _requireCommitment(terms.initialState);
        _requireCommitment(terms.datasetRoot);
        _requireCommitment(terms.hyperparameterHash);

        bytes32 runHash = POSEIDON.poseidon(
            [terms.datasetRoot, terms.hyperparameterHash, bytes32(RUN_TAG + terms.batches)]
        );
        run.modelVersion = terms.modelVersion;
        run.runHash = runHash;
        run.state = terms.initialState;
        emit RunCreated(runId, msg.sender, terms.modelVersion, terms, runHash);
    }

    /// @inheritdoc ITrainingChain
    function advance(bytes32 runId, Order calldata order) external {
        Run storage run = _knownRun(runId);
        uint256 jobId = uint256(OrderHash.hash(order));
        if (order.tier != Tier.Zk) revert TrainingChainWrongTier(jobId, order.tier);
        if (order.modelVersion != run.modelVersion) {
            revert TrainingChainWrongModel(runId, run.modelVersion, order.modelVersion);
        }
        uint64 step = run.step;
        bytes32 expected = _inputOf(run.state, run.runHash, step);
        if (order.inputCommitment != expected) {
            revert TrainingChainNotNextStep(runId, step, expected, order.inputCommitment);
        }
        // Settled, a job of tier Zk was proven: the output it records follows from its input by the version's circuit.
        Job memory job = MARKET.jobOf(jobId);
        if (job.state != JobState.Settled) revert TrainingChainJobNotSettled(jobId, job.state);
        if (job.outputCommitment == bytes32(0)) revert TrainingChainOutputNotRecorded(jobId);

        run.state = job.outputCommitment;
        run.step = step + 1;
        emit StepTaken(runId, jobId, job.provider, step, job.outputCommitment);
    }

    // Views

    /// @inheritdoc ITrainingChain
    function runOf(bytes32 runId) external view returns (Run memory) {
        return _knownRun(runId);
    }

    /// @inheritdoc ITrainingChain
    function nextInput(bytes32 runId) external view returns (bytes32) {
        Run storage run = _knownRun(runId);
        return _inputOf(run.state, run.runHash, run.step);
    }

    /// @inheritdoc ITrainingChain
    function runIdOf(address creator, RunTerms calldata terms) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), creator, terms));
    }

    // Internals

    function _knownRun(bytes32 runId) private view returns (Run storage run) {
        run = _runs[runId];
        if (run.modelVersion == bytes32(0)) revert TrainingChainUnknownRun(runId);
    }

    function _inputOf(bytes32 state, bytes32 runHash, uint64 step) private view returns (bytes32) {
        return POSEIDON.poseidon([state, runHash, bytes32(uint256(step))]);
    }

    function _requireCommitment(bytes32 value) private pure {
        if (!Bn254.isCommitment(value)) revert TrainingChainInvalidCommitment(value);
    }
}
