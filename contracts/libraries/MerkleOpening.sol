// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title MerkleOpening: leaves of the trees that types/Trace.sol describes
/// @notice leaf = keccak256(0x00 ‖ data), node = keccak256(0x01 ‖ left ‖ right), filled up with zero words. The number of
/// leaves fixes the depth, so neither can a node pass for a leaf nor a leaf for a node.
/// @dev Data to hash lie beyond the free pointer, which stays where it is.
library MerkleOpening {
    /// @notice There is no such leaf, or the indices do not ascend.
    error MerkleOpeningIndex(uint256 index, uint256 count);
    /// @notice A tree with that many leaves needs another number of siblings.
    error MerkleOpeningSiblings(uint256 given, uint256 needed);

    /// @notice Levels above `count` leaves, at least one.
    function depth(uint256 count) internal pure returns (uint256) {
        return Math.log2(count, Math.Rounding.Ceil);
    }

    /// @notice Hash of the leaf that holds these bytes.
    function leafOf(bytes calldata data) internal pure returns (bytes32 leaf) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore8(free, 0x00)
            calldatacopy(add(free, 1), data.offset, data.length)
            leaf := keccak256(free, add(data.length, 1))
        }
    }

    /// @notice Hash of the leaf that holds this word.
    function leafOf(bytes32 data) internal pure returns (bytes32 leaf) {
        assembly ("memory-safe") {
            mstore(0x00, 0)
            mstore(0x01, data)
            leaf := keccak256(0x00, 0x21)
        }
    }

    /// @notice Root over `count` leaves, of which `leaf` is the one at `index`.
    function root(
        bytes32 leaf,
        uint256 index,
        uint256 count,
        bytes32[] calldata siblings
    ) internal pure returns (bytes32) {
        if (index >= count) revert MerkleOpeningIndex(index, count);
        return climb(leaf, index, depth(count), siblings);
    }

    /// @notice Root of a tree of `levels` above its leaves, of which `leaf` is at `index`, be it filling or not.
    function climb(
        bytes32 leaf,
        uint256 index,
        uint256 levels,
        bytes32[] calldata siblings
    ) internal pure returns (bytes32 hash) {
        if (siblings.length != levels) revert MerkleOpeningSiblings(siblings.length, levels);
        hash = leaf;
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore8(data, 0x01)
            let words := add(data, 1)
            let from := siblings.offset
            for {
                let end := add(from, shl(5, levels))
            } lt(from, end) {
                from := add(from, 0x20)
            } {
                let side := shl(5, and(index, 1))
                mstore(add(words, side), hash)
                mstore(add(words, xor(side, 0x20)), calldataload(from))
                hash := keccak256(data, 0x41)
                index := shr(1, index)
            }
        }
    }

    /// @notice Root over `count` leaves, from some of them and what `proof` adds, level by level from the leaves up, each
    /// level from left to right.
    /// @param hashes Of the leaves, at least one; overwritten.
    /// @param indices Ascending, as many.
    function rootOf(
        bytes32[] memory hashes,
        uint32[] calldata indices,
        uint256 count,
        bytes32[] calldata proof
    ) internal pure returns (bytes32) {
        uint256[] memory places = _places(indices, count);
        uint256 known = hashes.length;
        uint256 used;
        for (uint256 level = depth(count); level > 0; --level) {
            (known, used) = _rise(hashes, places, known, proof, used);
        }
        if (used != proof.length) revert MerkleOpeningSiblings(proof.length, used);
        return hashes[0];
    }

    /// @dev Replaces the known nodes of one level by those above them; returns their number, and the siblings used so far.
    function _rise(
        bytes32[] memory hashes,
        uint256[] memory places,
        uint256 known,
        bytes32[] calldata proof,
        uint256 used
    ) private pure returns (uint256 above, uint256) {
        for (uint256 i = 0; i < known; ++i) {
            uint256 place = places[i];
            bytes32 left = hashes[i];
            bytes32 right;
            if (place & 1 == 0 && i + 1 < known && places[i + 1] == place + 1) {
                right = hashes[++i];
            } else {
                if (used >= proof.length) revert MerkleOpeningSiblings(proof.length, used + 1);
                right = proof[used++];
                if (place & 1 == 1) (left, right) = (right, left);
            }
            // No later than what it was computed from.
            hashes[above] = nodeOf(left, right);
            places[above++] = place >> 1;
        }
        return (above, used);
    }

    /// @notice The node above these two.
    function nodeOf(bytes32 left, bytes32 right) internal pure returns (bytes32 node) {
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore8(data, 0x01)
            mstore(add(data, 0x01), left)
            mstore(add(data, 0x21), right)
            node := keccak256(data, 0x41)
        }
    }

    function _places(uint32[] calldata indices, uint256 count) private pure returns (uint256[] memory places) {
        places = new uint256[](indices.length);
        uint256 least;
        for (uint256 i = 0; i < indices.length; ++i) {
            uint256 place = indices[i];
            if (place < least || place >= count) revert MerkleOpeningIndex(place, count);
            places[i] = place;
            least = place + 1;
        }
    }
}
