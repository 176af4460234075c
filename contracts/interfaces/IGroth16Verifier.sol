// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IGroth16Verifier: shape of the verifiers that snarkjs exports, for three public inputs
interface IGroth16Verifier {
    /// @notice True when the proof holds for the public inputs (context, input commitment, output commitment).
    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[3] calldata publicInputs
    ) external view returns (bool);
}
