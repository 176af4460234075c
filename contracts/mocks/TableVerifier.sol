// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IGroth16Verifier} from "../interfaces/IGroth16Verifier.sol";

/// @title TableVerifier: accepts the statements it was told, for tests of everything around proofs
contract TableVerifier is IGroth16Verifier {
    mapping(bytes32 statement => bool accepted) private _accepted;

    /// @notice From now on this proof holds for these public inputs.
    function accept(uint256[8] calldata proof, uint256[3] calldata publicInputs) external {
        _accepted[keccak256(abi.encode(proof, publicInputs))] = true;
    }

    /// @inheritdoc IGroth16Verifier
    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[3] calldata publicInputs
    ) external view returns (bool) {
        // Static arrays are encoded in place, so this is the encoding of `accept`.
        return _accepted[keccak256(abi.encode(a, b, c, publicInputs))];
    }
}
