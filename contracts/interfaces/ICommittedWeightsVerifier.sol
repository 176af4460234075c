// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IGroth16Verifier} from "./IGroth16Verifier.sol";

/// @title ICommittedWeightsVerifier: one model's verifier, made of the verifier of its architecture
/// @notice A circuit with private weights has one public input more, the commitment to them. Whoever deploys this
/// contract fixes it, so that markets check proofs of one model and need not know that weights are private.
interface ICommittedWeightsVerifier is IGroth16Verifier {
    /// @notice Thrown when the architecture's verifier has no code.
    error CommittedWeightsVerifierNotContract(address verifier);

    /// @notice Thrown when the commitment is zero or not below the order of the scalar field.
    error CommittedWeightsVerifierInvalidCommitment(bytes32 commitment);

    /// @notice Thrown when a proof would cover no job or more than `highest`.
    error CommittedWeightsVerifierInvalidJobs(uint256 jobs, uint256 highest);

    /// @notice Thrown for a call that is not exactly one of the function that `entryPoint` names.
    error CommittedWeightsVerifierWrongCall(bytes4 selector, uint256 length, uint256 expectedLength);

    /// @notice Thrown when the architecture's verifier no longer has the code that it had at construction.
    error CommittedWeightsVerifierCodeChanged(bytes32 expected, bytes32 actual);

    /// @notice Verifier of the architecture, which takes the commitment as its last public input.
    function architectureVerifier() external view returns (address);

    /// @notice EXTCODEHASH of the architecture's verifier, checked at every proof.
    function architectureCodeHash() external view returns (bytes32);

    /// @notice Salted Poseidon commitment of the model's weights, as circuits/lib/weights.circom defines it.
    function weightsCommitment() external view returns (bytes32);

    /// @notice Jobs that one proof covers.
    function jobsPerProof() external view returns (uint256);

    /// @notice Selector of the one function that checks proofs here: a `verifyProof` of 1 + 2 · jobs public inputs,
    /// in the order of IVerifierRouter.verifyMany. For one job it is the `verifyProof` of this interface.
    function entryPoint() external view returns (bytes4);
}
