// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {CumulativeSplit} from "../../../contracts/libraries/CumulativeSplit.sol";
import {FeeSplit} from "../../../contracts/libraries/FeeSplit.sol";
import {Legs} from "../../../contracts/types/Payment.sol";
import {LatticeTest} from "../../helpers/solidity/LatticeTest.sol";

/// @title CumulativeSplitTest: legs of a growing total, whatever its steps
contract CumulativeSplitTest is LatticeTest {
    uint256 private constant PPM = 1_000_000;

    function testFuzz_Split_PAY2_LegsAddUpToTheAmount(uint128 amount, uint256 royaltyPpm, uint256 feePpm) public pure {
        (royaltyPpm, feePpm) = _rates(royaltyPpm, feePpm);
        (uint256 publisher, uint256 fee) = CumulativeSplit.split(amount, royaltyPpm, feePpm);
        assertLe(publisher + fee, amount, "PAY-2: royalty and fee within the amount");
    }

    /// @dev No leg falls, and none grows by more than the step: each step is paid by the step alone.
    function testFuzz_Split_PAY2_NoStepTakesBack(
        uint128 amount,
        uint128 step,
        uint256 royaltyPpm,
        uint256 feePpm
    ) public pure {
        (royaltyPpm, feePpm) = _rates(royaltyPpm, feePpm);
        uint256 later = bound(uint256(amount) + (step % 10_000), amount, type(uint128).max);
        (uint256 publisher, uint256 fee) = CumulativeSplit.split(amount, royaltyPpm, feePpm);
        (uint256 publisherLater, uint256 feeLater) = CumulativeSplit.split(later, royaltyPpm, feePpm);
        assertGe(publisherLater, publisher, "PAY-2: the royalty falls");
        assertGe(feeLater, fee, "PAY-2: the fee falls");
        assertGe(later - publisherLater - feeLater, amount - publisher - fee, "PAY-2: the provider's leg falls");
    }

    /// @dev The fee is FeeSplit's; the royalty at most a unit less, since it is a share of what the rounded fee leaves.
    function testFuzz_Split_FollowsFeeSplit(uint128 amount, uint256 royaltyPpm, uint256 feePpm) public pure {
        (royaltyPpm, feePpm) = _rates(royaltyPpm, feePpm);
        (uint256 publisher, uint256 fee) = CumulativeSplit.split(amount, royaltyPpm, feePpm);
        Legs memory legs = FeeSplit.split(amount, amount, royaltyPpm, feePpm);
        assertEq(fee, legs.fee, "fee");
        assertLe(publisher, legs.publisher, "royalty not above FeeSplit's");
        assertGe(publisher + 1, legs.publisher, "royalty at most a unit below FeeSplit's");
    }

    /// @dev Why FeeSplit will not do: from 15 to 16 units at these rates its provider leg falls from 9 to 8.
    function test_Split_PAY2_WhereFeeSplitTakesBack() public pure {
        Legs memory before = FeeSplit.split(15, 15, 250_000, 200_000);
        Legs memory later = FeeSplit.split(16, 16, 250_000, 200_000);
        assertEq(before.provider, 9, "FeeSplit of 15");
        assertEq(later.provider, 8, "FeeSplit of 16");
        (uint256 publisher, uint256 fee) = CumulativeSplit.split(15, 250_000, 200_000);
        (uint256 publisherLater, uint256 feeLater) = CumulativeSplit.split(16, 250_000, 200_000);
        assertEq(15 - publisher - fee, 9, "of 15");
        assertEq(16 - publisherLater - feeLater, 9, "of 16");
    }

    function test_Split_AtTheHighestRates() public pure {
        (uint256 publisher, uint256 fee) = CumulativeSplit.split(type(uint128).max, 0, PPM);
        assertEq(fee, type(uint128).max, "all is fee");
        assertEq(publisher, 0, "no royalty of nothing");
        (publisher, fee) = CumulativeSplit.split(type(uint128).max, PPM, 0);
        assertEq(fee, 0, "no fee");
        assertEq(publisher, type(uint128).max, "all is royalty");
        (publisher, fee) = CumulativeSplit.split(1, 0, 1);
        assertEq(fee, 1, "the fee of dust rounds up");
        (publisher, fee) = CumulativeSplit.split(1, PPM - 1, 0);
        assertEq(publisher, 0, "the royalty of dust rounds down");
    }

    function _rates(uint256 royaltyPpm, uint256 feePpm) private pure returns (uint256, uint256) {
        feePpm = bound(feePpm, 0, PPM);
        return (bound(royaltyPpm, 0, PPM - feePpm), feePpm);
    }
}
