// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title Training: a chain of proven training steps

/// @notice What a run is; nothing of it ever changes. Commitments are Poseidon hashes, below the scalar field order.
/// @param modelVersion Version of ModelRegistry whose circuit proves one step. It fixes the arithmetic and the sizes.
/// @param initialState Commitment of the parameters that step 0 starts from.
/// @param datasetRoot Root of the tree whose leaves are the commitments of the batches.
/// @param hyperparameterHash Commitment of sizes and learning rate; the circuit has its own, so a proof for other ones
/// does not fit the run.
/// @param batches Number of batches; step t takes batch t mod batches.
struct RunTerms {
    bytes32 modelVersion;
    bytes32 initialState;
    bytes32 datasetRoot;
    bytes32 hyperparameterHash;
    uint32 batches;
}

/// @notice Where a run stands.
/// @param modelVersion As in its terms; zero for a run that does not exist.
/// @param runHash Commitment of data set, hyperparameters and number of batches, part of every step's input.
/// @param state Commitment of the parameters after the last step taken.
/// @param step Number of steps taken, which is the number of the next one.
struct Run {
    bytes32 modelVersion;
    bytes32 runHash;
    bytes32 state;
    uint64 step;
}
