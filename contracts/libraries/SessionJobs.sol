// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title SessionJobs: one word that commits to all jobs of a session
/// @notice subject = keccak256(session ‖ index), index from zero; leaf = keccak256(0x00 ‖ subject ‖ output commitment);
/// node = keccak256(0x01 ‖ left ‖ right). A node without a sibling moves up as it is. The subject is what the provider's
/// receipts name, so a receipt and a leaf speak of the same job.
/// @dev Leaves know their place and their session, and hash differently from nodes, so no proof of one job passes for
/// another.
library SessionJobs {
    bytes1 private constant LEAF = 0x00;
    bytes1 private constant NODE = 0x01;

    /// @notice Names one job of one session. The session's id names chain and contract.
    function subject(bytes32 session, uint64 index) internal pure returns (bytes32) {
        return keccak256(abi.encode(session, index));
    }

    /// @notice Leaf of a job with this result.
    function leaf(bytes32 jobSubject, bytes32 outputCommitment) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(LEAF, jobSubject, outputCommitment));
    }

    /// @notice True when `proof`, siblings from the leaf up, leads from the leaf at `index` of `count` to `root`.
    /// @dev At most 64 steps, since `count` has 64 bits.
    function verify(
        bytes32 root,
        bytes32 node,
        uint64 index,
        uint64 count,
        bytes32[] calldata proof
    ) internal pure returns (bool) {
        if (index >= count) return false;
        uint256 place = index;
        uint256 used;
        for (uint256 width = count; width > 1; width = (width + 1) >> 1) {
            if ((place ^ 1) < width) {
                if (used == proof.length) return false;
                bytes32 sibling = proof[used++];
                node = place & 1 == 0 ? _join(node, sibling) : _join(sibling, node);
            }
            place >>= 1;
        }
        return used == proof.length && node == root;
    }

    function _join(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(NODE, left, right));
    }
}
