// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {G1Point, G2Point} from "../types/Bls.sol";

/// @title IEpochBeacon: the protocol's randomness
/// @notice The leader of epoch e, drawn by stake from seed e, reveals a BLS signature over
/// H(chain, beacon, e + 1, seed e); seed e + 1 is the hash of that signature. BLS signatures are unique, so the
/// leader can reveal or stay silent but not choose (a verifiable random function). Silence is slashed.
interface IEpochBeacon {
    /// @param seed The epoch's randomness; zero when the epoch has not begun.
    /// @param drawable True when the seed comes from a leader's signature: only such seeds draw jobs.
    /// @param degraded True when an earlier leader of the rotation stayed silent, or when nobody could lead.
    /// @param startedAt Unix seconds at which the epoch began.
    struct Epoch {
        bytes32 seed;
        bool drawable;
        bool degraded;
        uint40 startedAt;
    }

    /// @notice Epoch `epoch` began with `seed`, revealed by `leader` (zero: nobody had weight), rotation `rank`.
    event EpochStarted(
        uint256 indexed epoch,
        address indexed leader,
        bytes32 seed,
        uint256 rank,
        bool drawable,
        bool degraded
    );
    /// @notice `leader` of rank `rank` was slashed `amount` LAT (wei) for not revealing the seed of `epoch`.
    event LeaderSlashed(uint256 indexed epoch, address indexed leader, uint256 rank, uint256 amount);

    /// @notice The next epoch may begin at `opensAt` (Unix seconds).
    error EpochBeaconTooEarly(uint256 epoch, uint256 opensAt);
    /// @notice The key is not that of the leader whose window is open; zeros when nobody has weight.
    error EpochBeaconWrongKey(address leader, bytes32 expected, bytes32 given);
    /// @notice The signature does not verify under the leader's key.
    error EpochBeaconInvalidSignature(uint256 epoch, address leader);
    /// @notice There are leaders; the epoch must be revealed by one.
    error EpochBeaconHasLeaders(uint256 epoch, uint256 totalWeight);
    /// @notice Rank `rank` of `epoch` has not missed its window, has been reported, or can no longer be.
    error EpochBeaconNotReportable(uint256 epoch, uint256 rank);
    /// @notice The epoch is not known.
    error EpochBeaconUnknownEpoch(uint256 epoch);

    /// @notice Begins the next epoch with the current leader's signature. Anyone may carry it.
    function reveal(G2Point calldata leaderKey, G1Point calldata signature) external;

    /// @notice Begins the next epoch while no provider has weight. Its seed draws no jobs.
    function bootstrap() external;

    /// @notice Slashes the leader of rank `rank` whose window to begin `epoch` passed unused; the caller earns the
    /// bounty.
    /// @param epoch The next epoch, or the current one when a later rank had to begin it.
    function reportWithholding(uint256 epoch, uint256 rank) external;

    /// @notice The current epoch.
    function currentEpoch() external view returns (uint256);

    /// @notice What is known of `epoch`.
    function epochInfo(uint256 epoch) external view returns (Epoch memory);

    /// @notice The seed of `epoch` when it may draw jobs; reverts when the epoch has not begun.
    function drawSeed(uint256 epoch) external view returns (bytes32 seed, bool drawable);

    /// @notice Unix seconds at which the window of rank 0 for the next epoch opens.
    function nextRevealAt() external view returns (uint256);

    /// @notice The leader of `rank` for the next epoch; zero when nobody has weight.
    function leaderOf(uint256 rank) external view returns (address);

    /// @notice Rank whose window is open now; reverts before the first one opens.
    function currentRank() external view returns (uint256);

    /// @notice Message that the leader of the next epoch signs.
    function revealMessage() external view returns (bytes memory);
}
