// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IPoseidon16} from "../interfaces/IPoseidon16.sol";
import {TensorReader} from "./TensorReader.sol";

/// @title TensorCommitment: a tensor's Poseidon commitment, as circuits compute it
/// @notice Defined by TensorCommitment in circuits/lib/commitment.circom: whole elements, little-endian two's complement, as
/// many as fit 31 bytes, to a field element; 15 of those a hash, behind the state; the first state binds the element type
/// and the number of elements. Elements are in row-major order, whatever the layout of the tensor.
library TensorCommitment {
    /// @dev ASCII "lattice.tensor.v1".
    uint256 private constant DOMAIN = 0x6c6174746963652e74656e736f722e7631;
    uint256 private constant CHUNKS_PER_HASH = 15;
    uint256 private constant CHANNELS_LAST = 1;
    uint256 private constant COLUMNS_FIRST = 2;

    /// @notice Commitment to a tensor of which every chunk was opened.
    function commit(IPoseidon16 poseidon, TensorReader.Tensor memory tensor) internal view returns (uint256 state) {
        bytes memory data = _rowMajor(tensor);
        uint256 perChunk = tensor.shift == 0 ? 31 : 7;
        uint256 chunks = (tensor.count + perChunk - 1) / perChunk;
        state = (DOMAIN << 96) | (_typeNumber(tensor.elementType) << 64) | tensor.count;
        for (uint256 first = 0; first < chunks; first += CHUNKS_PER_HASH) {
            uint256 count = chunks - first;
            if (count > CHUNKS_PER_HASH) count = CHUNKS_PER_HASH;
            uint256[] memory inputs = new uint256[](count + 1);
            inputs[0] = state;
            for (uint256 i = 0; i < count; ++i) {
                inputs[i + 1] = _chunk(data, first + i, tensor.shift);
            }
            state = poseidon.hash(inputs);
        }
    }

    /// @dev Number of the ONNX TensorProto.DataType.
    function _typeNumber(uint256 elementType) private pure returns (uint256) {
        if (elementType == TensorReader.UINT8) return 2;
        return elementType == TensorReader.INT8 ? 3 : 6;
    }

    /// @dev Chunk `index` of big-endian elements, of 1 byte (shift 0) or 4 (shift 2): their order turned round.
    function _chunk(bytes memory data, uint256 index, uint256 shift) private pure returns (uint256 chunk) {
        uint256 bytesPerChunk = shift == 0 ? 31 : 28;
        assembly ("memory-safe") {
            chunk := mload(add(add(data, 0x20), mul(index, bytesPerChunk)))
        }
        // What lies behind the chunk becomes its most significant bits.
        uint256 behind = 8 * (32 - bytesPerChunk);
        chunk = (chunk >> behind) << behind;
        chunk = (chunk >> 128) | (chunk << 128);
        chunk = _swap(chunk, 64, 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff);
        chunk = _swap(chunk, 32, 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff);
        if (shift == 0) {
            chunk = _swap(chunk, 16, 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff);
            chunk = _swap(chunk, 8, 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff);
        }
    }

    /// @dev Exchanges neighbours of `bits` bits; `mask` has those of each pair that are less significant.
    function _swap(uint256 word, uint256 bits, uint256 mask) private pure returns (uint256) {
        return ((word >> bits) & mask) | ((word & mask) << bits);
    }

    /// @dev The elements in row-major order, most significant byte first, a word of zeros behind them. Both other layouts
    /// move one axis of `outer` × `axis` × `inner` to the end.
    function _rowMajor(TensorReader.Tensor memory tensor) private pure returns (bytes memory data) {
        uint256 length = tensor.count << tensor.shift;
        data = new bytes(length + 32);
        (uint256 axis, uint256 inner) = _movedAxis(tensor);
        uint256 from = tensor.chunks;
        if (axis == 1 || inner == 1) {
            assembly ("memory-safe") {
                calldatacopy(add(data, 0x20), from, length)
            }
            return data;
        }
        uint256 to;
        assembly ("memory-safe") {
            to := add(data, 0x20)
        }
        uint256 image = (axis * inner) << tensor.shift;
        for (uint256 end = from + length; from < end; from += image) {
            for (uint256 i = 0; i < axis; ++i) {
                _copyColumn(to, from + (i << tensor.shift), axis, inner, tensor.shift);
                to += inner << tensor.shift;
            }
        }
    }

    /// @dev Copies `count` elements that are `step` apart in the calldata.
    function _copyColumn(uint256 to, uint256 from, uint256 step, uint256 count, uint256 shift) private pure {
        assembly ("memory-safe") {
            let width := shl(shift, 1)
            let stride := shl(shift, step)
            for {
                let end := add(to, mul(width, count))
            } lt(to, end) {
                to := add(to, width)
            } {
                calldatacopy(to, from, width)
                from := add(from, stride)
            }
        }
    }

    /// @dev Channels go last, the axes of an image before them; or rows of a matrix go behind its columns.
    function _movedAxis(TensorReader.Tensor memory tensor) private pure returns (uint256 axis, uint256 inner) {
        if (tensor.layout == CHANNELS_LAST) return (tensor.dims[5], tensor.dims[6] * tensor.dims[7]);
        if (tensor.layout == COLUMNS_FIRST) return (tensor.dims[6], tensor.dims[7]);
        return (1, tensor.count);
    }
}
