// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title Bn254: the orders of the two fields of the curve that EIP-196 and EIP-197 name alt_bn128
library Bn254 {
    /// @notice Order of the scalar field: public inputs and Poseidon commitments lie below it.
    uint256 internal constant SCALAR_FIELD =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;

    /// @notice Order of the base field: coordinates of points lie below it.
    uint256 internal constant BASE_FIELD =
        21888242871839275222246405745257275088696311157297823662689037894645226208583;

    /// @notice True for a non-zero canonical scalar: zero is never a commitment.
    function isCommitment(bytes32 value) internal pure returns (bool) {
        return value != bytes32(0) && uint256(value) < SCALAR_FIELD;
    }
}
