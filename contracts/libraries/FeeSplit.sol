// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Legs} from "../types/Payment.sol";

/// @title FeeSplit: how a locked maximum is divided when a job settles
/// @notice provider + publisher + fee + refund equals the locked amount, always and exactly (PAY-2).
library FeeSplit {
    uint256 internal constant PPM = 1_000_000;

    /// @notice The price is above what is locked for it.
    error FeeSplitPriceAboveLocked(uint256 price, uint256 locked);
    /// @notice Royalty and protocol fee together exceed the price (millionths).
    error FeeSplitRatesTooHigh(uint256 royaltyPpm, uint256 protocolFeePpm);

    /// @notice Reverts unless every price can be split at these rates (millionths).
    function requireRates(uint256 royaltyPpm, uint256 protocolFeePpm) internal pure {
        // Each rate is compared alone first, so that the sum cannot overflow.
        if (royaltyPpm > PPM || protocolFeePpm > PPM || royaltyPpm + protocolFeePpm > PPM) {
            revert FeeSplitRatesTooHigh(royaltyPpm, protocolFeePpm);
        }
    }

    /// @notice Splits `price` out of `locked`, both in the token's smallest unit.
    /// @dev The price is agreed, so no rounding reaches the requester: all that is not price is refunded. The fee
    /// rounds up, the royalty down, and the provider takes what is left. With royalty + fee ≤ 100 %,
    /// floor(royalty) + ceil(fee) ≤ price: the provider's leg cannot underflow.
    function split(
        uint256 price,
        uint256 locked,
        uint256 royaltyPpm,
        uint256 protocolFeePpm
    ) internal pure returns (Legs memory legs) {
        if (price > locked) revert FeeSplitPriceAboveLocked(price, locked);
        requireRates(royaltyPpm, protocolFeePpm);
        SafeCast.toUint128(locked);

        // Products stay below 2^148 and no leg exceeds `locked`, which fits 128 bits.
        unchecked {
            uint256 royalty = (price * royaltyPpm) / PPM;
            uint256 fee = (price * protocolFeePpm + PPM - 1) / PPM;
            legs.provider = uint128(price - royalty - fee);
            legs.publisher = uint128(royalty);
            legs.fee = uint128(fee);
            legs.refund = uint128(locked - price);
        }
    }
}
