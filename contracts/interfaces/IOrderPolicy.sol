// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AssignmentMode, Order, Tier} from "../types/Order.sol";

/// @title IOrderPolicy: which orders make sense under the present rules, whichever lane takes them
interface IOrderPolicy {
    /// @notice The order's time is over.
    error OrderPolicyExpired(uint256 validUntil);
    /// @notice The price is zero.
    error OrderPolicyZeroPrice();
    /// @notice The collateral is below the floor of its tier.
    error OrderPolicyCollateralTooLow(uint256 collateral, uint256 floor);
    /// @notice A window lies outside of its bounds; `window` is 0 bid, 1 assign, 2 commit, 3 prove, 4 challenge.
    error OrderPolicyInvalidWindow(uint8 window, uint256 given, uint256 min, uint256 max);
    /// @notice The input commitment is zero or, for tier Zk, not below the scalar field order.
    error OrderPolicyInvalidCommitment(bytes32 commitment);
    /// @notice Direct orders name a provider; others do not.
    error OrderPolicyInvalidProvider(AssignmentMode mode, address provider);
    /// @notice The number of providers does not fit the tier.
    error OrderPolicyInvalidRedundancy(uint256 redundancy, uint256 min, uint256 max);
    /// @notice The model version is retired.
    error OrderPolicyModelRetired(bytes32 modelVersion);
    /// @notice The model version does not support the tier.
    error OrderPolicyTierUnsupported(bytes32 modelVersion, Tier tier);
    /// @notice The model's verifier was stopped.
    error OrderPolicyVerifierStopped(bytes4 verifierSelector);

    /// @notice Reverts unless the order's terms fit the rules of its tier and its model version can be ordered so.
    /// @dev `epoch` and `nonce` mean something in some lanes only, which check them.
    function requireAcceptable(Order calldata order) external view;
}
