// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {G1Point, G2Point} from "../types/Bls.sol";

/// @title Bls12381: BLS signatures with the signature in G1 and the key in G2
/// @notice Hashing follows RFC 9380, suite BLS12381G1_XMD:SHA-256_SSWU_RO_; verification is the core of
/// draft-irtf-cfrg-bls-signature (minimal signature size), on the precompiles of EIP-2537.
/// @dev For one key and message exactly one point verifies, in exactly one encoding: a signature is a verifiable
/// random function. `verify` answers false for any malformed input, and also when its gas runs out inside the
/// pairing, so nobody may be punished because of a false.
library Bls12381 {
    /// @notice A precompile is missing on this chain, or ran out of gas.
    error Bls12381PrecompileFailed(address precompile);
    /// @notice RFC 9380 domain separation tags have at most `max` bytes.
    error Bls12381DstTooLong(uint256 length, uint256 max);

    uint256 private constant MAX_DST_BYTES = 255;

    address private constant MODEXP = address(0x05);
    address private constant G1_ADD = address(0x0b);
    address private constant PAIRING = address(0x0f);
    address private constant MAP_FP_TO_G1 = address(0x10);

    // The base field's modulus, 48 bytes in 64.
    bytes32 private constant P_HIGH = 0x000000000000000000000000000000001a0111ea397fe69a4b1ba7b6434bacd7;
    bytes32 private constant P_LOW = 0x64774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab;

    // The negated generator of G2.
    bytes32 private constant X0_HIGH = 0x00000000000000000000000000000000024aa2b2f08f0a91260805272dc51051;
    bytes32 private constant X0_LOW = 0xc6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8;
    bytes32 private constant X1_HIGH = 0x0000000000000000000000000000000013e02b6052719f607dacd3a088274f65;
    bytes32 private constant X1_LOW = 0x596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e;
    bytes32 private constant Y0_HIGH = 0x000000000000000000000000000000000d1b3cc2c7027888be51d9ef691d77bc;
    bytes32 private constant Y0_LOW = 0xb679afda66c73f17f9ee3837a55024f78c71363275a75d75d86bab79f74782aa;
    bytes32 private constant Y1_HIGH = 0x0000000000000000000000000000000013fa4d4a0ad8b1ce186ed5061789213d;
    bytes32 private constant Y1_LOW = 0x993923066dddaf1040bc3ff59f825c78df74f2d75467e25e0f55f8a00fa030ed;

    /// @notice True when `signature` is the signature of `message` under `publicKey` and domain `dst`.
    /// @dev e(signature, −G2) · e(H(message), publicKey) = 1. The pairing precompile refuses coordinates that are
    /// not reduced and points outside the curve or its subgroup; infinity it accepts, so it is refused here.
    /// @param dst Domain separation tag, at most 255 bytes.
    function verify(
        G1Point memory signature,
        G2Point memory publicKey,
        bytes memory message,
        bytes memory dst
    ) internal view returns (bool) {
        if (_isInfinity(signature) || _isInfinity(publicKey)) return false;
        (bool success, bytes memory output) = PAIRING.staticcall(
            abi.encode(signature, _negatedGenerator(), hashToG1(message, dst), publicKey)
        );
        return success && output.length == 32 && abi.decode(output, (uint256)) == 1;
    }

    /// @notice RFC 9380 hash_to_curve into G1.
    function hashToG1(bytes memory message, bytes memory dst) internal view returns (G1Point memory) {
        (bytes memory u0, bytes memory u1) = _hashToField(message, dst);
        // The precompile clears the cofactor of each point; the sum is the same as clearing it once at the end.
        bytes memory q0 = _call(MAP_FP_TO_G1, u0, 128);
        bytes memory q1 = _call(MAP_FP_TO_G1, u1, 128);
        return abi.decode(_call(G1_ADD, bytes.concat(q0, q1), 128), (G1Point));
    }

    /// @dev RFC 9380 hash_to_field with two elements of 64 uniform bytes each.
    function _hashToField(bytes memory message, bytes memory dst) private view returns (bytes memory, bytes memory) {
        (bytes32 b1, bytes32 b2, bytes32 b3, bytes32 b4) = _expandMessage(message, dst);
        return (_reduce(b1, b2), _reduce(b3, b4));
    }

    /// @dev RFC 9380 expand_message_xmd with SHA-256 and 128 bytes of output.
    function _expandMessage(
        bytes memory message,
        bytes memory dst
    ) private pure returns (bytes32 b1, bytes32 b2, bytes32 b3, bytes32 b4) {
        if (dst.length > MAX_DST_BYTES) revert Bls12381DstTooLong(dst.length, MAX_DST_BYTES);
        bytes memory dstPrime = bytes.concat(dst, bytes1(uint8(dst.length)));
        // One zero block of SHA-256, the message, the output length, a zero byte, the dst.
        bytes32 b0 = sha256(bytes.concat(new bytes(64), message, hex"008000", dstPrime));
        b1 = sha256(bytes.concat(b0, hex"01", dstPrime));
        b2 = sha256(bytes.concat(b0 ^ b1, hex"02", dstPrime));
        b3 = sha256(bytes.concat(b0 ^ b2, hex"03", dstPrime));
        b4 = sha256(bytes.concat(b0 ^ b3, hex"04", dstPrime));
    }

    /// @dev 64 big-endian bytes modulo the field's modulus, as 64 bytes: modular exponentiation with exponent one.
    function _reduce(bytes32 high, bytes32 low) private view returns (bytes memory) {
        return
            _call(
                MODEXP,
                abi.encodePacked(uint256(64), uint256(1), uint256(64), high, low, hex"01", P_HIGH, P_LOW),
                64
            );
    }

    function _call(address precompile, bytes memory input, uint256 size) private view returns (bytes memory) {
        (bool success, bytes memory output) = precompile.staticcall(input);
        if (!success || output.length != size) revert Bls12381PrecompileFailed(precompile);
        return output;
    }

    function _isInfinity(G1Point memory point) private pure returns (bool) {
        return (point.xHigh | point.xLow | point.yHigh | point.yLow) == 0;
    }

    function _isInfinity(G2Point memory point) private pure returns (bool) {
        return
            (point.x0High | point.x0Low | point.x1High | point.x1Low) == 0 &&
            (point.y0High | point.y0Low | point.y1High | point.y1Low) == 0;
    }

    function _negatedGenerator() private pure returns (G2Point memory) {
        return G2Point(X0_HIGH, X0_LOW, X1_HIGH, X1_LOW, Y0_HIGH, Y0_LOW, Y1_HIGH, Y1_LOW);
    }
}
