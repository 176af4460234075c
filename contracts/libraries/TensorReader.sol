// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {TensorOpening} from "../types/Trace.sol";
import {MerkleOpening} from "./MerkleOpening.sol";

/// @title TensorReader: elements of a tensor, from the chunks that were opened
/// @notice Elements have two kinds of places: coordinates along the axes, and one in the packing order of the layout. Axes
/// are aligned to the right, as broadcasting does: axis a of a tensor of rank r is 8 − r + a here, and the axes before have
/// a dimension of one.
/// @dev Chunks stay in the calldata. A reader knows the chunk that it read last, its span.
library TensorReader {
    /// @notice The header is that of no tensor.
    error TensorReaderHeader(bytes header);
    /// @notice More chunks than a step may open.
    error TensorReaderChunks(uint256 chunks, uint256 most);
    /// @notice So many indices need another number of bytes.
    error TensorReaderLength(uint256 length, uint256 expected);
    /// @notice The chunks are not those of the tensor.
    error TensorReaderRoot(bytes32 computed, bytes32 expected);
    /// @notice The step reads a chunk that was not opened.
    error TensorReaderMissing(uint256 chunk);
    /// @notice A chunk was opened that the step does not read.
    error TensorReaderUnread(uint256 chunk);
    /// @notice The tensor has no such element.
    error TensorReaderElement(uint256 element, uint256 count);

    /// @param elementType 1 uint8, 2 int8, 3 int32.
    /// @param layout 0 row-major, 1 channels last, 2 columns first.
    /// @param shift Binary logarithm of an element's bytes.
    /// @param count Elements.
    /// @param dims Dimensions, aligned to the right.
    /// @param strides Between neighbours along each axis in the packing order, in elements.
    /// @param opened Chunks opened.
    /// @param unread Bit i: the chunk opened i-th was not read yet.
    /// @param indices Where their indices are in the calldata.
    /// @param chunks Where the chunks are.
    /// @param slot Which of them was read last; `start` to `end` are its bytes, `base` + byte is where one is in the calldata.
    struct Tensor {
        uint256 elementType;
        uint256 layout;
        uint256 rank;
        uint256 shift;
        uint256 count;
        uint256[8] dims;
        uint256[8] strides;
        uint256 opened;
        uint256 unread;
        uint256 indices;
        uint256 chunks;
        uint256 slot;
        uint256 start;
        uint256 end;
        uint256 base;
    }

    uint256 internal constant UINT8 = 1;
    uint256 internal constant INT8 = 2;
    uint256 internal constant INT32 = 3;
    uint256 internal constant AXES = 8;
    uint256 internal constant CHUNK_BYTES = 1024;
    uint256 private constant MAX_CHUNKS = 24;
    uint256 private constant MAX_ELEMENTS = 1 << 26;

    /// @notice Reads a header: type, layout, rank, dimensions.
    function parse(bytes calldata header) internal pure returns (Tensor memory tensor) {
        uint256 head;
        assembly ("memory-safe") {
            head := calldataload(header.offset)
        }
        (tensor.elementType, tensor.layout, tensor.rank) = (head >> 248, (head >> 240) & 0xff, (head >> 232) & 0xff);
        tensor.shift = tensor.elementType == INT32 ? 2 : 0;
        uint256 rank = tensor.rank;
        bool known = header.length == 3 + 4 * rank && rank <= AXES && tensor.layout <= 2;
        if (!known || tensor.elementType == 0 || tensor.elementType > INT32) revert TensorReaderHeader(header);
        if ((tensor.layout == 1 && rank != 4) || (tensor.layout == 2 && rank < 2)) revert TensorReaderHeader(header);
        uint256 count = 1;
        for (uint256 axis = 0; axis < AXES; ++axis) {
            if (axis + rank < AXES) {
                tensor.dims[axis] = 1;
                continue;
            }
            uint256 dim;
            assembly ("memory-safe") {
                dim := shr(224, calldataload(add(add(header.offset, 3), shl(2, sub(add(axis, rank), 8)))))
            }
            tensor.dims[axis] = dim;
            // Below 2^58: the count was at most 2^26 before.
            count *= dim;
            if (count == 0 || count > MAX_ELEMENTS) revert TensorReaderHeader(header);
        }
        tensor.count = count;
        _setStrides(tensor);
    }

    /// @notice How many chunks the tensor has.
    function chunksOf(Tensor memory tensor) internal pure returns (uint256) {
        return ((tensor.count << tensor.shift) + CHUNK_BYTES - 1) / CHUNK_BYTES;
    }

    /// @notice Reads the header and takes in the opened chunks, at least one, which have to lead to the root that goes with
    /// them.
    function open(TensorOpening calldata opening) internal pure returns (Tensor memory tensor) {
        tensor = parse(opening.header);
        uint32[] calldata indices = opening.chunkIndices;
        bytes calldata chunks = opening.chunks;
        uint256 opened = indices.length;
        if (opened == 0 || opened > MAX_CHUNKS) revert TensorReaderChunks(opened, MAX_CHUNKS);
        if (chunks.length != opened * CHUNK_BYTES) revert TensorReaderLength(chunks.length, opened * CHUNK_BYTES);
        bytes32 root = _rootOf(opening, chunksOf(tensor));
        if (root != opening.chunkRoot) revert TensorReaderRoot(root, opening.chunkRoot);
        uint256 indicesAt;
        uint256 chunksAt;
        assembly ("memory-safe") {
            indicesAt := indices.offset
            chunksAt := chunks.offset
        }
        (tensor.indices, tensor.chunks, tensor.opened) = (indicesAt, chunksAt, opened);
        tensor.unread = (1 << opened) - 1;
    }

    /// @notice Reverts when a chunk was opened that nothing read.
    function requireAllRead(Tensor memory tensor) internal pure {
        uint256 unread = tensor.unread;
        for (uint256 slot = 0; unread >> slot != 0; ++slot) {
            if ((unread >> slot) & 1 == 1) revert TensorReaderUnread(_indexAt(tensor, slot));
        }
    }

    /// @notice The element at a place of the packing order.
    function elementAt(Tensor memory tensor, uint256 place) internal pure returns (int256 value) {
        if (place >= tensor.count) revert TensorReaderElement(place, tensor.count);
        uint256 at = place << tensor.shift;
        if (at < tensor.start || at >= tensor.end) _seek(tensor, at);
        (uint256 base, uint256 elementType) = (tensor.base, tensor.elementType);
        assembly ("memory-safe") {
            let word := calldataload(add(base, at))
            switch elementType
            case 1 {
                value := byte(0, word)
            }
            case 2 {
                value := signextend(0, shr(248, word))
            }
            default {
                value := signextend(3, shr(224, word))
            }
        }
    }

    /// @notice Writes runs of elements to memory, one after the other, as they are packed.
    /// @param to Where in memory, with room for `run` × `count` elements.
    /// @param place Of the first element.
    /// @param run Elements that lie side by side.
    /// @param count Runs.
    /// @param step From the beginning of one to that of the next, in elements.
    function gather(
        Tensor memory tensor,
        uint256 to,
        uint256 place,
        uint256 run,
        uint256 count,
        uint256 step
    ) internal pure {
        uint256 shift = tensor.shift;
        // Places are below 2^26, and what is written lies in memory: nothing overflows.
        unchecked {
            if (step == run) (run, count) = (run * count, 1);
            (place, run, step) = (place << shift, run << shift, step << shift);
            while (count > 0) {
                uint256 done = _gatherInSpan(tensor, to, place, run, count, step);
                (to, place, count) = (to + done * run, place + done * step, count - done);
                if (count == 0) return;
                _copy(tensor, to, place, run);
                (to, place, count) = (to + run, place + step, count - 1);
            }
        }
    }

    /// @notice Where the element at these coordinates is packed; a dimension of one stands for any.
    function placeOf(Tensor memory tensor, uint256[8] memory coordinates) internal pure returns (uint256 place) {
        for (uint256 axis = AXES - tensor.rank; axis < AXES; ++axis) {
            if (tensor.dims[axis] > 1) place += coordinates[axis] * tensor.strides[axis];
        }
    }

    /// @notice Coordinates of the element that is packed at `place`.
    function coordinatesOf(Tensor memory tensor, uint256 place) internal pure returns (uint256[8] memory coordinates) {
        for (uint256 axis = AXES - tensor.rank; axis < AXES; ++axis) {
            coordinates[axis] = (place / tensor.strides[axis]) % tensor.dims[axis];
        }
    }

    /// @dev Root over a tensor's chunks, as the opened ones have it. One alone has siblings like any leaf.
    function _rootOf(TensorOpening calldata opening, uint256 count) private pure returns (bytes32) {
        bytes calldata chunks = opening.chunks;
        uint32[] calldata indices = opening.chunkIndices;
        if (indices.length == 1) {
            return MerkleOpening.root(MerkleOpening.leafOf(chunks), indices[0], count, opening.chunkProof);
        }
        bytes32[] memory hashes = new bytes32[](indices.length);
        for (uint256 i = 0; i < hashes.length; ++i) {
            hashes[i] = MerkleOpening.leafOf(chunks[i * CHUNK_BYTES:(i + 1) * CHUNK_BYTES]);
        }
        return MerkleOpening.rootOf(hashes, indices, count, opening.chunkProof);
    }

    /// @dev Copies the runs that lie within the span, until one does not; returns how many those are.
    function _gatherInSpan(
        Tensor memory tensor,
        uint256 to,
        uint256 at,
        uint256 run,
        uint256 count,
        uint256 step
    ) private pure returns (uint256) {
        uint256 end = tensor.end;
        unchecked {
            if (at < tensor.start || at + run > end) return 0;
            if (count > 1) {
                // Several runs are further apart than zero.
                uint256 inside = (end - run - at) / step + 1;
                if (inside < count) count = inside;
            }
        }
        uint256 base = tensor.base;
        assembly ("memory-safe") {
            let from := add(base, at)
            for {
                let last := add(to, mul(run, count))
            } lt(to, last) {
                to := add(to, run)
            } {
                calldatacopy(to, from, run)
                from := add(from, step)
            }
        }
        return count;
    }

    /// @dev Copies bytes across chunks.
    function _copy(Tensor memory tensor, uint256 to, uint256 at, uint256 length) private pure {
        unchecked {
            while (length > 0) {
                if (at < tensor.start || at >= tensor.end) _seek(tensor, at);
                uint256 part = tensor.end - at;
                if (part > length) part = length;
                uint256 base = tensor.base;
                assembly ("memory-safe") {
                    calldatacopy(to, add(base, at), part)
                }
                (to, at, length) = (to + part, at + part, length - part);
            }
        }
    }

    /// @dev Makes the chunk with this byte the span. Steps read forward most of the time: the next chunk comes first.
    function _seek(Tensor memory tensor, uint256 at) private pure {
        uint256 chunk = at / CHUNK_BYTES;
        (uint256 opened, uint256 slot, uint256 indices) = (tensor.opened, tensor.slot, tensor.indices);
        bool found;
        assembly ("memory-safe") {
            for {
                let left := opened
            } left {
                left := sub(left, 1)
            } {
                if eq(calldataload(add(indices, shl(5, slot))), chunk) {
                    found := 1
                    break
                }
                slot := add(slot, 1)
                if eq(slot, opened) {
                    slot := 0
                }
            }
        }
        if (!found) revert TensorReaderMissing(chunk);
        tensor.unread &= ~(1 << slot);
        tensor.slot = slot;
        tensor.start = chunk * CHUNK_BYTES;
        tensor.end = (chunk + 1) * CHUNK_BYTES;
        // Modulo 2^256: where byte 0 of the tensor would be, were it all there.
        unchecked {
            tensor.base = tensor.chunks + slot * CHUNK_BYTES - chunk * CHUNK_BYTES;
        }
    }

    function _indexAt(Tensor memory tensor, uint256 slot) private pure returns (uint256 index) {
        uint256 at = tensor.indices + 32 * slot;
        assembly ("memory-safe") {
            index := calldataload(at)
        }
    }

    /// @dev From the axis that is packed innermost to the outermost.
    function _setStrides(Tensor memory tensor) private pure {
        (uint256[8] memory dims, uint256[8] memory strides) = (tensor.dims, tensor.strides);
        uint256 stride = 1;
        uint256 axis = AXES;
        if (tensor.layout == 1) {
            // Batch, height, width, channels: axes 4, 6, 7 and 5.
            strides[5] = 1;
            strides[7] = dims[5];
            strides[6] = dims[7] * strides[7];
            strides[4] = dims[6] * strides[6];
            return;
        }
        if (tensor.layout == 2) {
            strides[6] = 1;
            strides[7] = dims[6];
            stride = dims[6] * dims[7];
            axis = AXES - 2;
        }
        while (axis > AXES - tensor.rank) {
            --axis;
            strides[axis] = stride;
            stride *= dims[axis];
        }
    }
}
