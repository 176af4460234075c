// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IEpochBeacon} from "../interfaces/IEpochBeacon.sol";
import {IProtocolParameters} from "../interfaces/IProtocolParameters.sol";
import {IProviderRegistry} from "../interfaces/IProviderRegistry.sol";
import {IStakeVault} from "../interfaces/IStakeVault.sol";
import {Bls12381} from "../libraries/Bls12381.sol";
import {G1Point, G2Point} from "../types/Bls.sol";
import {BeaconParameters} from "../types/Parameter.sol";
import {SlashLeg} from "../types/Stake.sol";

/// @title EpochBeacon: the protocol's randomness
/// @notice See IEpochBeacon. An epoch that began at t hands over from t + EpochSeconds on: rank k of its leaders has
/// the window [t + EpochSeconds + k · RevealSeconds, + RevealSeconds).
/// @dev Holds no funds; it is a module of the registry's stake, so it can slash. The only choice a leader has is
/// silence, which costs it WithholdingSlash and hands the epoch to the next rank. Clock and penalty are fixed when an
/// epoch begins, so no change of parameters makes a leader late (SLA-4).
/// Known limits. A leader knows the seed it will reveal one epoch before everyone else, and one that also leads the
/// epoch after knows two. Whoever calls `bootstrap` chooses the block and with it the seed, which therefore draws no
/// jobs. While all leaders drawn for an epoch stay away, the epoch before it lasts.
contract EpochBeacon is IEpochBeacon, AccessManagedUpgradeable, UUPSUpgradeable {
    /// @notice RFC 9380 domain separation tag of reveals.
    string public constant BEACON_DST = "LATTICE-V3-BEACON-BLS12381G1_XMD:SHA-256_SSWU_RO_";

    bytes32 private constant REVEAL_DOMAIN = keccak256("LATTICE-V3-BEACON-REVEAL");
    bytes32 private constant LEADER_DOMAIN = keccak256("LATTICE-V3-BEACON-LEADER");
    bytes32 private constant BOOTSTRAP_DOMAIN = keccak256("LATTICE-V3-BEACON-BOOTSTRAP");
    bytes32 private constant LEADER_POOL = 0;
    uint256 private constant PPM = 1_000_000;

    IProviderRegistry public immutable REGISTRY;
    IStakeVault public immutable VAULT;
    IProtocolParameters public immutable PARAMETERS;

    /// @dev Two slots.
    /// @param startedAt Unix seconds.
    /// @param epochSeconds Seconds until rank 0 may begin the next epoch.
    /// @param revealSeconds Length of each rank's window.
    /// @param withholdingSlash LAT wei that a silent leader of the next epoch loses.
    /// @param rank Rank that began this epoch: the ranks below it stayed silent.
    struct Record {
        bytes32 seed;
        uint40 startedAt;
        uint32 epochSeconds;
        uint32 revealSeconds;
        uint96 withholdingSlash;
        uint40 rank;
        bool drawable;
        bool degraded;
    }

    /// @custom:storage-location erc7201:lattice.storage.EpochBeacon
    struct BeaconStorage {
        uint256 currentEpoch;
        mapping(uint256 epoch => Record) records;
        mapping(uint256 epoch => mapping(uint256 rank => bool)) reported;
    }

    // keccak256(abi.encode(uint256(keccak256("lattice.storage.EpochBeacon")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_SLOT = 0x33ce2093b5795f0329476e44058f110123bbd67257d9ab5816059ec884825c00;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IProviderRegistry registry, IStakeVault vault, IProtocolParameters parameters) {
        REGISTRY = registry;
        VAULT = vault;
        PARAMETERS = parameters;
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
    function bootstrap() external {
        uint256 epoch = currentEpoch();
        uint256 opensAt = nextRevealAt();
        if (block.timestamp < opensAt) revert EpochBeaconTooEarly(epoch + 1, opensAt);
        uint256 totalWeight = REGISTRY.totalWeight(LEADER_POOL, epoch);
        if (totalWeight != 0) revert EpochBeaconHasLeaders(epoch + 1, totalWeight);

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
    function currentRank() public view returns (uint256) {
        uint256 epoch = currentEpoch();
        uint256 opensAt = nextRevealAt();
        if (block.timestamp < opensAt) revert EpochBeaconTooEarly(epoch + 1, opensAt);
        return (block.timestamp - opensAt) / _storage().records[epoch].revealSeconds;
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
            withholdingSlash: clock.withholdingSlash,
            rank: uint40(rank),
            drawable: drawable,
            degraded: degraded
        });
        emit EpochStarted(epoch, leader, seed, rank, drawable, degraded);
    }

    /// @dev Ranks whose window to begin `epoch` passed unused. Zero for epochs so old that the pool's weights at the
    /// time are forgotten.
    function _missedRanks(uint256 epoch) private view returns (uint256) {
        uint256 current = currentEpoch();
        if (epoch == current) return _storage().records[epoch].rank;
        if (epoch != current + 1 || block.timestamp < nextRevealAt()) return 0;
        return currentRank();
    }

    /// @dev Leader of `rank` for the epoch after `epoch`, zero when nobody has weight in `epoch`.
    function _leaderAfter(uint256 epoch, uint256 rank) private view returns (address) {
        if (REGISTRY.totalWeight(LEADER_POOL, epoch) == 0) return address(0);
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
