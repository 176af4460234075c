// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IEpochBeacon} from "../interfaces/IEpochBeacon.sol";
import {G1Point, G2Point} from "../types/Bls.sol";

/// @title SteeredBeacon: a beacon whose seeds the test chooses; it has no leaders
contract SteeredBeacon is IEpochBeacon {
    /// @notice Nobody leads a steered beacon.
    error SteeredBeaconHasNoLeaders();

    Epoch[] private _epochs;
    mapping(uint256 epoch => address) private _leaders;

    constructor() {
        _epochs.push();
    }

    /// @notice Begins the next epoch.
    function start(bytes32 seed, bool drawable) external {
        uint256 epoch = _epochs.length;
        _epochs.push(Epoch({seed: seed, drawable: drawable, degraded: false, startedAt: uint40(block.timestamp)}));
        emit EpochStarted(epoch, address(0), seed, 0, drawable, false);
    }

    /// @notice Says that `leader` began `epoch`.
    function setLeader(uint256 epoch, address leader) external {
        _leaders[epoch] = leader;
    }

    /// @inheritdoc IEpochBeacon
    function leaderOfEpoch(uint256 epoch) external view returns (address) {
        return _leaders[epoch];
    }

    /// @inheritdoc IEpochBeacon
    function nextDrawEpoch() external view returns (uint256) {
        return _epochs.length;
    }

    /// @inheritdoc IEpochBeacon
    function currentEpoch() public view returns (uint256) {
        return _epochs.length - 1;
    }

    /// @inheritdoc IEpochBeacon
    function epochInfo(uint256 epoch) public view returns (Epoch memory) {
        if (epoch > currentEpoch()) revert EpochBeaconUnknownEpoch(epoch);
        return _epochs[epoch];
    }

    /// @inheritdoc IEpochBeacon
    function drawSeed(uint256 epoch) external view returns (bytes32 seed, bool drawable) {
        Epoch memory info = epochInfo(epoch);
        return (info.seed, info.drawable);
    }

    /// @inheritdoc IEpochBeacon
    function leaderOf(uint256) external pure returns (address) {
        return address(0);
    }

    /// @inheritdoc IEpochBeacon
    function reveal(G2Point calldata, G1Point calldata) external pure {
        revert SteeredBeaconHasNoLeaders();
    }

    /// @inheritdoc IEpochBeacon
    function revealFallback(uint64, G1Point calldata) external pure {
        revert SteeredBeaconHasNoLeaders();
    }

    /// @inheritdoc IEpochBeacon
    function bootstrap() external pure {
        revert SteeredBeaconHasNoLeaders();
    }

    /// @inheritdoc IEpochBeacon
    function reportWithholding(uint256, uint256) external pure {
        revert SteeredBeaconHasNoLeaders();
    }

    /// @inheritdoc IEpochBeacon
    function nextRevealAt() external pure returns (uint256) {
        revert SteeredBeaconHasNoLeaders();
    }

    /// @inheritdoc IEpochBeacon
    function currentRank() external pure returns (uint256) {
        revert SteeredBeaconHasNoLeaders();
    }

    /// @inheritdoc IEpochBeacon
    function fallbackAt() external pure returns (uint256) {
        revert SteeredBeaconHasNoLeaders();
    }

    /// @inheritdoc IEpochBeacon
    function fallbackEndsAt() external pure returns (uint256) {
        revert SteeredBeaconHasNoLeaders();
    }

    /// @inheritdoc IEpochBeacon
    function fallbackRound() external pure returns (uint64) {
        revert SteeredBeaconHasNoLeaders();
    }

    /// @inheritdoc IEpochBeacon
    function revealMessage() external pure returns (bytes memory) {
        revert SteeredBeaconHasNoLeaders();
    }
}
