// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IProtocolParameters} from "../interfaces/IProtocolParameters.sol";
import {Tier} from "../types/Order.sol";
import {BeaconParameters, Bounds, FeeShares, OrderRules, Parameter, SlashParameters} from "../types/Parameter.sol";

/// @title ProtocolParameters: every tunable, its bounds and who may turn it
/// @notice Governance chooses within bounds that no role can widen.
/// @dev Holds no funds and cannot be upgraded. What one call reads together shares a slot: an order's windows
/// and fee are in the first, the floors of its collateral in the second.
contract ProtocolParameters is IProtocolParameters, AccessManaged {
    /// @dev Widths hold each parameter's upper bound; the slots are full or nearly so.
    struct Values {
        // slot 0: an order's windows, and fees
        uint32 minBidSeconds;
        uint32 minCommitSeconds;
        uint32 minProveSeconds;
        uint32 minChallengeSeconds;
        uint32 maxWindowSeconds;
        uint16 maxReassignments;
        uint24 protocolFeePpm;
        uint24 burnSharePpm;
        uint24 beaconSharePpm;
        // slot 1: collateral floors; 2^80 wei are more than a million LAT
        uint80 zkCollateralFloor;
        uint80 optimisticCollateralFloor;
        uint80 quorumCollateralFloor;
        // slot 2: stake and exits
        uint96 minProvision;
        uint96 weightCap;
        uint32 stakeThawSeconds;
        uint32 escrowThawSeconds;
        // slot 3: faults, the beacon, publishing
        uint80 withholdingSlash;
        uint32 epochSeconds;
        uint32 revealSeconds;
        uint16 fallbackRanks;
        uint24 compensationPpm;
        uint24 bountyPpm;
        uint24 maxRoyaltyPpm;
        uint24 responseSeconds;
        // slot 4: all that a report of an equivocation reads, and bonds of disputes
        uint80 equivocationSlash;
        uint80 challengeBond;
        uint80 openingBond;
    }

    uint256 private constant PPM = 1_000_000;

    Values private _values;

    /// @param accessManager Authority that names the timelock as the only caller of `set`.
    /// @param initialValues One value per parameter, in the order of the enum, in the units of their names.
    constructor(address accessManager, uint128[] memory initialValues) AccessManaged(accessManager) {
        uint256 count = uint256(type(Parameter).max) + 1;
        if (initialValues.length != count) revert ProtocolParametersCountMismatch(initialValues.length, count);
        for (uint256 i = 0; i < count; ++i) _setWithinBounds(Parameter(i), initialValues[i]);
        _checkRelations();
    }

    // Governance

    /// @inheritdoc IProtocolParameters
    function set(Parameter parameter, uint256 value) external restricted {
        _setWithinBounds(parameter, value);
        _checkRelations();
    }

    // Views

    /// @inheritdoc IProtocolParameters
    function orderRules(Tier tier) external view returns (OrderRules memory) {
        uint96 floor =
            tier == Tier.Zk
                ? _values.zkCollateralFloor
                : tier == Tier.Optimistic
                    ? _values.optimisticCollateralFloor
                    : _values.quorumCollateralFloor;
        return
            OrderRules({
                collateralFloor: floor,
                minBidSeconds: _values.minBidSeconds,
                minCommitSeconds: _values.minCommitSeconds,
                minProveSeconds: _values.minProveSeconds,
                minChallengeSeconds: _values.minChallengeSeconds,
                maxWindowSeconds: _values.maxWindowSeconds,
                // At most 10 by its bounds.
                maxReassignments: uint8(_values.maxReassignments),
                protocolFeePpm: _values.protocolFeePpm
            });
    }

    /// @inheritdoc IProtocolParameters
    function protocolFeePpm() external view returns (uint32) {
        return _values.protocolFeePpm;
    }

    /// @inheritdoc IProtocolParameters
    function feeShares() external view returns (FeeShares memory) {
        return FeeShares({burnSharePpm: _values.burnSharePpm, beaconSharePpm: _values.beaconSharePpm});
    }

    /// @inheritdoc IProtocolParameters
    function slashParameters() external view returns (SlashParameters memory) {
        return SlashParameters({compensationPpm: _values.compensationPpm, bountyPpm: _values.bountyPpm});
    }

    /// @inheritdoc IProtocolParameters
    function beaconParameters() external view returns (BeaconParameters memory) {
        return
            BeaconParameters({
                epochSeconds: _values.epochSeconds,
                revealSeconds: _values.revealSeconds,
                withholdingSlash: _values.withholdingSlash,
                fallbackRanks: _values.fallbackRanks
            });
    }

    /// @inheritdoc IProtocolParameters
    function get(Parameter parameter) public view returns (uint256 value) {
        // Those that other contracts read one by one come first.
        if (parameter == Parameter.ResponseSeconds) return _values.responseSeconds;
        if (parameter == Parameter.StakeThawSeconds) return _values.stakeThawSeconds;
        if (parameter == Parameter.EscrowThawSeconds) return _values.escrowThawSeconds;
        if (parameter == Parameter.MinProvision) return _values.minProvision;
        if (parameter == Parameter.WeightCap) return _values.weightCap;
        if (parameter == Parameter.EquivocationSlash) return _values.equivocationSlash;
        if (parameter == Parameter.ChallengeBond) return _values.challengeBond;
        if (parameter == Parameter.OpeningBond) return _values.openingBond;
        if (parameter == Parameter.MaxRoyaltyPpm) return _values.maxRoyaltyPpm;
        if (parameter == Parameter.ProtocolFeePpm) return _values.protocolFeePpm;
        if (parameter == Parameter.BurnSharePpm) return _values.burnSharePpm;
        if (parameter == Parameter.CompensationPpm) return _values.compensationPpm;
        if (parameter == Parameter.BountyPpm) return _values.bountyPpm;
        if (parameter == Parameter.ZkCollateralFloor) return _values.zkCollateralFloor;
        if (parameter == Parameter.MinCommitSeconds) return _values.minCommitSeconds;
        if (parameter == Parameter.MinProveSeconds) return _values.minProveSeconds;
        if (parameter == Parameter.MaxWindowSeconds) return _values.maxWindowSeconds;
        if (parameter == Parameter.MaxReassignments) return _values.maxReassignments;
        if (parameter == Parameter.EpochSeconds) return _values.epochSeconds;
        if (parameter == Parameter.RevealSeconds) return _values.revealSeconds;
        if (parameter == Parameter.WithholdingSlash) return _values.withholdingSlash;
        if (parameter == Parameter.BeaconSharePpm) return _values.beaconSharePpm;
        if (parameter == Parameter.FallbackRanks) return _values.fallbackRanks;
        if (parameter == Parameter.OptimisticCollateralFloor) return _values.optimisticCollateralFloor;
        if (parameter == Parameter.QuorumCollateralFloor) return _values.quorumCollateralFloor;
        if (parameter == Parameter.MinBidSeconds) return _values.minBidSeconds;
        return _values.minChallengeSeconds;
    }

    /// @inheritdoc IProtocolParameters
    function bounds(Parameter parameter) public pure returns (Bounds memory) {
        if (parameter == Parameter.ProtocolFeePpm) return Bounds(0, 200_000);
        if (parameter == Parameter.BurnSharePpm) return Bounds(0, 500_000);
        if (parameter == Parameter.MaxRoyaltyPpm) return Bounds(0, 300_000);
        if (parameter == Parameter.CompensationPpm) return Bounds(0, 700_000);
        if (parameter == Parameter.BountyPpm) return Bounds(0, 300_000);
        if (parameter == Parameter.MinProvision) return Bounds(1 ether, 1_000_000 ether);
        if (parameter == Parameter.WeightCap) return Bounds(1 ether, 1_000_000_000 ether);
        if (parameter == Parameter.ZkCollateralFloor) return Bounds(0.001 ether, 1_000_000 ether);
        if (parameter == Parameter.StakeThawSeconds) return Bounds(60, 60 days);
        if (parameter == Parameter.EscrowThawSeconds) return Bounds(60, 7 days);
        if (parameter == Parameter.MinCommitSeconds) return Bounds(1, 1 days);
        if (parameter == Parameter.MinProveSeconds) return Bounds(1, 1 days);
        if (parameter == Parameter.MaxWindowSeconds) return Bounds(60, 30 days);
        if (parameter == Parameter.MaxReassignments) return Bounds(0, 10);
        if (parameter == Parameter.EpochSeconds) return Bounds(1, 1 days);
        if (parameter == Parameter.RevealSeconds) return Bounds(1, 1 days);
        if (parameter == Parameter.WithholdingSlash) return Bounds(0, 1_000_000 ether);
        if (parameter == Parameter.BeaconSharePpm) return Bounds(0, 500_000);
        if (parameter == Parameter.FallbackRanks) return Bounds(1, 100);
        if (parameter == Parameter.EquivocationSlash) return Bounds(0, 1_000_000 ether);
        if (parameter == Parameter.OptimisticCollateralFloor) return Bounds(0.001 ether, 1_000_000 ether);
        if (parameter == Parameter.QuorumCollateralFloor) return Bounds(0.001 ether, 1_000_000 ether);
        if (parameter == Parameter.MinBidSeconds) return Bounds(1, 1 days);
        if (parameter == Parameter.MinChallengeSeconds) return Bounds(1, 7 days);
        if (parameter == Parameter.ChallengeBond) return Bounds(0.001 ether, 1_000_000 ether);
        if (parameter == Parameter.OpeningBond) return Bounds(0.001 ether, 10_000 ether);
        // A dispute takes no more than two moves for each four levels of trees, so it ends within weeks.
        return Bounds(1, 1 days);
    }

    // Internals

    function _setWithinBounds(Parameter parameter, uint256 value) private {
        Bounds memory allowed = bounds(parameter);
        if (value < allowed.min || value > allowed.max) {
            revert ProtocolParametersOutOfBounds(parameter, value, allowed.min, allowed.max);
        }
        uint256 oldValue = get(parameter);
        _store(parameter, value);
        emit ParameterSet(parameter, oldValue, value);
    }

    /// @dev Casts cannot cut: `value` is within bounds, and every field is as wide as its upper bound.
    function _store(Parameter parameter, uint256 value) private {
        if (parameter == Parameter.ProtocolFeePpm) _values.protocolFeePpm = uint24(value);
        else if (parameter == Parameter.BurnSharePpm) _values.burnSharePpm = uint24(value);
        else if (parameter == Parameter.MaxRoyaltyPpm) _values.maxRoyaltyPpm = uint24(value);
        else if (parameter == Parameter.CompensationPpm) _values.compensationPpm = uint24(value);
        else if (parameter == Parameter.BountyPpm) _values.bountyPpm = uint24(value);
        else if (parameter == Parameter.MinProvision) _values.minProvision = uint96(value);
        else if (parameter == Parameter.WeightCap) _values.weightCap = uint96(value);
        else if (parameter == Parameter.ZkCollateralFloor) _values.zkCollateralFloor = uint80(value);
        else if (parameter == Parameter.StakeThawSeconds) _values.stakeThawSeconds = uint32(value);
        else if (parameter == Parameter.EscrowThawSeconds) _values.escrowThawSeconds = uint32(value);
        else if (parameter == Parameter.MinCommitSeconds) _values.minCommitSeconds = uint32(value);
        else if (parameter == Parameter.MinProveSeconds) _values.minProveSeconds = uint32(value);
        else if (parameter == Parameter.MaxWindowSeconds) _values.maxWindowSeconds = uint32(value);
        else if (parameter == Parameter.MaxReassignments) _values.maxReassignments = uint16(value);
        else if (parameter == Parameter.EpochSeconds) _values.epochSeconds = uint32(value);
        else if (parameter == Parameter.RevealSeconds) _values.revealSeconds = uint32(value);
        else if (parameter == Parameter.WithholdingSlash) _values.withholdingSlash = uint80(value);
        else if (parameter == Parameter.BeaconSharePpm) _values.beaconSharePpm = uint24(value);
        else if (parameter == Parameter.FallbackRanks) _values.fallbackRanks = uint16(value);
        else if (parameter == Parameter.EquivocationSlash) _values.equivocationSlash = uint80(value);
        else if (parameter == Parameter.OptimisticCollateralFloor) _values.optimisticCollateralFloor = uint80(value);
        else if (parameter == Parameter.QuorumCollateralFloor) _values.quorumCollateralFloor = uint80(value);
        else if (parameter == Parameter.MinBidSeconds) _values.minBidSeconds = uint32(value);
        else if (parameter == Parameter.MinChallengeSeconds) _values.minChallengeSeconds = uint32(value);
        else if (parameter == Parameter.ChallengeBond) _values.challengeBond = uint80(value);
        else if (parameter == Parameter.OpeningBond) _values.openingBond = uint80(value);
        else _values.responseSeconds = uint24(value);
    }

    function _checkRelations() private view {
        Values storage values = _values;
        if (uint256(values.compensationPpm) + values.bountyPpm >= PPM) {
            revert ProtocolParametersSlashSharesTooHigh(values.compensationPpm, values.bountyPpm);
        }
        if (values.stakeThawSeconds <= values.maxWindowSeconds) {
            revert ProtocolParametersThawTooShort(values.stakeThawSeconds, values.maxWindowSeconds);
        }
    }
}
