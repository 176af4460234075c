// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IPoseidon16} from "../interfaces/IPoseidon16.sol";
import {Bn254} from "../libraries/Bn254.sol";

/// @title Poseidon16: the Poseidon hash of 2 to 16 field elements
/// @notice See IPoseidon16.
/// @dev Holds no funds and no role. Constants are the code of other contracts ("tables"), 244 kB in all, whose hash is
/// written here: this source alone says what is computed. packages/zkml/src/circuit/poseidon16-tables.ts makes them and says
/// what they hold. Partial rounds substitute one element of the state, so the state is a linear function of the last t terms
/// g of one sequence, and a partial round computes the next term: 2·t products in place of t².
contract Poseidon16 is IPoseidon16 {
    /// @notice Fewest elements.
    uint256 public constant MIN_INPUTS = 2;

    /// @notice Most elements.
    uint256 public constant MAX_INPUTS = 16;

    /// @notice keccak256 of the tables' EXTCODEHASHes, joined.
    bytes32 public constant TABLES_HASH = 0x65f9b5b62edda38f7d2c518979c3737aaeb194f2c4b8a6f8bde12c920d42000f;

    uint256 private constant TABLE_COUNT = 10;

    /// @dev Words of a table, behind one byte that stops whoever calls it.
    uint256 private constant WORDS_PER_TABLE = 767;

    /// @dev Partial rounds of 2, 3, … 16 inputs, a byte each.
    bytes15 private constant PARTIAL_ROUNDS = 0x39383c3c3f403f3c423c41463c4044;

    /// @dev Where the constants of 2, 3, … 16 inputs begin, in words, two bytes each.
    bytes30 private constant FIRST_WORDS = 0x0000006f00fb01af028d039e04e60669082b0a3b0c930f44125415ba198a;

    // Memory, which nothing else uses: 17 words each of the state, those behind its width zero; of what becomes the next
    // state; of the two rows that every partial round multiplies the state by; then constants. Places are fixed because
    // reading a word then takes 6 gas and not 12.
    uint256 private constant STATE = 0x80;
    uint256 private constant NEXT = 0x2a0;
    uint256 private constant OUTPUT_ROW = 0x4c0;
    uint256 private constant TERM_ROW = 0x6e0;
    uint256 private constant CONSTANTS = 0x900;
    /// @dev Bytes of 17 words.
    uint256 private constant ROW = 0x220;

    /// @dev Addresses do not fit the code before they are known. Written at construction only.
    address[TABLE_COUNT] private _tables;

    /// @param tables Contracts with the constants, in order.
    constructor(address[TABLE_COUNT] memory tables) {
        bytes32[TABLE_COUNT] memory hashes;
        for (uint256 i = 0; i < TABLE_COUNT; ++i) {
            hashes[i] = tables[i].codehash;
            _tables[i] = tables[i];
        }
        bytes32 actual = keccak256(abi.encodePacked(hashes));
        if (actual != TABLES_HASH) revert Poseidon16InvalidTables(actual, TABLES_HASH);
    }

    /// @inheritdoc IPoseidon16
    function hash(uint256[] calldata inputs) external view returns (uint256) {
        uint256 count = inputs.length;
        if (count < MIN_INPUTS || count > MAX_INPUTS) revert Poseidon16InvalidArity(count, MIN_INPUTS, MAX_INPUTS);
        for (uint256 i = 0; i < count; ++i) {
            if (inputs[i] >= Bn254.SCALAR_FIELD) revert Poseidon16NonCanonicalInput(i, inputs[i]);
        }
        // The state is a zero, then the inputs. Not declared memory-safe: the compiler must not keep variables there.
        assembly {
            calldatacopy(add(STATE, 0x20), inputs.offset, mul(count, 0x20))
        }
        uint256 width = count + 1;
        uint256 partialRounds = uint8(PARTIAL_ROUNDS[count - MIN_INPUTS]);
        uint256 at = 2 * (count - MIN_INPUTS);
        uint256 first = (uint256(uint8(FIRST_WORDS[at])) << 8) | uint8(FIRST_WORDS[at + 1]);
        _loadConstants(first, 3 * width * width + 9 * width + partialRounds);
        return _permute(width, partialRounds);
    }

    /// @dev Words `first` to `first + count` of all tables.
    function _loadConstants(uint256 first, uint256 count) private view {
        uint256 to = CONSTANTS;
        while (count > 0) {
            address table = _tables[first / WORDS_PER_TABLE];
            uint256 start = first % WORDS_PER_TABLE;
            uint256 words = WORDS_PER_TABLE - start;
            if (words > count) words = count;
            assembly {
                extcodecopy(table, to, add(mul(start, 0x20), 1), mul(words, 0x20))
            }
            to += 0x20 * words;
            first += words;
            count -= words;
        }
    }

    /// @dev Four full rounds, the partial ones, four full rounds. Of the last only the first element is asked for.
    function _permute(uint256 width, uint256 partialRounds) private pure returns (uint256) {
        uint256 row = 0x20 * width;
        uint256 constants = CONSTANTS;
        uint256 matrix = constants + 4 * row;
        uint256 entry = matrix + width * row;
        uint256 scalars = entry + width * row;
        uint256 coefficients = scalars + 0x20 * partialRounds;
        uint256 states = coefficients + row;
        for (uint256 i = 0; i < 4; ++i) {
            _substitute(constants, width);
            _multiply(i < 3 ? matrix : entry, width);
            constants += row;
        }
        _recur(width, scalars, coefficients, states);
        _multiply(states, width);
        constants = states + width * row;
        for (uint256 i = 0; i < 3; ++i) {
            _substitute(constants, width);
            _multiply(matrix, width);
            constants += row;
        }
        _substitute(constants, width);
        return _dot(matrix, width, Bn254.SCALAR_FIELD);
    }

    /// @dev Adds the constants to the state and raises each element to the fifth power.
    function _substitute(uint256 constants, uint256 width) private pure {
        uint256 r = Bn254.SCALAR_FIELD;
        assembly {
            let end := add(STATE, mul(width, 0x20))
            for {
                let at := STATE
            } lt(at, end) {
                at := add(at, 0x20)
            } {
                let x := addmod(mload(at), mload(constants), r)
                let square := mulmod(x, x, r)
                mstore(at, mulmod(mulmod(square, square, r), x, r))
                constants := add(constants, 0x20)
            }
        }
    }

    /// @dev Multiplies the state by a matrix of `width` rows.
    function _multiply(uint256 matrix, uint256 width) private pure {
        uint256 r = Bn254.SCALAR_FIELD;
        uint256 end = NEXT + 0x20 * width;
        for (uint256 at = NEXT; at < end; at += 0x20) {
            uint256 element = _dot(matrix, width, r);
            assembly {
                mstore(at, element)
            }
            matrix += 0x20 * width;
        }
        assembly {
            mcopy(STATE, NEXT, ROW)
        }
    }

    /// @dev The partial rounds: the state is now the last terms of the sequence, the latest first. A round takes the element
    /// that it substitutes, which the first row of `states` gives, and appends a term.
    function _recur(uint256 width, uint256 scalars, uint256 coefficients, uint256 states) private pure {
        uint256 r = Bn254.SCALAR_FIELD;
        assembly {
            mcopy(OUTPUT_ROW, states, ROW)
            mcopy(TERM_ROW, coefficients, ROW)
        }
        for (; scalars < coefficients; scalars += 0x20) {
            (uint256 element, uint256 linear) = _products(width, r);
            assembly {
                let x := addmod(element, mload(scalars), r)
                let square := mulmod(x, x, r)
                let delta := addmod(mulmod(mulmod(square, square, r), x, r), sub(r, x), r)
                mcopy(add(STATE, 0x20), STATE, mul(sub(width, 1), 0x20))
                mstore(STATE, addmod(linear, delta, r))
            }
        }
    }

    /// @dev Inner products of the two rows with the state, not reduced; see _dot.
    function _products(uint256 width, uint256 r) private pure returns (uint256 element, uint256 linear) {
        assembly {
            element := mulmod(mload(OUTPUT_ROW), mload(STATE), r)
            linear := mulmod(mload(TERM_ROW), mload(STATE), r)
            element := add(element, mulmod(mload(add(OUTPUT_ROW, 0x20)), mload(add(STATE, 0x20)), r))
            linear := add(linear, mulmod(mload(add(TERM_ROW, 0x20)), mload(add(STATE, 0x20)), r))
            element := add(element, mulmod(mload(add(OUTPUT_ROW, 0x40)), mload(add(STATE, 0x40)), r))
            linear := add(linear, mulmod(mload(add(TERM_ROW, 0x40)), mload(add(STATE, 0x40)), r))
            element := add(element, mulmod(mload(add(OUTPUT_ROW, 0x60)), mload(add(STATE, 0x60)), r))
            linear := add(linear, mulmod(mload(add(TERM_ROW, 0x60)), mload(add(STATE, 0x60)), r))
            element := add(element, mulmod(mload(add(OUTPUT_ROW, 0x80)), mload(add(STATE, 0x80)), r))
            linear := add(linear, mulmod(mload(add(TERM_ROW, 0x80)), mload(add(STATE, 0x80)), r))
            if gt(width, 5) {
                element := add(mod(element, r), mulmod(mload(add(OUTPUT_ROW, 0xa0)), mload(add(STATE, 0xa0)), r))
                linear := add(mod(linear, r), mulmod(mload(add(TERM_ROW, 0xa0)), mload(add(STATE, 0xa0)), r))
                element := add(element, mulmod(mload(add(OUTPUT_ROW, 0xc0)), mload(add(STATE, 0xc0)), r))
                linear := add(linear, mulmod(mload(add(TERM_ROW, 0xc0)), mload(add(STATE, 0xc0)), r))
                element := add(element, mulmod(mload(add(OUTPUT_ROW, 0xe0)), mload(add(STATE, 0xe0)), r))
                linear := add(linear, mulmod(mload(add(TERM_ROW, 0xe0)), mload(add(STATE, 0xe0)), r))
                element := add(element, mulmod(mload(add(OUTPUT_ROW, 0x100)), mload(add(STATE, 0x100)), r))
                linear := add(linear, mulmod(mload(add(TERM_ROW, 0x100)), mload(add(STATE, 0x100)), r))
                if gt(width, 9) {
                    element := add(mod(element, r), mulmod(mload(add(OUTPUT_ROW, 0x120)), mload(add(STATE, 0x120)), r))
                    linear := add(mod(linear, r), mulmod(mload(add(TERM_ROW, 0x120)), mload(add(STATE, 0x120)), r))
                    element := add(element, mulmod(mload(add(OUTPUT_ROW, 0x140)), mload(add(STATE, 0x140)), r))
                    linear := add(linear, mulmod(mload(add(TERM_ROW, 0x140)), mload(add(STATE, 0x140)), r))
                    element := add(element, mulmod(mload(add(OUTPUT_ROW, 0x160)), mload(add(STATE, 0x160)), r))
                    linear := add(linear, mulmod(mload(add(TERM_ROW, 0x160)), mload(add(STATE, 0x160)), r))
                    element := add(element, mulmod(mload(add(OUTPUT_ROW, 0x180)), mload(add(STATE, 0x180)), r))
                    linear := add(linear, mulmod(mload(add(TERM_ROW, 0x180)), mload(add(STATE, 0x180)), r))
                    if gt(width, 13) {
                        element := add(
                            mod(element, r),
                            mulmod(mload(add(OUTPUT_ROW, 0x1a0)), mload(add(STATE, 0x1a0)), r)
                        )
                        linear := add(mod(linear, r), mulmod(mload(add(TERM_ROW, 0x1a0)), mload(add(STATE, 0x1a0)), r))
                        element := add(element, mulmod(mload(add(OUTPUT_ROW, 0x1c0)), mload(add(STATE, 0x1c0)), r))
                        linear := add(linear, mulmod(mload(add(TERM_ROW, 0x1c0)), mload(add(STATE, 0x1c0)), r))
                        element := add(element, mulmod(mload(add(OUTPUT_ROW, 0x1e0)), mload(add(STATE, 0x1e0)), r))
                        linear := add(linear, mulmod(mload(add(TERM_ROW, 0x1e0)), mload(add(STATE, 0x1e0)), r))
                        element := add(element, mulmod(mload(add(OUTPUT_ROW, 0x200)), mload(add(STATE, 0x200)), r))
                        linear := add(linear, mulmod(mload(add(TERM_ROW, 0x200)), mload(add(STATE, 0x200)), r))
                    }
                }
            }
        }
    }

    /// @dev Inner product of a row with the state. Behind the row stands what is multiplied by zeros, and from the sixth word
    /// on groups of four are left out when the state has ended before. Products are below r, the order of the field, and five
    /// of them below 2²⁵⁶, so a sum is reduced no sooner.
    function _dot(uint256 row, uint256 width, uint256 r) private pure returns (uint256 sum) {
        assembly {
            sum := mulmod(mload(row), mload(STATE), r)
            sum := add(sum, mulmod(mload(add(row, 0x20)), mload(add(STATE, 0x20)), r))
            sum := add(sum, mulmod(mload(add(row, 0x40)), mload(add(STATE, 0x40)), r))
            sum := add(sum, mulmod(mload(add(row, 0x60)), mload(add(STATE, 0x60)), r))
            sum := add(sum, mulmod(mload(add(row, 0x80)), mload(add(STATE, 0x80)), r))
            if gt(width, 5) {
                sum := add(mod(sum, r), mulmod(mload(add(row, 0xa0)), mload(add(STATE, 0xa0)), r))
                sum := add(sum, mulmod(mload(add(row, 0xc0)), mload(add(STATE, 0xc0)), r))
                sum := add(sum, mulmod(mload(add(row, 0xe0)), mload(add(STATE, 0xe0)), r))
                sum := add(sum, mulmod(mload(add(row, 0x100)), mload(add(STATE, 0x100)), r))
                if gt(width, 9) {
                    sum := add(mod(sum, r), mulmod(mload(add(row, 0x120)), mload(add(STATE, 0x120)), r))
                    sum := add(sum, mulmod(mload(add(row, 0x140)), mload(add(STATE, 0x140)), r))
                    sum := add(sum, mulmod(mload(add(row, 0x160)), mload(add(STATE, 0x160)), r))
                    sum := add(sum, mulmod(mload(add(row, 0x180)), mload(add(STATE, 0x180)), r))
                    if gt(width, 13) {
                        sum := add(mod(sum, r), mulmod(mload(add(row, 0x1a0)), mload(add(STATE, 0x1a0)), r))
                        sum := add(sum, mulmod(mload(add(row, 0x1c0)), mload(add(STATE, 0x1c0)), r))
                        sum := add(sum, mulmod(mload(add(row, 0x1e0)), mload(add(STATE, 0x1e0)), r))
                        sum := add(sum, mulmod(mload(add(row, 0x200)), mload(add(STATE, 0x200)), r))
                    }
                }
            }
            sum := mod(sum, r)
        }
    }
}
