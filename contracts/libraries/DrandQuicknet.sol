// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {G1Point, G2Point} from "../types/Bls.sol";
import {Bls12381} from "./Bls12381.sol";

/// @title DrandQuicknet: rounds of the public randomness network drand, chain quicknet
/// @notice Every three seconds the network publishes one BLS signature over the round's number. Its key is shared among
/// its members, so fewer than a threshold of them can neither know a round early nor hold it back.
/// @dev Scheme bls-unchained-g1-rfc9380, chain hash
/// 52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971. The key lasts as long as that hash.
library DrandQuicknet {
    bytes internal constant DST = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";
    /// @dev Unix seconds of round 1.
    uint256 internal constant GENESIS = 1_692_803_367;
    uint256 internal constant PERIOD_SECONDS = 3;

    bytes32 private constant X0_HIGH = 0x000000000000000000000000000000000d1fec758c921cc22b0e17e63aaf4bcb;
    bytes32 private constant X0_LOW = 0x5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a;
    bytes32 private constant X1_HIGH = 0x0000000000000000000000000000000003cf0f2896adee7eb8b5f01fcad39122;
    bytes32 private constant X1_LOW = 0x12c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451;
    bytes32 private constant Y0_HIGH = 0x000000000000000000000000000000000e5db2b6bfbb01c867749cadffca88b3;
    bytes32 private constant Y0_LOW = 0x6c24f3012ba09fc4d3022c5c37dce0f977d3adb5d183c7477c442b1f04515273;
    bytes32 private constant Y1_HIGH = 0x0000000000000000000000000000000001a714f2edb74119a2f2b0d5a7c75ba9;
    bytes32 private constant Y1_LOW = 0x02d163700a61bc224ededd8e63aef7be1aaf8e93d7a9718b047ccddb3eb5d68b;

    /// @notice The network's public key, uncompressed.
    function publicKey() internal pure returns (G2Point memory) {
        return G2Point(X0_HIGH, X0_LOW, X1_HIGH, X1_LOW, Y0_HIGH, Y0_LOW, Y1_HIGH, Y1_LOW);
    }

    /// @notice The first round published at `time` (Unix seconds) or later.
    function roundFrom(uint256 time) internal pure returns (uint64) {
        if (time <= GENESIS) return 1;
        // Rounded up. Times of blocks lead to rounds far below 2^64.
        return uint64((time - GENESIS + PERIOD_SECONDS - 1) / PERIOD_SECONDS + 1);
    }

    /// @notice Unix seconds at which `round`, from 1 on, is published.
    function timeOf(uint64 round) internal pure returns (uint256) {
        return GENESIS + (uint256(round) - 1) * PERIOD_SECONDS;
    }

    /// @notice True when `signature` is the network's over `round`.
    function verify(uint64 round, G1Point memory signature) internal view returns (bool) {
        bytes memory message = abi.encodePacked(sha256(abi.encodePacked(round)));
        return Bls12381.verify(signature, publicKey(), message, DST);
    }
}
