// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FeeSplit} from "../../../contracts/libraries/FeeSplit.sol";
import {Legs} from "../../../contracts/types/Payment.sol";
import {LatticeTest} from "../../helpers/solidity/LatticeTest.sol";

/// @dev A frame of its own, so that reverts can be expected.
contract FeeSplitter {
    function split(
        uint256 price,
        uint256 locked,
        uint256 royaltyPpm,
        uint256 protocolFeePpm
    ) external pure returns (Legs memory) {
        return FeeSplit.split(price, locked, royaltyPpm, protocolFeePpm);
    }
}

contract FeeSplitTest is LatticeTest {
    uint256 private constant PPM = 1_000_000;

    FeeSplitter private _splitter = new FeeSplitter();

    function testFuzz_PAY2_LegsAddUpToLocked(
        uint256 price,
        uint256 locked,
        uint256 royaltyPpm,
        uint256 protocolFeePpm
    ) public view {
        locked = bound(locked, 0, type(uint128).max);
        price = bound(price, 0, locked);
        royaltyPpm = bound(royaltyPpm, 0, PPM);
        protocolFeePpm = bound(protocolFeePpm, 0, PPM - royaltyPpm);
        Legs memory legs = _splitter.split(price, locked, royaltyPpm, protocolFeePpm);
        _assertSplit(legs, price, locked, royaltyPpm, protocolFeePpm);
    }

    /// @dev Small prices and full rates are where rounding could take more than there is.
    function testFuzz_PAY2_SmallPricesAtFullRates(uint256 price, uint256 royaltyPpm) public view {
        price = bound(price, 0, 3);
        royaltyPpm = bound(royaltyPpm, 0, PPM);
        Legs memory legs = _splitter.split(price, 3, royaltyPpm, PPM - royaltyPpm);
        _assertSplit(legs, price, 3, royaltyPpm, PPM - royaltyPpm);
    }

    function test_Split_KnownExample() public view {
        // 999 at 3 % royalty and 5 % fee: 29.97 and 49.95 before rounding.
        Legs memory legs = _splitter.split(999, 1_500, 30_000, 50_000);
        assertEq(legs.publisher, 29, "publisher");
        assertEq(legs.fee, 50, "fee");
        assertEq(legs.provider, 920, "provider");
        assertEq(legs.refund, 501, "refund");
    }

    function testFuzz_PAY3_Split_RevertWhen_PriceAboveLocked(uint256 price, uint256 locked) public {
        locked = bound(locked, 0, type(uint256).max - 1);
        price = bound(price, locked + 1, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(FeeSplit.FeeSplitPriceAboveLocked.selector, price, locked));
        _splitter.split(price, locked, 0, 0);
    }

    function testFuzz_Split_RevertWhen_RatesTooHigh(uint256 royaltyPpm, uint256 protocolFeePpm, uint256 which) public {
        which = bound(which, 0, 2);
        royaltyPpm = bound(royaltyPpm, which == 0 ? PPM + 1 : 0, which == 0 ? type(uint256).max : PPM);
        protocolFeePpm = bound(protocolFeePpm, which == 1 ? PPM + 1 : 0, which == 1 ? type(uint256).max : PPM);
        // The sum alone is too high.
        if (which == 2) protocolFeePpm = bound(protocolFeePpm, PPM - royaltyPpm + 1, PPM + 1);
        vm.expectRevert(abi.encodeWithSelector(FeeSplit.FeeSplitRatesTooHigh.selector, royaltyPpm, protocolFeePpm));
        _splitter.split(1, 1, royaltyPpm, protocolFeePpm);
    }

    function testFuzz_Split_RevertWhen_LockedBeyond128Bits(uint256 locked) public {
        locked = bound(locked, uint256(type(uint128).max) + 1, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintDowncast.selector, 128, locked));
        _splitter.split(1, locked, 0, 0);
    }

    function _assertSplit(
        Legs memory legs,
        uint256 price,
        uint256 locked,
        uint256 royaltyPpm,
        uint256 protocolFeePpm
    ) private pure {
        uint256 paid = uint256(legs.provider) + legs.publisher + legs.fee;
        assertEq(paid, price, "PAY-2: legs are the price");
        assertEq(paid + legs.refund, locked, "PAY-2: legs and refund are what was locked");
        assertLe(paid, locked, "PAY-3: never more than locked");
        // Directions of rounding, without division: floor and ceiling bound the exact share.
        uint256 fee = legs.fee;
        assertLe(uint256(legs.publisher) * PPM, price * royaltyPpm, "royalty rounds down");
        assertLe(price * royaltyPpm, uint256(legs.publisher) * PPM + PPM - 1, "by less than one unit");
        assertGe(fee * PPM, price * protocolFeePpm, "fee rounds up");
        assertGe(price * protocolFeePpm + PPM - 1, fee * PPM, "by less than one unit");
    }
}
