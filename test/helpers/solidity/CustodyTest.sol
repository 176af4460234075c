// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {LatticeToken} from "../../../contracts/token/LatticeToken.sol";
import {ProtocolParameters} from "../../../contracts/governance/ProtocolParameters.sol";
import {IProtocolParameters} from "../../../contracts/interfaces/IProtocolParameters.sol";
import {Parameter} from "../../../contracts/types/Parameter.sol";
import {LatticeTest} from "./LatticeTest.sol";

/// @title CustodyTest: LAT and parameters for tests of what holds tokens
abstract contract CustodyTest is LatticeTest {
    uint256 internal constant SUPPLY = 1_000_000_000 ether;
    uint256 internal constant STAKE_THAW = 7_200;
    uint256 internal constant ESCROW_THAW = 300;

    /// @dev Values within all bounds, in the order of the enum; `accessManager` may change them.
    function deployParameters(address accessManager) internal returns (IProtocolParameters) {
        uint128[] memory values = new uint128[](uint256(type(Parameter).max) + 1);
        values[uint256(Parameter.ProtocolFeePpm)] = 50_000;
        values[uint256(Parameter.BurnSharePpm)] = 400_000;
        values[uint256(Parameter.MaxRoyaltyPpm)] = 200_000;
        values[uint256(Parameter.CompensationPpm)] = 500_000;
        values[uint256(Parameter.BountyPpm)] = 100_000;
        values[uint256(Parameter.MinProvision)] = 10_000 ether;
        values[uint256(Parameter.WeightCap)] = 1_000_000 ether;
        values[uint256(Parameter.ZkCollateralFloor)] = 10 ether;
        values[uint256(Parameter.StakeThawSeconds)] = uint128(STAKE_THAW);
        values[uint256(Parameter.EscrowThawSeconds)] = uint128(ESCROW_THAW);
        values[uint256(Parameter.MinCommitSeconds)] = 15;
        values[uint256(Parameter.MinProveSeconds)] = 30;
        values[uint256(Parameter.MaxWindowSeconds)] = 3_600;
        values[uint256(Parameter.MaxReassignments)] = 3;
        values[uint256(Parameter.EpochSeconds)] = 12;
        values[uint256(Parameter.RevealSeconds)] = 24;
        values[uint256(Parameter.WithholdingSlash)] = 100 ether;
        values[uint256(Parameter.BeaconSharePpm)] = 100_000;
        values[uint256(Parameter.FallbackRanks)] = 3;
        values[uint256(Parameter.EquivocationSlash)] = 200 ether;
        values[uint256(Parameter.OptimisticCollateralFloor)] = 10 ether;
        values[uint256(Parameter.QuorumCollateralFloor)] = 10 ether;
        values[uint256(Parameter.MinBidSeconds)] = 30;
        values[uint256(Parameter.MinChallengeSeconds)] = 60;
        values[uint256(Parameter.ChallengeBond)] = 20 ether;
        values[uint256(Parameter.OpeningBond)] = 1 ether;
        values[uint256(Parameter.ResponseSeconds)] = 600;
        return new ProtocolParameters(accessManager, values);
    }

    /// @dev The whole supply, held by the test.
    function deployLat() internal returns (LatticeToken) {
        return new LatticeToken(address(this), SUPPLY);
    }
}
