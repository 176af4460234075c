// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {DotProduct} from "../../../contracts/libraries/DotProduct.sol";
import {LatticeTest} from "../../helpers/solidity/LatticeTest.sol";

/// @title DotProductTest: sums of many to a word against sums one by one
contract DotProductTest is LatticeTest {
    uint256 private constant MAX_TERMS = 4096;

    function testFuzz_Compute_AgreesWithTermByTerm(
        bytes memory a,
        bytes memory b,
        bool isSigned,
        uint8 aZero,
        int8 bZero
    ) public pure {
        uint256 count = a.length < b.length ? a.length : b.length;
        if (count > MAX_TERMS) count = MAX_TERMS;
        _check(a, b, count, isSigned, int256(uint256(aZero)), isSigned ? int256(bZero) : int256(uint256(uint8(bZero))));
    }

    function test_Compute_AtTheEndsOfTheTypes() public pure {
        uint256[5] memory counts = [uint256(1), 31, 32, 33, MAX_TERMS];
        bytes1[4] memory ends = [bytes1(0x00), 0x7f, 0x80, 0xff];
        for (uint256 i = 0; i < counts.length; ++i) {
            for (uint256 j = 0; j < 16; ++j) {
                bytes memory a = _filled(counts[i], ends[j % 4]);
                bytes memory b = _filled(counts[i], ends[j / 4]);
                _check(a, b, counts[i], true, 255, -128);
                _check(a, b, counts[i], false, 255, 255);
                _check(a, b, counts[i], true, 0, 127);
            }
        }
    }

    function testFuzz_Sum_AgreesWithTermByTerm(int32[] memory values) public pure {
        uint256 count = values.length < MAX_TERMS ? values.length : MAX_TERMS;
        int256 expected = 0;
        bytes memory packed = new bytes(4 * count + 32);
        for (uint256 i = 0; i < count; ++i) {
            expected += values[i];
            _put(packed, 4 * i, values[i]);
        }
        _same(DotProduct.sum(_at(packed), count), expected, "sum");
    }

    function test_Sum_AtTheEndsOfTheType() public pure {
        bytes memory packed = new bytes(4 * MAX_TERMS);
        for (uint256 i = 0; i < MAX_TERMS; ++i) {
            _put(packed, 4 * i, type(int32).min);
        }
        _same(DotProduct.sum(_at(packed), MAX_TERMS), int256(type(int32).min) * 4096, "least");
        for (uint256 i = 0; i < MAX_TERMS; ++i) {
            _put(packed, 4 * i, type(int32).max);
        }
        _same(DotProduct.sum(_at(packed), MAX_TERMS), int256(type(int32).max) * 4096, "most");
    }

    function testFuzz_Max_AgreesWithTermByTerm(bytes memory values, bool isSigned) public pure {
        vm.assume(values.length > 0);
        int256 expected = type(int256).min;
        for (uint256 i = 0; i < values.length; ++i) {
            int256 value = _value(values[i], isSigned);
            if (value > expected) expected = value;
        }
        _same(DotProduct.max(_at(values), values.length, isSigned), expected, "max");
    }

    function _check(
        bytes memory a,
        bytes memory b,
        uint256 count,
        bool isSigned,
        int256 aZero,
        int256 bZero
    ) private pure {
        int256 expected = 0;
        for (uint256 i = 0; i < count; ++i) {
            expected += (_value(a[i], false) - aZero) * (_value(b[i], isSigned) - bZero);
        }
        // Room for the word that is overwritten.
        (bytes memory left, bytes memory right) = (bytes.concat(a, new bytes(32)), bytes.concat(b, new bytes(32)));
        _same(DotProduct.compute(_at(left), _at(right), count, isSigned, aZero, bZero), expected, "dot product");
    }

    /// @dev Two's complement, so equal words are equal numbers.
    function _same(int256 left, int256 right, string memory what) private pure {
        assertEq(uint256(left), uint256(right), what);
    }

    function _value(bytes1 data, bool isSigned) private pure returns (int256) {
        return isSigned ? int256(int8(uint8(data))) : int256(uint256(uint8(data)));
    }

    function _filled(uint256 count, bytes1 value) private pure returns (bytes memory data) {
        data = new bytes(count);
        for (uint256 i = 0; i < count; ++i) {
            data[i] = value;
        }
    }

    function _put(bytes memory data, uint256 at, int32 value) private pure {
        bytes4 packed = bytes4(uint32(value));
        for (uint256 i = 0; i < 4; ++i) {
            data[at + i] = packed[i];
        }
    }

    function _at(bytes memory data) private pure returns (uint256 at) {
        assembly ("memory-safe") {
            at := add(data, 0x20)
        }
    }
}
