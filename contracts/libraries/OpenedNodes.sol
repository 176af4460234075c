// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {JobsRoot} from "./JobsRoot.sol";

/// @title OpenedNodes: trees of a trace, opened some levels at a time
/// @notice Formats are those of types/Trace.
library OpenedNodes {
    /// @notice Levels that one answer opens, where there are so many: 16 nodes.
    uint8 internal constant STEP_LEVELS = 4;
    uint256 internal constant CHUNK_BYTES = 1024;
    uint256 internal constant MAX_RANK = 8;
    /// @notice Most elements of a tensor.
    uint256 internal constant MAX_ELEMENTS = 1 << 26;

    /// @dev Element type, layout, rank; then four bytes a dimension.
    uint256 private constant HEADER_BYTES = 3;
    uint8 private constant INT32 = 3;

    /// @notice Levels between the leaves and the root of a tree over `leaves`; zero for one.
    function depthOf(uint32 leaves) internal pure returns (uint8 depth) {
        for (uint256 width = 1; width < leaves; width <<= 1) ++depth;
    }

    /// @notice Levels that an answer opens in a tree of which `height` levels are left.
    function levelsOf(uint8 height) internal pure returns (uint8) {
        return height < STEP_LEVELS ? height : STEP_LEVELS;
    }

    /// @notice Root over `nodes`, a power of two of them.
    function rootOf(bytes32[] memory nodes) internal pure returns (bytes32) {
        // A tree without odd levels is the same there.
        return JobsRoot.compute(nodes);
    }

    /// @notice Number of chunks of a tensor with this value header; zero when no value has it.
    function chunksOf(bytes calldata header) internal pure returns (uint32) {
        if (header.length < HEADER_BYTES) return 0;
        (uint8 elementType, uint256 rank) = (uint8(header[0]), uint8(header[2]));
        if (elementType == 0 || elementType > INT32) return 0;
        if (rank > MAX_RANK || header.length != HEADER_BYTES + 4 * rank) return 0;
        uint256 elements = 1;
        for (uint256 at = HEADER_BYTES; at < header.length; at += 4) {
            elements *= uint32(bytes4(header[at:at + 4]));
            if (elements == 0 || elements > MAX_ELEMENTS) return 0;
        }
        uint256 size = elementType == INT32 ? 4 * elements : elements;
        // At most 2^18.
        return uint32((size + CHUNK_BYTES - 1) / CHUNK_BYTES);
    }
}
