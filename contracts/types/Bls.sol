// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title Points of BLS12-381 in the encoding of EIP-2537
/// @dev Each base-field element is 64 bytes big-endian, the top 16 of them zero; Fp2 is (c0, c1).

/// @notice A point of G1 (128 bytes): a signature.
struct G1Point {
    bytes32 xHigh;
    bytes32 xLow;
    bytes32 yHigh;
    bytes32 yLow;
}

/// @notice A point of G2 (256 bytes): a public key.
struct G2Point {
    bytes32 x0High;
    bytes32 x0Low;
    bytes32 x1High;
    bytes32 x1Low;
    bytes32 y0High;
    bytes32 y0Low;
    bytes32 y1High;
    bytes32 y1Low;
}
