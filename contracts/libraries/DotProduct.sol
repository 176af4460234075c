// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title DotProduct: sums over bytes in memory, many to a word
/// @notice A word holds 8 groups of 4 bytes. Masked to one byte of each group, it is a polynomial with 8 coefficients of 32
/// bits; so the product of two such words, one of them with its groups in reverse, has the sum of the 8 products of bytes as
/// its top coefficient, and what is above falls off. 32 products take 4 multiplications.
/// @dev With up to 4,096 terms no coefficient exceeds 4,096 · 255² < 2^32, so none carries into the next.
library DotProduct {
    uint256 private constant LOW_BYTES = 0x000000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff;
    uint256 private constant LOW_GROUPS = 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;
    uint256 private constant LOW_QUARTERS = 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;
    uint256 private constant ONES = 0x0000000100000001000000010000000100000001000000010000000100000001;
    uint256 private constant SIGNS = 0x8080808080808080808080808080808080808080808080808080808080808080;

    /// @notice Σ (a − aZero) · (b − bZero) over bytes a and b at these places in memory, of which it overwrites the 32 bytes behind
    /// the last.
    /// @param count Of terms, at most 4,096.
    /// @param isSigned b is int8; otherwise uint8. a is uint8.
    function compute(
        uint256 a,
        uint256 b,
        uint256 count,
        bool isSigned,
        int256 aZero,
        int256 bZero
    ) internal pure returns (int256) {
        // Signed bytes are moved up by 128, and so is their zero.
        uint256 flip = isSigned ? SIGNS : 0;
        if (isSigned) bZero += 128;
        (uint256 dot, uint256 aSum, uint256 bSum) = _sums(a, b, count, flip);
        unchecked {
            // The top coefficients: of the products, and of the sums added up.
            (dot, aSum, bSum) = (dot >> 224, (aSum * ONES) >> 224, (bSum * ONES) >> 224);
        }
        return int256(dot) - bZero * int256(aSum) - aZero * int256(bSum) + int256(count) * aZero * bZero;
    }

    /// @notice Sum of `count` int32, at most 4,096, at this place in memory.
    function sum(uint256 at, uint256 count) internal pure returns (int256) {
        uint256 total;
        assembly ("memory-safe") {
            // Moved up by 2^31; then four lanes of 64 bits, twice.
            let lanes := 0
            let low := 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff
            let flip := 0x8000000080000000800000008000000080000000800000008000000080000000
            for {
                let end := add(at, shl(2, count))
            } lt(at, end) {
                at := add(at, 0x20)
            } {
                let word := xor(mload(at), flip)
                if gt(add(at, 0x20), end) {
                    let over := shl(3, sub(add(at, 0x20), end))
                    word := shl(over, shr(over, word))
                }
                lanes := add(lanes, add(and(word, low), and(shr(32, word), low)))
            }
            total := shr(192, mul(lanes, 0x0000000000000001000000000000000100000000000000010000000000000001))
        }
        return int256(total) - int256(count << 31);
    }

    /// @notice Largest of `count` bytes, at least one, at this place in memory.
    function max(uint256 at, uint256 count, bool isSigned) internal pure returns (int256 largest) {
        uint256 flip = isSigned ? 0x80 : 0;
        uint256 most;
        assembly ("memory-safe") {
            for {
                let end := add(at, count)
            } lt(at, end) {
                at := add(at, 1)
            } {
                let value := xor(byte(0, mload(at)), flip)
                if gt(value, most) {
                    most := value
                }
            }
        }
        // At most 255.
        return int256(most) - int256(flip);
    }

    /// @dev Σ ab as a top coefficient, Σ a and Σ b in 8 parts, where b is taken with the bits of `flip` flipped. Overwrites
    /// the word behind both.
    function _sums(
        uint256 a,
        uint256 b,
        uint256 count,
        uint256 flip
    ) private pure returns (uint256 dot, uint256 aSum, uint256 bSum) {
        assembly ("memory-safe") {
            // A zero that the compiler does not know: it would copy known masks from the code at each use.
            let zero := iszero(calldatasize())
            mstore(0x00, or(LOW_QUARTERS, zero))
            mstore(0x20, or(LOW_GROUPS, zero))
            let low := or(LOW_BYTES, zero)
            // What the last word has behind the last term counts as zero.
            mstore(add(a, count), zero)
            mstore(add(b, count), flip)
            count := add(a, count)
            for {} lt(a, count) {
                a := add(a, 0x20)
                b := add(b, 0x20)
            } {
                let x := mload(a)
                let y := xor(mload(b), flip)
                // Groups of y in reverse: halves, quarters, groups.
                y := or(shl(128, y), shr(128, y))
                let p := mload(0x00)
                y := or(shl(64, and(y, p)), and(shr(64, y), p))
                p := mload(0x20)
                y := or(shl(32, and(y, p)), and(shr(32, y), p))
                p := and(x, low)
                let q := and(y, low)
                dot := add(mul(p, q), dot)
                aSum := add(p, aSum)
                bSum := add(q, bSum)
                p := and(shr(8, x), low)
                q := and(shr(8, y), low)
                dot := add(mul(p, q), dot)
                aSum := add(p, aSum)
                bSum := add(q, bSum)
                p := and(shr(16, x), low)
                q := and(shr(16, y), low)
                dot := add(mul(p, q), dot)
                aSum := add(p, aSum)
                bSum := add(q, bSum)
                p := and(shr(24, x), low)
                q := and(shr(24, y), low)
                dot := add(mul(p, q), dot)
                aSum := add(p, aSum)
                bSum := add(q, bSum)
            }
        }
    }
}
