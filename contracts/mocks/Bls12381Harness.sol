// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Bls12381} from "../libraries/Bls12381.sol";
import {G1Point, G2Point} from "../types/Bls.sol";

/// @title Bls12381Harness: exposes the library to tests
contract Bls12381Harness {
    function verify(
        G1Point calldata signature,
        G2Point calldata publicKey,
        bytes calldata message,
        bytes calldata dst
    ) external view returns (bool) {
        return Bls12381.verify(signature, publicKey, message, dst);
    }

    function hashToG1(bytes calldata message, bytes calldata dst) external view returns (G1Point memory) {
        return Bls12381.hashToG1(message, dst);
    }
}
