// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Bn254} from "./Bn254.sol";

/// @title Groth16Batch: many Groth16 proofs of one key, checked by one random linear combination
/// @notice A proof (A, B, C) of the statement x holds when e(A, B) = e(α, β) · e(IC(x), γ) · e(C, δ). Raised to
/// coefficients r and multiplied, n such equations become one of n + 3 pairings instead of 4n:
/// Π e(rᵢAᵢ, Bᵢ) = e(Σrᵢ · α, β) · e(Σ rᵢIC(xᵢ), γ) · e(Σ rᵢCᵢ, δ).
/// @dev Sound because the coefficients are fixed after everything they multiply: 128 bits of a hash of the verifying key
/// and of the whole calldata, which proofs and inputs are part of. The pairing's target group has prime order, so when
/// any equation with a hashed coefficient fails, at most one value of that coefficient lets the product hold. The first
/// coefficient is 1, which saves two multiplications: if only the first equation fails, the product is that equation,
/// and if another fails, its own hashed coefficient decides. Curve and subgroup membership are checked by the precompiles
/// (EIP-196, EIP-197): every word of a proof reaches one of them unchanged.
library Groth16Batch {
    /// @dev Words of a verifying key of three public inputs. Of a coordinate over the quadratic extension the imaginary
    /// part (1) comes first, as EIP-197 orders them. All members are words, so they lie in a row in memory.
    struct VerifyingKey {
        uint256 alphaX;
        uint256 alphaY;
        uint256 betaX1;
        uint256 betaX0;
        uint256 betaY1;
        uint256 betaY0;
        uint256 gammaX1;
        uint256 gammaX0;
        uint256 gammaY1;
        uint256 gammaY0;
        uint256 deltaX1;
        uint256 deltaX0;
        uint256 deltaY1;
        uint256 deltaY0;
        uint256 ic0X;
        uint256 ic0Y;
        uint256 ic1X;
        uint256 ic1Y;
        uint256 ic2X;
        uint256 ic2Y;
        uint256 ic3X;
        uint256 ic3Y;
    }

    /// @dev Σ rᵢ; Σ rᵢxᵢⱼ for the three inputs, modulo the scalar field; the point Σ rᵢCᵢ, and behind it room for the
    /// next term, so that both lie as the addition takes them.
    struct Sums {
        uint256 coefficients;
        uint256 input1;
        uint256 input2;
        uint256 input3;
        uint256 cX;
        uint256 cY;
        uint256 termX;
        uint256 termY;
    }

    uint256 private constant KEY_BYTES = 22 * 32;
    uint256 private constant PAIR_BYTES = 6 * 32;

    // EIP-1108 prices them at 150 and 6 000. A precompile that refuses its input burns all it was given, so a proof of
    // junk must not be given everything that is left.
    uint256 private constant ADD_GAS = 1_000;
    uint256 private constant MULTIPLY_GAS = 12_000;

    /// @notice True when every proof holds; false for no proofs, or for another number of statements. Words outside of
    /// their fields make it false, as they do in verifiers of single proofs.
    function verify(
        VerifyingKey memory key,
        uint256[8][] calldata proofs,
        uint256[3][] calldata publicInputs
    ) internal view returns (bool) {
        uint256 count = proofs.length;
        // No equations hold vacuously.
        if (count == 0 || count != publicInputs.length) return false;
        bytes32 seed = _seed(key);
        Sums memory sums;
        uint256 pairs = _allocatePairs(count + 3);
        uint256 pair = pairs;
        for (uint256 i = 0; i < count; ++i) {
            uint256 coefficient = i == 0 ? 1 : _coefficient(seed, i);
            if (!_addInputs(sums, publicInputs[i], coefficient)) return false;
            if (!_addProof(sums, pair, proofs[i], coefficient)) return false;
            // No carry: it points into memory.
            unchecked {
                pair += PAIR_BYTES;
            }
        }
        if (!_addKey(key, sums, pair)) return false;
        return _pairingHolds(pairs, count + 3);
    }

    /// @dev All of the calldata and not only the two arrays: nothing a caller sends is left out by accident.
    function _seed(VerifyingKey memory key) private pure returns (bytes32) {
        bytes32 keyHash;
        assembly ("memory-safe") {
            keyHash := keccak256(key, KEY_BYTES)
        }
        return keccak256(abi.encodePacked(keyHash, keccak256(msg.data)));
    }

    /// @dev Short on purpose: 128 bits are what the error probability needs.
    function _coefficient(bytes32 seed, uint256 index) private pure returns (uint256 coefficient) {
        assembly ("memory-safe") {
            mstore(0x00, seed)
            mstore(0x20, index)
            coefficient := shr(128, keccak256(0x00, 0x40))
        }
    }

    function _addInputs(Sums memory sums, uint256[3] calldata inputs, uint256 coefficient) private pure returns (bool) {
        uint256 order = Bn254.SCALAR_FIELD;
        uint256 first = inputs[0];
        uint256 second = inputs[1];
        uint256 third = inputs[2];
        // The sums would reduce them, so that one statement could be written in several ways.
        if (Math.max(Math.max(first, second), third) >= order) return false;
        // Of 128 bits each, fewer than 2¹²⁸ of them; the multiplication reduces the sum.
        unchecked {
            sums.coefficients += coefficient;
        }
        sums.input1 = addmod(sums.input1, mulmod(coefficient, first, order), order);
        sums.input2 = addmod(sums.input2, mulmod(coefficient, second, order), order);
        sums.input3 = addmod(sums.input3, mulmod(coefficient, third, order), order);
        return true;
    }

    /// @dev Writes the pair (r·A, B) and adds r·C to its sum.
    function _addProof(
        Sums memory sums,
        uint256 pair,
        uint256[8] calldata proof,
        uint256 coefficient
    ) private view returns (bool ok) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            let sum := add(sums, 0x80)
            mstore(add(free, 0x40), coefficient)
            calldatacopy(free, proof, 0x40)
            ok := staticcall(MULTIPLY_GAS, 0x07, free, 0x60, pair, 0x40)
            calldatacopy(add(pair, 0x40), add(proof, 0x40), 0x80)
            calldatacopy(free, add(proof, 0xc0), 0x40)
            ok := and(ok, staticcall(MULTIPLY_GAS, 0x07, free, 0x60, add(sum, 0x40), 0x40))
            ok := and(ok, staticcall(ADD_GAS, 0x06, sum, 0x80, sum, 0x40))
        }
    }

    /// @dev The three pairs of the right-hand side, negated, so that the product of all pairs must be one.
    function _addKey(VerifyingKey memory key, Sums memory sums, uint256 pair) private view returns (bool) {
        (bool ok, uint256 x, uint256 y) = _multiply(key.alphaX, key.alphaY, sums.coefficients);
        if (!ok) return false;
        _writePair(pair, x, y, [key.betaX1, key.betaX0, key.betaY1, key.betaY0]);
        (ok, x, y) = _combineInputs(key, sums);
        if (!ok) return false;
        _writePair(pair + PAIR_BYTES, x, y, [key.gammaX1, key.gammaX0, key.gammaY1, key.gammaY0]);
        _writePair(pair + 2 * PAIR_BYTES, sums.cX, sums.cY, [key.deltaX1, key.deltaX0, key.deltaY1, key.deltaY0]);
        return true;
    }

    /// @dev Σ rᵢ · IC₀ + Σⱼ (Σᵢ rᵢxᵢⱼ) · ICⱼ: four multiplications for the whole batch.
    function _combineInputs(
        VerifyingKey memory key,
        Sums memory sums
    ) private view returns (bool ok, uint256 x, uint256 y) {
        (ok, x, y) = _multiply(key.ic0X, key.ic0Y, sums.coefficients);
        if (ok) (ok, x, y) = _addMultiple(x, y, key.ic1X, key.ic1Y, sums.input1);
        if (ok) (ok, x, y) = _addMultiple(x, y, key.ic2X, key.ic2Y, sums.input2);
        if (ok) (ok, x, y) = _addMultiple(x, y, key.ic3X, key.ic3Y, sums.input3);
    }

    function _addMultiple(
        uint256 sumX,
        uint256 sumY,
        uint256 x,
        uint256 y,
        uint256 scalar
    ) private view returns (bool ok, uint256, uint256) {
        (ok, x, y) = _multiply(x, y, scalar);
        if (!ok) return (false, 0, 0);
        return _add(sumX, sumY, x, y);
    }

    /// @dev Writes (−P, Q). Minus infinity, which is (0, 0), is itself.
    function _writePair(uint256 pair, uint256 x, uint256 y, uint256[4] memory q) private pure {
        uint256 negated = y == 0 ? 0 : Bn254.BASE_FIELD - y;
        assembly ("memory-safe") {
            mstore(pair, x)
            mstore(add(pair, 0x20), negated)
            mcopy(add(pair, 0x40), q, 0x80)
        }
    }

    // Precompiles

    function _multiply(
        uint256 x,
        uint256 y,
        uint256 scalar
    ) private view returns (bool ok, uint256 productX, uint256 productY) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, x)
            mstore(add(free, 0x20), y)
            mstore(add(free, 0x40), scalar)
            ok := staticcall(MULTIPLY_GAS, 0x07, free, 0x60, free, 0x40)
            productX := mload(free)
            productY := mload(add(free, 0x20))
        }
    }

    function _add(
        uint256 aX,
        uint256 aY,
        uint256 bX,
        uint256 bY
    ) private view returns (bool ok, uint256 sumX, uint256 sumY) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, aX)
            mstore(add(free, 0x20), aY)
            mstore(add(free, 0x40), bX)
            mstore(add(free, 0x60), bY)
            ok := staticcall(ADD_GAS, 0x06, free, 0x80, free, 0x40)
            sumX := mload(free)
            sumY := mload(add(free, 0x20))
        }
    }

    function _allocatePairs(uint256 count) private pure returns (uint256 pairs) {
        assembly ("memory-safe") {
            pairs := mload(0x40)
            mstore(0x40, add(pairs, mul(count, PAIR_BYTES)))
        }
    }

    function _pairingHolds(uint256 pairs, uint256 count) private view returns (bool holds) {
        assembly ("memory-safe") {
            let ok := staticcall(gas(), 0x08, pairs, mul(count, PAIR_BYTES), 0x00, 0x20)
            holds := and(and(ok, eq(returndatasize(), 0x20)), eq(mload(0x00), 1))
        }
    }
}
