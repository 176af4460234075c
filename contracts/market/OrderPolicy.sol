// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IOrderPolicy} from "../interfaces/IOrderPolicy.sol";
import {IProtocolParameters} from "../interfaces/IProtocolParameters.sol";
import {IVerifierRouter} from "../interfaces/IVerifierRouter.sol";
import {Bn254} from "../libraries/Bn254.sol";
import {FeeSplit} from "../libraries/FeeSplit.sol";
import {ModelTerms} from "../types/Model.sol";
import {AssignmentMode, Order, Tier} from "../types/Order.sol";
import {OrderRules} from "../types/Parameter.sol";

/// @title OrderPolicy: which orders make sense under the present rules, whichever lane takes them
/// @notice See IOrderPolicy.
/// @dev Only reads; no state, no rights.
contract OrderPolicy is IOrderPolicy {
    /// @notice Shortest assignment window, seconds: it leaves everyone time to draw a job once its seed exists, so a
    /// requester cannot let unwelcome draws expire.
    uint256 public constant MIN_ASSIGN_SECONDS = 60;
    /// @notice Fewest and most providers of a tier-Quorum order. The most bounds the loops over them (LIV-3).
    uint256 public constant MIN_QUORUM = 3;
    uint256 public constant MAX_QUORUM = 9;

    IModelRegistry public immutable MODELS;
    IVerifierRouter public immutable ROUTER;
    IProtocolParameters public immutable PARAMETERS;

    constructor(IModelRegistry models, IVerifierRouter router, IProtocolParameters parameters) {
        MODELS = models;
        ROUTER = router;
        PARAMETERS = parameters;
    }

    /// @inheritdoc IOrderPolicy
    function requireAcceptable(Order calldata given) external view {
        // In memory each member is checked once, not at each reading.
        Order memory order = given;
        if (block.timestamp >= order.validUntil) revert OrderPolicyExpired(order.validUntil);
        OrderRules memory rules = PARAMETERS.orderRules(order.tier);
        _requireTerms(order, rules);
        _requireWindows(order, rules);
        FeeSplit.requireRates(_requireModel(order), rules.protocolFeePpm);
    }

    function _requireTerms(Order memory order, OrderRules memory rules) private pure {
        if (order.maxPrice == 0) revert OrderPolicyZeroPrice();
        bool committed =
            order.tier == Tier.Zk ? Bn254.isCommitment(order.inputCommitment) : order.inputCommitment != bytes32(0);
        if (!committed) revert OrderPolicyInvalidCommitment(order.inputCommitment);
        if ((order.mode == AssignmentMode.Direct) == (order.provider == address(0))) {
            revert OrderPolicyInvalidProvider(order.mode, order.provider);
        }
        if (order.collateral < rules.collateralFloor) {
            revert OrderPolicyCollateralTooLow(order.collateral, rules.collateralFloor);
        }
        (uint256 fewest, uint256 most) = order.tier == Tier.Quorum ? (MIN_QUORUM, MAX_QUORUM) : (1, 1);
        if (order.redundancy < fewest || order.redundancy > most) {
            revert OrderPolicyInvalidRedundancy(order.redundancy, fewest, most);
        }
    }

    /// @dev A window that the order's mode or tier does not have is zero.
    function _requireWindows(Order memory order, OrderRules memory rules) private pure {
        uint256 max = rules.maxWindowSeconds;
        _requireWindow(0, order.bidSeconds, rules.minBidSeconds, max, order.mode == AssignmentMode.Auction);
        _requireWindow(1, order.assignSeconds, MIN_ASSIGN_SECONDS, max, true);
        _requireWindow(2, order.commitSeconds, rules.minCommitSeconds, max, true);
        _requireWindow(3, order.proveSeconds, rules.minProveSeconds, max, order.tier != Tier.Optimistic);
        _requireWindow(4, order.challengeSeconds, rules.minChallengeSeconds, max, order.tier == Tier.Optimistic);
    }

    function _requireWindow(uint8 window, uint256 given, uint256 min, uint256 max, bool used) private pure {
        if (!used) (min, max) = (0, 0);
        if (given < min || given > max) revert OrderPolicyInvalidWindow(window, given, min, max);
    }

    /// @dev Whether the verifier works now is asked for those who are drawn without being asked; a named provider looks
    /// before it accepts.
    function _requireModel(Order memory order) private view returns (uint256 royaltyPpm) {
        (bytes32 modelVersion, Tier tier) = (order.modelVersion, order.tier);
        ModelTerms memory terms = MODELS.termsOf(modelVersion);
        if (terms.retired) revert OrderPolicyModelRetired(modelVersion);
        if ((terms.tiers >> uint8(tier)) & 1 == 0) revert OrderPolicyTierUnsupported(modelVersion, tier);
        bool proven = tier == Tier.Zk && order.mode != AssignmentMode.Direct;
        if (proven && !ROUTER.isUsable(terms.verifierSelector)) {
            revert OrderPolicyVerifierStopped(terms.verifierSelector);
        }
        return terms.royaltyPpm;
    }
}
