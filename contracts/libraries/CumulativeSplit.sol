// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FeeSplit} from "./FeeSplit.sol";

/// @title CumulativeSplit: how a growing total is divided, so that its steps do not matter
/// @notice A step pays each leg of the new total less the same leg of the old one. However a total is reached, each leg
/// ends at the same sum.
/// @dev FeeSplit will not do: it rounds royalty and fee of the price separately, and where both step up at once the
/// provider's leg falls by a unit, which no payment can take back. Here the royalty is a share of what the fee leaves, so
/// every leg is a rounded share of something that only grows, by at most as much, and never falls.
library CumulativeSplit {
    /// @notice Royalty and fee out of `amount`; the rest is the provider's.
    /// @param amount Below 2^128.
    /// @param royaltyPpm With the fee at most one million (FeeSplit.requireRates).
    /// @return publisher Rounded down. At most one unit below that of FeeSplit.
    /// @return fee Rounded up, as in FeeSplit.
    function split(
        uint256 amount,
        uint256 royaltyPpm,
        uint256 protocolFeePpm
    ) internal pure returns (uint256 publisher, uint256 fee) {
        // Products stay below 2^148; the fee is at most the amount, since its rate is at most one.
        unchecked {
            fee = (amount * protocolFeePpm + FeeSplit.PPM - 1) / FeeSplit.PPM;
            uint256 net = amount - fee;
            // A net above zero means a fee below one million, so the divisor is not zero.
            publisher = net == 0 ? 0 : (net * royaltyPpm) / (FeeSplit.PPM - protocolFeePpm);
        }
    }
}
