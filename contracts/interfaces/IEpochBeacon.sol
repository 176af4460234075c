// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {G1Point, G2Point} from "../types/Bls.sol";

/// @title IEpochBeacon: the protocol's randomness
/// @notice The leader of epoch e, drawn by stake from seed e, reveals a BLS signature over
/// H(chain, beacon, e + 1, seed e); seed e + 1 is the hash of that signature. BLS signatures are unique, so the
/// leader can reveal or stay silent but not choose (a verifiable random function). Silence is slashed, and the next rank
/// of leaders takes over. When FallbackRanks of them stayed silent, one round of the drand network quicknet takes their
/// place: the first that is published after the fallback opened, so nobody knows or chooses it. If even that round is
/// not brought in time, leaders of further ranks may begin the epoch, and the round no longer may.
interface IEpochBeacon {
    /// @param seed The epoch's randomness; zero when the epoch has not begun.
    /// @param drawable True when the seed comes from a leader's signature or a drand round: only such seeds draw jobs.
    /// @param degraded True when an earlier leader of the rotation stayed silent, or when nobody could lead.
    /// @param startedAt Unix seconds at which the epoch began.
    struct Epoch {
        bytes32 seed;
        bool drawable;
        bool degraded;
        uint40 startedAt;
    }

    /// @notice Epoch `epoch` began with `seed`, revealed by `leader` of rotation `rank`. Zero leader: it began with a
    /// drand round (drawable; see EpochFellBack) after `rank` silent leaders, or by bootstrap (not drawable).
    event EpochStarted(
        uint256 indexed epoch,
        address indexed leader,
        bytes32 seed,
        uint256 rank,
        bool drawable,
        bool degraded
    );
    /// @notice Epoch `epoch` began with the drand quicknet round `round`.
    event EpochFellBack(uint256 indexed epoch, uint64 round);
    /// @notice `leader` of rank `rank` was slashed `amount` LAT (wei) for not revealing the seed of `epoch`.
    event LeaderSlashed(uint256 indexed epoch, address indexed leader, uint256 rank, uint256 amount);

    /// @notice The next epoch may begin at `opensAt` (Unix seconds).
    error EpochBeaconTooEarly(uint256 epoch, uint256 opensAt);
    /// @notice The key is not that of the leader whose window is open; zeros when nobody has weight.
    error EpochBeaconWrongKey(address leader, bytes32 expected, bytes32 given);
    /// @notice The signature does not verify under the leader's key.
    error EpochBeaconInvalidSignature(uint256 epoch, address leader);
    /// @notice The windows of leaders before the fallback are over; further ones open at `reopensAt` (Unix seconds).
    error EpochBeaconWindowsClosed(uint256 epoch, uint256 reopensAt);
    /// @notice A drand round may begin the epoch from `opensAt` until before `endsAt` (Unix seconds).
    error EpochBeaconFallbackClosed(uint256 epoch, uint256 opensAt, uint256 endsAt);
    /// @notice Another round than the only one that may begin the epoch.
    error EpochBeaconWrongRound(uint256 epoch, uint64 expected, uint64 given);
    /// @notice By the chain's clock the round is published at `dueAt` (Unix seconds).
    error EpochBeaconRoundNotDue(uint64 round, uint256 dueAt);
    /// @notice The signature is not quicknet's over this round.
    error EpochBeaconInvalidRound(uint256 epoch, uint64 round);
    /// @notice There are leaders; the epoch must be revealed by one.
    error EpochBeaconHasLeaders(uint256 epoch, uint256 totalWeight);
    /// @notice Rank `rank` of `epoch` has not missed its window, has been reported, or can no longer be.
    error EpochBeaconNotReportable(uint256 epoch, uint256 rank);
    /// @notice The epoch is not known.
    error EpochBeaconUnknownEpoch(uint256 epoch);

    /// @notice Begins the next epoch with the current leader's signature. Anyone may carry it.
    function reveal(G2Point calldata leaderKey, G1Point calldata signature) external;

    /// @notice Begins the next epoch with the drand round `fallbackRound`. Anyone may bring it, whether or not somebody
    /// could have led.
    /// @param signature The round's signature, decompressed.
    function revealFallback(uint64 round, G1Point calldata signature) external;

    /// @notice Begins the next epoch while no provider has weight and the fallback is over. Its seed draws no jobs.
    /// @dev For chains whose clock no published round matches (there it is open as soon as the epoch may end), and for
    /// the day drand stops: without it no first provider could ever gain weight there.
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

    /// @notice Who revealed the seed of `epoch`; zero when no leader did, or when the epoch is not among the last 256.
    function leaderOfEpoch(uint256 epoch) external view returns (address);

    /// @notice Rank whose window is open now; reverts before the first one opens, and while a drand round takes their
    /// place. Does not ask whether somebody leads.
    function currentRank() external view returns (uint256);

    /// @notice Unix seconds from which a drand round may begin the next epoch: some seconds after the windows of
    /// leaders, or after `nextRevealAt` while nobody has weight.
    function fallbackAt() external view returns (uint256);

    /// @notice Unix seconds from which it no longer may: leaders may again, or bootstrap. Equal to `fallbackAt` on
    /// chains without fallback.
    function fallbackEndsAt() external view returns (uint256);

    /// @notice The only drand round that may begin the next epoch: the first one published at `fallbackAt` or later.
    function fallbackRound() external view returns (uint64);

    /// @notice First epoch whose seed cannot be public yet, so that what is fixed now may be drawn by it (RND-1).
    /// @dev From `nextRevealAt` on the next epoch's seed can be seen before it is on-chain: in a pending transaction, or
    /// as a published drand round.
    function nextDrawEpoch() external view returns (uint256);

    /// @notice Message that the leader of the next epoch signs.
    function revealMessage() external view returns (bytes memory);
}
