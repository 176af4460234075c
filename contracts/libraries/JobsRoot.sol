// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title JobsRoot: one word that commits to the jobs of a batch
/// @notice leaf = keccak256(0x00 ‖ index ‖ order hash ‖ output commitment ‖ output digest), node = keccak256(0x01 ‖
/// left ‖ right); a node without a sibling moves up as it is. Leaves know their place, and leaves and nodes hash
/// differently, so no proof of one job passes for another.
library JobsRoot {
    bytes1 private constant LEAF = 0x00;
    bytes1 private constant NODE = 0x01;

    /// @notice Leaf of the job at `index`, counted from zero among those that the root commits to.
    function leaf(
        uint256 index,
        bytes32 orderHash,
        bytes32 outputCommitment,
        bytes32 outputDigest
    ) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(LEAF, index, orderHash, outputCommitment, outputDigest));
    }

    /// @notice Root over the first `count` leaves, which it overwrites; zero when there is none.
    /// @param count At most the length of `leaves`.
    function compute(bytes32[] memory leaves, uint256 count) internal pure returns (bytes32) {
        if (count == 0) return 0;
        while (count > 1) {
            uint256 pairs = count >> 1;
            for (uint256 i = 0; i < pairs; ++i) {
                leaves[i] = keccak256(abi.encodePacked(NODE, leaves[2 * i], leaves[2 * i + 1]));
            }
            if (count & 1 != 0) leaves[pairs] = leaves[count - 1];
            count = pairs + (count & 1);
        }
        return leaves[0];
    }
}
