// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {SessionJobs} from "./SessionJobs.sol";

/// @title JobsRoot: one word that commits to the jobs of a batch
/// @notice leaf = keccak256(0x00 ‖ index ‖ order hash ‖ output commitment ‖ output digest), node = keccak256(0x01 ‖
/// left ‖ right); a node without a sibling moves up as it is. Leaves know their place, and leaves and nodes hash
/// differently, so no proof of one job passes for another.
/// @dev Hashes lie beyond the free pointer, which stays where it is: a batch hashes more than a hundred times.
library JobsRoot {
    /// @notice An empty list with room for `most` leaves.
    function list(uint256 most) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](most);
        assembly ("memory-safe") {
            mstore(leaves, 0)
        }
    }

    /// @notice Appends the leaf of the next job to a list that has room for it.
    function append(
        bytes32[] memory leaves,
        bytes32 orderHash,
        bytes32 outputCommitment,
        bytes32 outputDigest
    ) internal pure {
        bytes32 hash = _leaf(leaves.length, orderHash, outputCommitment, outputDigest);
        assembly ("memory-safe") {
            let count := add(mload(leaves), 1)
            mstore(leaves, count)
            mstore(add(leaves, shl(5, count)), hash)
        }
    }

    /// @notice Root over the leaves, which it overwrites; zero when there is none.
    function compute(bytes32[] memory leaves) internal pure returns (bytes32 root) {
        uint256 count = leaves.length;
        if (count == 0) return 0;
        assembly ("memory-safe") {
            let data := mload(0x40)
            let first := add(leaves, 0x20)
            mstore8(data, 0x01)
            for {} gt(count, 1) {} {
                let pairs := shr(1, count)
                let to := first
                let end := add(first, shl(5, pairs))
                for {
                    let from := first
                } lt(to, end) {
                    to := add(to, 0x20)
                } {
                    mcopy(add(data, 0x01), from, 0x40)
                    mstore(to, keccak256(data, 0x41))
                    from := add(from, 0x40)
                }
                if and(count, 1) {
                    mstore(to, mload(add(first, shl(5, sub(count, 1)))))
                }
                count := add(pairs, and(count, 1))
            }
            root := mload(first)
        }
    }

    /// @notice True when `proof`, siblings from the leaf up, leads from the job at `index` among `jobs` to `root`.
    /// @dev A leaf holds its index, and leaves hash differently from nodes: whatever number of jobs is named, only a job
    /// of the root has a proof.
    function contains(
        bytes32 root,
        bytes32 orderHash,
        bytes32 outputCommitment,
        bytes32 outputDigest,
        uint32 index,
        uint32 jobs,
        bytes32[] calldata proof
    ) internal pure returns (bool) {
        bytes32 leaf = _leaf(index, orderHash, outputCommitment, outputDigest);
        return SessionJobs.verify(root, leaf, index, jobs, proof);
    }

    /// @dev Leaf of the job at `index`, counted from zero among those that the root commits to.
    function _leaf(
        uint256 index,
        bytes32 orderHash,
        bytes32 outputCommitment,
        bytes32 outputDigest
    ) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore8(data, 0x00)
            mstore(add(data, 0x01), index)
            mstore(add(data, 0x21), orderHash)
            mstore(add(data, 0x41), outputCommitment)
            mstore(add(data, 0x61), outputDigest)
            hash := keccak256(data, 0x81)
        }
    }
}
