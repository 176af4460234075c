// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AssignmentMode, Order, Tier} from "../types/Order.sol";
import {OrderRules} from "../types/Parameter.sol";
import {Bn254} from "./Bn254.sol";

/// @title OrderTerms: whether an order makes sense, whichever lane takes it
library OrderTerms {
    /// @notice Shortest assignment window, seconds: it leaves everyone time to draw a job once its seed exists, so a
    /// requester cannot let unwelcome draws expire.
    uint256 internal constant MIN_ASSIGN_SECONDS = 60;
    /// @notice Fewest and most providers of a tier-Quorum order. The most bounds the loops over them (LIV-3).
    uint256 internal constant MIN_QUORUM = 3;
    uint256 internal constant MAX_QUORUM = 9;

    /// @notice The price is zero.
    error OrderTermsZeroPrice();
    /// @notice The collateral is below the floor of its tier.
    error OrderTermsCollateralTooLow(uint256 collateral, uint256 floor);
    /// @notice A window lies outside of its bounds; `window` is 0 bid, 1 assign, 2 commit, 3 prove, 4 challenge.
    error OrderTermsInvalidWindow(uint8 window, uint256 given, uint256 min, uint256 max);
    /// @notice The commitment is zero or, for tier Zk, not below the scalar field order.
    error OrderTermsInvalidCommitment(bytes32 commitment);
    /// @notice Direct orders name a provider; others do not.
    error OrderTermsInvalidProvider(AssignmentMode mode, address provider);
    /// @notice The number of providers does not fit the tier.
    error OrderTermsInvalidRedundancy(uint256 redundancy, uint256 min, uint256 max);

    /// @notice Reverts unless the order's own terms fit `rules`, those of its tier.
    /// @dev `epoch` and `nonce` mean something in some lanes only, which check them.
    function check(Order calldata order, OrderRules memory rules) internal pure {
        if (order.maxPrice == 0) revert OrderTermsZeroPrice();
        bool committed = order.tier == Tier.Zk
            ? Bn254.isCommitment(order.inputCommitment)
            : order.inputCommitment != bytes32(0);
        if (!committed) revert OrderTermsInvalidCommitment(order.inputCommitment);
        if ((order.mode == AssignmentMode.Direct) == (order.provider == address(0))) {
            revert OrderTermsInvalidProvider(order.mode, order.provider);
        }
        if (order.collateral < rules.collateralFloor) {
            revert OrderTermsCollateralTooLow(order.collateral, rules.collateralFloor);
        }
        (uint256 fewest, uint256 most) = order.tier == Tier.Quorum ? (MIN_QUORUM, MAX_QUORUM) : (1, 1);
        if (order.redundancy < fewest || order.redundancy > most) {
            revert OrderTermsInvalidRedundancy(order.redundancy, fewest, most);
        }
        _checkWindows(order, rules);
    }

    /// @dev A window that the order's mode or tier does not have is zero.
    function _checkWindows(Order calldata order, OrderRules memory rules) private pure {
        uint256 max = rules.maxWindowSeconds;
        _checkWindow(0, order.bidSeconds, rules.minBidSeconds, max, order.mode == AssignmentMode.Auction);
        _checkWindow(1, order.assignSeconds, MIN_ASSIGN_SECONDS, max, true);
        _checkWindow(2, order.commitSeconds, rules.minCommitSeconds, max, true);
        _checkWindow(3, order.proveSeconds, rules.minProveSeconds, max, order.tier != Tier.Optimistic);
        _checkWindow(4, order.challengeSeconds, rules.minChallengeSeconds, max, order.tier == Tier.Optimistic);
    }

    function _checkWindow(uint8 window, uint256 given, uint256 min, uint256 max, bool used) private pure {
        if (!used) (min, max) = (0, 0);
        if (given < min || given > max) revert OrderTermsInvalidWindow(window, given, min, max);
    }
}
