// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ProofEvidence, StepEvidence, TraceEvidence} from "../types/Trace.sol";

/// @title EvidenceLayout: evidence where it lies, in the calldata
/// @notice Evidence has one encoding: members follow one another as in types/Trace.sol, without gaps or sharing, padded with
/// zeros. So there is nothing to hide in it, and every length is within it.
/// @dev Offsets are those of the calldata. A cursor walks over the members in their order; each has to begin where the one
/// before ended.
library EvidenceLayout {
    /// @notice The member at this place of the calldata does not begin where it should.
    error EvidenceLayoutOffset(uint256 at, uint256 offset, uint256 expected);
    /// @notice The evidence ends somewhere else than its last member.
    error EvidenceLayoutLength(uint256 length, uint256 expected);
    /// @notice The bytes behind a member are not zero.
    error EvidenceLayoutPadding(uint256 at);

    uint256 private constant WORD = 32;
    uint256 private constant PROGRAM_WORDS = 3;
    uint256 private constant TENSOR_WORDS = 7;
    uint256 private constant STEP_WORDS = 10;
    uint256 private constant TRACE_WORDS = 14;
    uint256 private constant PROOF_WORDS = 13;
    /// @dev Far above any calldata, far below an overflow.
    uint256 private constant MAX_LENGTH = type(uint32).max;

    /// @notice The StepEvidence that these bytes encode.
    function stepOf(bytes calldata evidence) internal pure returns (StepEvidence calldata step) {
        uint256 base = _begin(evidence);
        assembly ("memory-safe") {
            step := base
        }
        uint256 cursor = _program(base, 0, base + STEP_WORDS * WORD);
        cursor = _list(base, 4, cursor, 1);
        cursor = _list(base, 5, cursor, WORD);
        cursor = _tensor(base, 8, cursor);
        cursor = _tensors(base, 9, cursor);
        _end(evidence, cursor);
    }

    /// @notice The TraceEvidence that these bytes encode.
    function traceOf(bytes calldata evidence) internal pure returns (TraceEvidence calldata fault) {
        uint256 base = _begin(evidence);
        assembly ("memory-safe") {
            fault := base
        }
        uint256 cursor = _program(base, 1, base + TRACE_WORDS * WORD);
        cursor = _list(base, 5, cursor, 1);
        cursor = _list(base, 6, cursor, 1);
        cursor = _list(base, 7, cursor, WORD);
        cursor = _list(base, 9, cursor, WORD);
        cursor = _list(base, 12, cursor, 1);
        cursor = _list(base, 13, cursor, WORD);
        _end(evidence, cursor);
    }

    /// @notice The ProofEvidence that these bytes encode.
    function proofOf(bytes calldata evidence) internal pure returns (ProofEvidence calldata proof) {
        uint256 base = _begin(evidence);
        assembly ("memory-safe") {
            proof := base
        }
        uint256 cursor = _program(base, 0, base + PROOF_WORDS * WORD);
        cursor = _tensor(base, 2, cursor);
        cursor = _tensor(base, 3, cursor);
        _end(evidence, cursor);
    }

    /// @dev ABI encoding of one struct begins with its offset.
    function _begin(bytes calldata evidence) private pure returns (uint256 base) {
        assembly ("memory-safe") {
            base := evidence.offset
        }
        _expect(base, base, base + WORD);
        base += WORD;
    }

    function _end(bytes calldata evidence, uint256 cursor) private pure {
        uint256 start;
        assembly ("memory-safe") {
            start := evidence.offset
        }
        if (cursor - start != evidence.length) revert EvidenceLayoutLength(evidence.length, cursor - start);
    }

    function _program(uint256 base, uint256 word, uint256 cursor) private pure returns (uint256) {
        _expect(base + word * WORD, base, cursor);
        return _list(cursor, 0, cursor + PROGRAM_WORDS * WORD, 1);
    }

    function _tensors(uint256 base, uint256 word, uint256 cursor) private pure returns (uint256) {
        _expect(base + word * WORD, base, cursor);
        uint256 count = _lengthAt(cursor);
        uint256 list = cursor + WORD;
        cursor = list + count * WORD;
        for (uint256 i = 0; i < count; ++i) {
            cursor = _tensor(list, i, cursor);
        }
        return cursor;
    }

    /// @dev Members 0 to 6 but the third, a word, have a length each.
    function _tensor(uint256 base, uint256 word, uint256 cursor) private pure returns (uint256) {
        _expect(base + word * WORD, base, cursor);
        base = cursor;
        cursor = _list(base, 0, base + TENSOR_WORDS * WORD, 1);
        cursor = _list(base, 1, cursor, WORD);
        cursor = _list(base, 3, cursor, WORD);
        cursor = _list(base, 4, cursor, WORD);
        cursor = _list(base, 5, cursor, 1);
        return _list(base, 6, cursor, WORD);
    }

    /// @dev A member of `unit` bytes an item; returns where it ends. Lengths are below 2^32, and evidence has few members:
    /// no sum overflows.
    function _list(uint256 base, uint256 word, uint256 cursor, uint256 unit) private pure returns (uint256 end) {
        unchecked {
            _expect(base + word * WORD, base, cursor);
            uint256 length = _lengthAt(cursor) * unit;
            end = cursor + WORD + length;
            uint256 over = length % WORD;
            if (over == 0) return end;
            uint256 last;
            assembly ("memory-safe") {
                last := calldataload(sub(end, over))
            }
            if (last << (8 * over) != 0) revert EvidenceLayoutPadding(end);
            return end + WORD - over;
        }
    }

    function _lengthAt(uint256 at) private pure returns (uint256 length) {
        assembly ("memory-safe") {
            length := calldataload(at)
        }
        if (length > MAX_LENGTH) revert EvidenceLayoutLength(length, MAX_LENGTH);
    }

    function _expect(uint256 at, uint256 base, uint256 cursor) private pure {
        uint256 offset;
        assembly ("memory-safe") {
            offset := calldataload(at)
        }
        // The cursor is behind the base.
        unchecked {
            if (offset != cursor - base) revert EvidenceLayoutOffset(at, offset, cursor - base);
        }
    }
}
