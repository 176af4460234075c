// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IEpochBeacon} from "../interfaces/IEpochBeacon.sol";
import {IProtocolParameters} from "../interfaces/IProtocolParameters.sol";
import {IProviderRegistry} from "../interfaces/IProviderRegistry.sol";
import {IStakeVault} from "../interfaces/IStakeVault.sol";
import {Bls12381} from "../libraries/Bls12381.sol";
import {DrandQuicknet} from "../libraries/DrandQuicknet.sol";
import {G1Point, G2Point} from "../types/Bls.sol";
import {BeaconParameters} from "../types/Parameter.sol";
import {SlashLeg} from "../types/Stake.sol";

/// @title EpochBeacon: the protocol's randomness
/// @notice See IEpochBeacon. An epoch that began at t hands over from t + EpochSeconds on: rank k of its leaders has
/// the window [t + EpochSeconds + k · RevealSeconds, + RevealSeconds) for k below FallbackRanks. Then, for
/// FALLBACK_SECONDS, only one drand round begins the epoch; after that the ranks go on from FallbackRanks, without end.
/// @dev Holds no funds; it is a module of the registry's stake, so it can slash. The only choice a leader has is
/// silence, which costs it WithholdingSlash and hands the epoch to the next rank. At no time can two seeds begin an
/// epoch. Clock and penalty are fixed when an epoch begins, so no change of parameters makes a leader late (SLA-4).
/// Known limits. A leader knows the seed it will reveal one epoch before everyone else, and one that also leads the
/// epoch after knows two. The last leader before the fallback can wait for the drand round where a block's time lags
/// real time by more than ROUND_GAP_SECONDS. Whoever calls `bootstrap` chooses the block and with it the seed, which
/// therefore draws no jobs. Leaders that keep silent after a fallback that nobody used are not slashed.
contract EpochBeacon is IEpochBeacon, AccessManagedUpgradeable, UUPSUpgradeable {
    /// @notice RFC 9380 domain separation tag of reveals.
    string public constant BEACON_DST = "LATTICE-V3-BEACON-BLS12381G1_XMD:SHA-256_SSWU_RO_";

    bytes32 private constant REVEAL_DOMAIN = keccak256("LATTICE-V3-BEACON-REVEAL");
    bytes32 private constant LEADER_DOMAIN = keccak256("LATTICE-V3-BEACON-LEADER");
    bytes32 private constant BOOTSTRAP_DOMAIN = keccak256("LATTICE-V3-BEACON-BOOTSTRAP");
    bytes32 private constant FALLBACK_DOMAIN = keccak256("LATTICE-V3-BEACON-FALLBACK");
    bytes32 private constant LEADER_POOL = 0;
    uint256 private constant PPM = 1_000_000;
    /// @dev The round is published that much later than the last window closes. A block may be built some seconds after
    /// the time that it states, by a leader that would then know the round and choose.
    uint256 private constant ROUND_GAP_SECONDS = 15;
    /// @dev Leaders of that many epochs are remembered. Overwriting an old one costs a quarter of a new slot.
    uint256 private constant LEADER_MEMORY = 256;

    IProviderRegistry public immutable REGISTRY;
    IStakeVault public immutable VAULT;
    IProtocolParameters public immutable PARAMETERS;
    /// @notice How long only the drand round may begin an epoch; zero: there is no fallback, the ranks go on at once.
    uint256 public immutable FALLBACK_SECONDS;

    /// @dev Two slots.
    /// @param startedAt Unix seconds.
    /// @param epochSeconds Seconds until rank 0 may begin the next epoch.
    /// @param revealSeconds Length of each rank's window.
    /// @param withholdingSlash LAT wei that a silent leader of the next epoch loses.
    /// @param fallbackRanks Ranks that have a window before the fallback, and are slashed for silence.
    /// @param rank Rank that began this epoch: the ranks below it stayed silent.
    struct Record {
        bytes32 seed;
        uint40 startedAt;
        uint32 epochSeconds;
        uint32 revealSeconds;
        uint80 withholdingSlash;
        uint16 fallbackRanks;
        uint40 rank;
        bool drawable;
        bool degraded;
    }

    /// @dev One slot.
    struct LedEpoch {
        address leader;
        uint96 epoch;
    }

    /// @custom:storage-location erc7201:lattice.storage.EpochBeacon
    struct BeaconStorage {
        uint256 currentEpoch;
        mapping(uint256 epoch => Record) records;
        mapping(uint256 epoch => mapping(uint256 rank => bool)) reported;
        mapping(uint256 epochModuloMemory => LedEpoch) led;
    }

    // keccak256(abi.encode(uint256(keccak256("lattice.storage.EpochBeacon")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_SLOT = 0x33ce2093b5795f0329476e44058f110123bbd67257d9ab5816059ec884825c00;

    /// @param fallbackSeconds Long enough for anyone to bring the round, however busy the chain is: hours. Zero for
    /// local chains, whose clock no published round matches.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IProviderRegistry registry, IStakeVault vault, IProtocolParameters parameters, uint32 fallbackSeconds) {
        REGISTRY = registry;
        VAULT = vault;
        PARAMETERS = parameters;
        FALLBACK_SECONDS = fallbackSeconds;
        _disableInitializers();
    }

    /// @param accessManager Holder of every role.
    /// @param genesisSeed Seed of epoch 0; known to all, so it draws no jobs.
    function initialize(address accessManager, bytes32 genesisSeed) external initializer {
        __AccessManaged_init(accessManager);
        _begin(0, address(0), genesisSeed, 0, false, true);
    }

    // ------------------------------------------------------------------------------------------ Epochs

    /// @inheritdoc IEpochBeacon
    function reveal(G2Point calldata leaderKey, G1Point calldata signature) external {
        uint256 rank = currentRank();
        uint256 epoch = currentEpoch();
        address leader = _leaderAfter(epoch, rank);
        bytes32 expected = REGISTRY.blsKeyHashOf(leader);
        bytes32 given = keccak256(abi.encode(leaderKey));
        if (given != expected) revert EpochBeaconWrongKey(leader, expected, given);
        if (!Bls12381.verify(signature, leaderKey, revealMessage(), bytes(BEACON_DST))) {
            revert EpochBeaconInvalidSignature(epoch + 1, leader);
        }

        // A bootstrap seed could be chosen, though its successor cannot be known: fit to draw, but flagged.
        bool degraded = rank > 0 || !_storage().records[epoch].drawable;
        _begin(epoch + 1, leader, keccak256(abi.encode(signature)), rank, true, degraded);
    }

    /// @inheritdoc IEpochBeacon
    function revealFallback(uint64 round, G1Point calldata signature) external {
        uint256 epoch = currentEpoch();
        uint256 opensAt = fallbackAt();
        uint256 endsAt = opensAt + FALLBACK_SECONDS;
        if (block.timestamp < opensAt || block.timestamp >= endsAt) {
            revert EpochBeaconFallbackClosed(epoch + 1, opensAt, endsAt);
        }
        uint64 expected = DrandQuicknet.roundFrom(opensAt);
        if (round != expected) revert EpochBeaconWrongRound(epoch + 1, expected, round);
        uint256 dueAt = DrandQuicknet.timeOf(round);
        if (block.timestamp < dueAt) revert EpochBeaconRoundNotDue(round, dueAt);
        if (!DrandQuicknet.verify(round, signature)) revert EpochBeaconInvalidRound(epoch + 1, round);

        emit EpochFellBack(epoch + 1, round);
        bytes32 seed = keccak256(abi.encode(FALLBACK_DOMAIN, block.chainid, address(this), epoch + 1, signature));
        uint256 silentRanks = _totalWeight(epoch) == 0 ? 0 : _storage().records[epoch].fallbackRanks;
        _begin(epoch + 1, address(0), seed, silentRanks, true, true);
    }

    /// @inheritdoc IEpochBeacon
    function bootstrap() external {
        uint256 epoch = currentEpoch();
        uint256 totalWeight = _totalWeight(epoch);
        if (totalWeight != 0) revert EpochBeaconHasLeaders(epoch + 1, totalWeight);
        uint256 opensAt = fallbackEndsAt();
        if (block.timestamp < opensAt) revert EpochBeaconTooEarly(epoch + 1, opensAt);

        bytes32 seed = keccak256(
            abi.encode(
                BOOTSTRAP_DOMAIN,
                block.chainid,
                address(this),
                epoch + 1,
                _storage().records[epoch].seed,
                block.prevrandao
            )
        );
        _begin(epoch + 1, address(0), seed, 0, false, true);
    }

    /// @inheritdoc IEpochBeacon
    function reportWithholding(uint256 epoch, uint256 rank) external {
        BeaconStorage storage $ = _storage();
        if (rank >= _missedRanks(epoch) || $.reported[epoch][rank]) revert EpochBeaconNotReportable(epoch, rank);
        address leader = _leaderAfter(epoch - 1, rank);
        if (leader == address(0)) revert EpochBeaconNotReportable(epoch, rank);
        $.reported[epoch][rank] = true;

        uint96 amount = $.records[epoch - 1].withholdingSlash;
        uint256 slashed = VAULT.slash(address(REGISTRY), leader, 0, amount, _bounty(leader, amount));
        emit LeaderSlashed(epoch, leader, rank, slashed);
    }

    // ------------------------------------------------------------------------------------------ Views

    /// @inheritdoc IEpochBeacon
    function currentEpoch() public view returns (uint256) {
        return _storage().currentEpoch;
    }

    /// @inheritdoc IEpochBeacon
    function epochInfo(uint256 epoch) external view returns (Epoch memory) {
        Record storage record = _storage().records[epoch];
        return
            Epoch({
                seed: record.seed,
                drawable: record.drawable,
                degraded: record.degraded,
                startedAt: record.startedAt
            });
    }

    /// @inheritdoc IEpochBeacon
    function drawSeed(uint256 epoch) external view returns (bytes32 seed, bool drawable) {
        BeaconStorage storage $ = _storage();
        if (epoch > $.currentEpoch) revert EpochBeaconUnknownEpoch(epoch);
        return ($.records[epoch].seed, $.records[epoch].drawable);
    }

    /// @inheritdoc IEpochBeacon
    function nextRevealAt() public view returns (uint256) {
        Record storage record = _storage().records[currentEpoch()];
        return uint256(record.startedAt) + record.epochSeconds;
    }

    /// @inheritdoc IEpochBeacon
    function leaderOf(uint256 rank) external view returns (address) {
        return _leaderAfter(currentEpoch(), rank);
    }

    /// @inheritdoc IEpochBeacon
    function leaderOfEpoch(uint256 epoch) external view returns (address) {
        LedEpoch storage led = _storage().led[epoch % LEADER_MEMORY];
        return led.epoch == epoch ? led.leader : address(0);
    }

    /// @inheritdoc IEpochBeacon
    function currentRank() public view returns (uint256) {
        uint256 epoch = currentEpoch();
        uint256 opensAt = nextRevealAt();
        if (block.timestamp < opensAt) revert EpochBeaconTooEarly(epoch + 1, opensAt);
        Record storage record = _storage().records[epoch];
        uint256 rank = (block.timestamp - opensAt) / record.revealSeconds;
        uint256 fallbackRanks = record.fallbackRanks;
        if (rank < fallbackRanks) return rank;
        uint256 reopensAt = _fallbackAfter(opensAt + fallbackRanks * record.revealSeconds) + FALLBACK_SECONDS;
        if (block.timestamp < reopensAt) revert EpochBeaconWindowsClosed(epoch + 1, reopensAt);
        return fallbackRanks + (block.timestamp - reopensAt) / record.revealSeconds;
    }

    /// @inheritdoc IEpochBeacon
    function fallbackAt() public view returns (uint256) {
        uint256 epoch = currentEpoch();
        uint256 opensAt = nextRevealAt();
        // Without leaders there is nobody to wait for.
        if (_totalWeight(epoch) == 0) return _fallbackAfter(opensAt);
        Record storage record = _storage().records[epoch];
        return _fallbackAfter(opensAt + uint256(record.fallbackRanks) * record.revealSeconds);
    }

    /// @inheritdoc IEpochBeacon
    function fallbackEndsAt() public view returns (uint256) {
        return fallbackAt() + FALLBACK_SECONDS;
    }

    /// @inheritdoc IEpochBeacon
    function fallbackRound() external view returns (uint64) {
        return DrandQuicknet.roundFrom(fallbackAt());
    }

    /// @inheritdoc IEpochBeacon
    function nextDrawEpoch() external view returns (uint256) {
        return currentEpoch() + (block.timestamp < nextRevealAt() ? 1 : 2);
    }

    /// @inheritdoc IEpochBeacon
    function revealMessage() public view returns (bytes memory) {
        uint256 epoch = currentEpoch();
        return abi.encode(REVEAL_DOMAIN, block.chainid, address(this), epoch + 1, _storage().records[epoch].seed);
    }

    // ------------------------------------------------------------------------------------------ Internals

    function _begin(uint256 epoch, address leader, bytes32 seed, uint256 rank, bool drawable, bool degraded) private {
        BeaconStorage storage $ = _storage();
        BeaconParameters memory clock = PARAMETERS.beaconParameters();
        $.currentEpoch = epoch;
        $.records[epoch] = Record({
            seed: seed,
            // Seconds and numbers of windows of a second or more stay below 2^40 for 34 000 years.
            startedAt: uint40(block.timestamp),
            epochSeconds: clock.epochSeconds,
            revealSeconds: clock.revealSeconds,
            // Bounded to a million LAT.
            withholdingSlash: uint80(clock.withholdingSlash),
            fallbackRanks: clock.fallbackRanks,
            rank: uint40(rank),
            drawable: drawable,
            degraded: degraded
        });
        // Epochs stay below 2^96: each takes a transaction.
        if (leader != address(0)) $.led[epoch % LEADER_MEMORY] = LedEpoch({leader: leader, epoch: uint96(epoch)});
        emit EpochStarted(epoch, leader, seed, rank, drawable, degraded);
    }

    /// @dev When the fallback opens after windows that close at `closesAt`.
    function _fallbackAfter(uint256 closesAt) private view returns (uint256) {
        return FALLBACK_SECONDS == 0 ? closesAt : closesAt + ROUND_GAP_SECONDS;
    }

    /// @dev Weight among which leaders for the epoch after `epoch` are drawn; fixed before `epoch` began.
    function _totalWeight(uint256 epoch) private view returns (uint256) {
        return REGISTRY.totalWeight(LEADER_POOL, epoch);
    }

    /// @dev Ranks whose window to begin `epoch` passed unused, those after the fallback not counted. Zero for epochs so
    /// old that the pool's weights at the time are forgotten.
    function _missedRanks(uint256 epoch) private view returns (uint256) {
        BeaconStorage storage $ = _storage();
        uint256 current = currentEpoch();
        if (epoch == 0 || epoch > current + 1 || epoch < current) return 0;
        uint256 missed;
        Record storage record = $.records[epoch - 1];
        if (epoch == current) missed = $.records[epoch].rank;
        else if (block.timestamp >= nextRevealAt()) missed = (block.timestamp - nextRevealAt()) / record.revealSeconds;
        return Math.min(missed, record.fallbackRanks);
    }

    /// @dev Leader of `rank` for the epoch after `epoch`, zero when nobody has weight in `epoch`.
    function _leaderAfter(uint256 epoch, uint256 rank) private view returns (address) {
        if (_totalWeight(epoch) == 0) return address(0);
        bytes32 seed = _storage().records[epoch].seed;
        uint256 randomness = uint256(keccak256(abi.encode(LEADER_DOMAIN, seed, epoch + 1, rank)));
        return REGISTRY.draw(LEADER_POOL, epoch, randomness);
    }

    /// @dev Share of the slash for the caller, rounded down; none when the leader reports itself (SLA-3).
    function _bounty(address leader, uint96 amount) private view returns (SlashLeg[] memory legs) {
        if (REGISTRY.isOwnAddress(leader, msg.sender)) return legs;
        legs = new SlashLeg[](1);
        // Below `amount`: the share is below one million.
        uint256 bounty = (uint256(amount) * PARAMETERS.slashParameters().bountyPpm) / PPM;
        legs[0] = SlashLeg({recipient: msg.sender, amount: uint96(bounty)});
    }

    function _storage() private pure returns (BeaconStorage storage $) {
        assembly ("memory-safe") {
            $.slot := STORAGE_SLOT
        }
    }

    /// @dev Restricted to the timelock.
    function _authorizeUpgrade(address) internal override restricted {}
}
