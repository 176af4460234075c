// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IGroth16BatchVerifier: checks many Groth16 proofs of one key at once, for three public inputs each
interface IGroth16BatchVerifier {
    /// @notice True exactly when there is at least one proof and each holds for its public inputs, except with a
    /// probability of 2⁻¹²⁸.
    /// @param proofs Words as in IVerifierRouter.verify, one row a proof.
    /// @param publicInputs context, input commitment, output commitment; row i belongs to proof i.
    function verifyBatch(uint256[8][] calldata proofs, uint256[3][] calldata publicInputs) external view returns (bool);
}
