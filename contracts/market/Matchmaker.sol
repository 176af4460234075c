// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IAttestationGate} from "../interfaces/IAttestationGate.sol";
import {IEpochBeacon} from "../interfaces/IEpochBeacon.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IMatchmaker} from "../interfaces/IMatchmaker.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IProtocolParameters} from "../interfaces/IProtocolParameters.sol";
import {IProviderRegistry} from "../interfaces/IProviderRegistry.sol";
import {IStakeVault} from "../interfaces/IStakeVault.sol";
import {OrderHash} from "../libraries/OrderHash.sol";
import {Job, JobState} from "../types/Job.sol";
import {AssignmentMode, Order, Tier} from "../types/Order.sol";
import {Parameter} from "../types/Parameter.sol";

/// @title Matchmaker: who gets a job, by draw from a pool or among the bids of an auction
/// @notice See IMatchmaker.
/// @dev Holds no funds and no rights, and cannot be upgraded: a market asks it who takes a job. Bids are kept by market,
/// so a made-up market harms nobody but itself.
contract Matchmaker is IMatchmaker {
    /// @notice Most bids for one job: a draw reads them all (LIV-3).
    uint256 public constant MAX_BIDS = 32;
    /// @notice Draws per seed before the job must wait for another exit.
    uint256 public constant MAX_PICKS = 8;
    /// @notice Draws per seed for each of several providers: room for repeated picks and for those who cannot take the job.
    uint256 public constant PICKS_PER_MEMBER = 4;
    /// @notice A price this many times below the maximum is as good as it gets: asking for nothing buys no certainty.
    uint256 public constant MAX_ADVANTAGE = 4;

    /// @notice Epochs from the close of bidding to the seed that draws. The next epoch's seed may be public before it
    /// begins, and the one after known to its leader then (RND-1).
    uint256 public constant DRAW_DELAY = 3;

    bytes32 private constant BID_DOMAIN = keccak256("LATTICE-V3-BID");
    uint256 private constant PPM = 1_000_000;
    uint256 private constant WEIGHT_UNIT = 1 ether;

    IProviderRegistry public immutable REGISTRY;
    IStakeVault public immutable VAULT;
    IModelRegistry public immutable MODELS;
    IAttestationGate public immutable GATE;
    IProtocolParameters public immutable PARAMETERS;
    IEpochBeacon public immutable BEACON;

    /// @dev Where members are drawn from, and the class they must hold.
    struct Pool {
        bytes32 id;
        uint256 epoch;
        uint16 classId;
    }

    mapping(address market => mapping(uint256 jobId => Bid[])) private _bids;
    mapping(address market => mapping(uint256 jobId => mapping(address provider => bool))) private _hasBid;

    constructor(
        IProviderRegistry registry,
        IStakeVault vault,
        IModelRegistry models,
        IAttestationGate gate,
        IProtocolParameters parameters,
        IEpochBeacon beacon
    ) {
        REGISTRY = registry;
        VAULT = vault;
        MODELS = models;
        GATE = gate;
        PARAMETERS = parameters;
        BEACON = beacon;
    }

    // Providers

    /// @inheritdoc IMatchmaker
    function bid(IJobMarket market, Order calldata order, uint96 price) external {
        uint256 jobId = _requireBiddable(market, order);
        if (price == 0 || price > order.maxPrice) revert MatchmakerInvalidPrice(price, order.maxPrice);
        if (!_isEligible(msg.sender, order)) revert MatchmakerNotEligible(msg.sender, order.modelVersion);
        uint256 free = VAULT.freeStake(msg.sender, address(REGISTRY));
        uint256 needed = order.collateral > WEIGHT_UNIT ? order.collateral : WEIGHT_UNIT;
        if (free < needed) revert MatchmakerInsufficientStake(msg.sender, free, needed);

        mapping(address provider => bool) storage hasBid = _hasBid[address(market)][jobId];
        if (hasBid[msg.sender]) revert MatchmakerAlreadyBid(address(market), jobId, msg.sender);
        hasBid[msg.sender] = true;
        Bid[] storage bids = _bids[address(market)][jobId];
        if (bids.length == MAX_BIDS) revert MatchmakerFull(address(market), jobId, MAX_BIDS);
        uint256 weight = weightOf(free, price, order.maxPrice);
        // Fits: whole LAT are below 2^38 and the advantage below 2^22.
        bids.push(Bid({provider: msg.sender, price: price, weight: uint64(weight)}));
        emit BidPlaced(address(market), jobId, msg.sender, price, weight);
    }

    // Views

    /// @inheritdoc IMatchmaker
    function draw(Request calldata request, uint256 attempt, uint256 drawEpoch) external view returns (Match memory) {
        (uint256 epoch, bytes32 seed) = _seedFor(request.jobId, drawEpoch);
        return _drawFromPool(request, attempt, epoch, seed);
    }

    /// @inheritdoc IMatchmaker
    function drawMany(
        Request calldata request,
        uint256 count,
        uint256 attempt,
        uint256 drawEpoch
    ) external view returns (Match[] memory found) {
        (uint256 epoch, bytes32 seed) = _seedFor(request.jobId, drawEpoch);
        Pool memory pool = Pool({
            id: REGISTRY.poolOf(request.modelVersion, request.paymentToken),
            epoch: epoch,
            classId: _classOf(request.modelVersion)
        });
        found = new Match[](count);
        uint256 size;
        for (uint256 pick = 0; size < count; ++pick) {
            if (pick == count * PICKS_PER_MEMBER) {
                revert MatchmakerTooFewProviders(request.jobId, size, count, pick);
            }
            uint256 randomness = drawRandomness(seed, msg.sender, request.jobId, attempt, pick);
            if (_takeMember(request, pool, found, size, pick, randomness)) ++size;
        }
    }

    /// @inheritdoc IMatchmaker
    function award(
        Request calldata request,
        uint256 closesAt,
        uint256 closingEpoch
    ) external view returns (Match memory winner) {
        _requireClosingEpoch(request.jobId, closingEpoch, closesAt);
        (uint256 epoch, bytes32 seed) = _seedFor(request.jobId, closingEpoch + DRAW_DELAY);
        winner = _drawBid(request, epoch, seed);
        if (winner.provider == address(0)) winner = _drawFromPool(request, 0, epoch, seed);
    }

    /// @inheritdoc IMatchmaker
    function holdsClass(address provider, uint16 classId) public view returns (bool) {
        return classId == 0 || GATE.holds(provider, classId);
    }

    /// @inheritdoc IMatchmaker
    function drawRandomness(
        bytes32 seed,
        address market,
        uint256 jobId,
        uint256 attempt,
        uint256 pick
    ) public pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, market, jobId, attempt, pick)));
    }

    /// @inheritdoc IMatchmaker
    function bidsOf(address market, uint256 jobId) external view returns (Bid[] memory) {
        return _bids[market][jobId];
    }

    /// @inheritdoc IMatchmaker
    function weightOf(uint256 free, uint256 price, uint256 maxPrice) public view returns (uint256) {
        uint256 cap = PARAMETERS.get(Parameter.WeightCap);
        uint256 stake = (free < cap ? free : cap) / WEIGHT_UNIT;
        uint256 advantagePpm = (maxPrice * PPM) / price;
        uint256 most = MAX_ADVANTAGE * PPM;
        return stake * (advantagePpm < most ? advantagePpm : most);
    }

    // Seeds

    /// @dev Bidding closed while `epoch` was the current one, so the seed three epochs later was known to nobody.
    function _requireClosingEpoch(uint256 jobId, uint256 epoch, uint256 closesAt) private view {
        if (block.timestamp < closesAt) revert MatchmakerBiddingOpen(jobId, closesAt);
        uint256 current = BEACON.currentEpoch();
        if (
            epoch > current ||
            BEACON.epochInfo(epoch).startedAt >= closesAt ||
            (epoch < current && BEACON.epochInfo(epoch + 1).startedAt < closesAt)
        ) revert MatchmakerNotClosingEpoch(jobId, epoch, closesAt);
    }

    /// @dev The first of {drawEpoch, drawEpoch + 1} whose seed may draw, so that everyone finds the same one. Trees
    /// remember no further back, so later the window has passed.
    function _seedFor(uint256 jobId, uint256 drawEpoch) private view returns (uint256 epoch, bytes32 seed) {
        uint256 current = BEACON.currentEpoch();
        if (current < drawEpoch) revert MatchmakerDrawTooEarly(jobId, drawEpoch, current);
        if (current > drawEpoch + 1) revert MatchmakerDrawWindowPassed(jobId, drawEpoch, current);
        bool drawable;
        (seed, drawable) = BEACON.drawSeed(drawEpoch);
        if (drawable) return (drawEpoch, seed);
        if (current == drawEpoch) revert MatchmakerDrawTooEarly(jobId, drawEpoch + 1, current);
        (seed, drawable) = BEACON.drawSeed(drawEpoch + 1);
        if (!drawable) revert MatchmakerDrawWindowPassed(jobId, drawEpoch, current);
        return (drawEpoch + 1, seed);
    }

    // Draws

    /// @dev The first pick that may take the job wins. Nothing of a pick depends on the caller.
    function _drawFromPool(
        Request calldata request,
        uint256 attempt,
        uint256 epoch,
        bytes32 seed
    ) private view returns (Match memory) {
        bytes32 pool = REGISTRY.poolOf(request.modelVersion, request.paymentToken);
        uint16 classId = _classOf(request.modelVersion);
        for (uint256 pick = 0; pick < MAX_PICKS; ++pick) {
            uint256 randomness = drawRandomness(seed, msg.sender, request.jobId, attempt, pick);
            address candidate = REGISTRY.draw(pool, epoch, randomness);
            (bool suits, uint96 ask) = _suits(candidate, request, pool, epoch);
            if (suits && holdsClass(candidate, classId)) {
                return Match({provider: candidate, price: ask, epoch: epoch, pick: pick});
            }
        }
        revert MatchmakerNoEligibleProvider(request.jobId, MAX_PICKS);
    }

    /// @dev Writes the candidate that `randomness` picks to `found[size]`, unless it is among them or cannot take the job.
    function _takeMember(
        Request calldata request,
        Pool memory pool,
        Match[] memory found,
        uint256 size,
        uint256 pick,
        uint256 randomness
    ) private view returns (bool) {
        address candidate = REGISTRY.draw(pool.id, pool.epoch, randomness);
        for (uint256 i = 0; i < size; ++i) if (found[i].provider == candidate) return false;
        (bool suits, uint96 ask) = _suits(candidate, request, pool.id, pool.epoch);
        if (!suits || !holdsClass(candidate, pool.classId)) return false;
        if ((REGISTRY.tiersOf(candidate) >> uint8(Tier.Quorum)) & 1 == 0) return false;
        found[size] = Match({provider: candidate, price: ask, epoch: pool.epoch, pick: pick});
        return true;
    }

    /// @dev Whether the candidate takes the job for at most the maximum and has its collateral free.
    function _suits(
        address candidate,
        Request calldata request,
        bytes32 pool,
        uint256 epoch
    ) private view returns (bool suits, uint96 ask) {
        (suits, ask) = REGISTRY.quoteOf(candidate, pool, epoch, request.collateral);
        suits = suits && ask <= request.maxPrice && _hasFree(candidate, request.collateral);
    }

    /// @dev The zero match when no pick can take the job.
    function _drawBid(Request calldata request, uint256 epoch, bytes32 seed) private view returns (Match memory none) {
        Bid[] memory bids = _bids[msg.sender][request.jobId];
        uint256 total;
        for (uint256 i = 0; i < bids.length; ++i) total += bids[i].weight;
        if (total == 0) return none;
        for (uint256 pick = 0; pick < MAX_PICKS; ++pick) {
            bytes32 word = keccak256(abi.encode(BID_DOMAIN, seed, msg.sender, request.jobId, pick));
            Bid memory drawn = _at(bids, uint256(word) % total);
            if (_canStillTake(drawn.provider, request)) {
                return Match({provider: drawn.provider, price: drawn.price, epoch: epoch, pick: pick});
            }
        }
    }

    /// @dev What a bidder was eligible for may have changed since it bid.
    function _canStillTake(address bidder, Request calldata request) private view returns (bool) {
        return
            REGISTRY.isAvailable(bidder) &&
            _hasFree(bidder, request.collateral) &&
            holdsClass(bidder, _classOf(request.modelVersion));
    }

    function _classOf(bytes32 modelVersion) private view returns (uint16) {
        return MODELS.termsOf(modelVersion).attestedClass;
    }

    function _hasFree(address provider, uint256 collateral) private view returns (bool) {
        return VAULT.freeStake(provider, address(REGISTRY)) >= collateral;
    }

    // Bids

    function _requireBiddable(IJobMarket market, Order calldata order) private view returns (uint256 jobId) {
        jobId = uint256(OrderHash.hash(order));
        Job memory job = market.jobOf(jobId);
        if (order.mode != AssignmentMode.Auction || job.state != JobState.Posted || job.attempt != 0)
            revert MatchmakerNotBiddable(address(market), jobId, order.mode);
        uint256 closesAt = job.deadline - order.assignSeconds;
        if (block.timestamp >= closesAt) revert MatchmakerBiddingClosed(address(market), jobId, closesAt);
    }

    function _isEligible(address provider, Order calldata order) private view returns (bool) {
        return
            REGISTRY.isAvailable(provider) &&
            order.collateral <= REGISTRY.providerOf(provider).capabilities.maxCollateral &&
            holdsClass(provider, _classOf(order.modelVersion));
    }

    /// @dev The bid that `ticket` hits: the first one up to which the weights add up to more than the ticket.
    function _at(Bid[] memory bids, uint256 ticket) private pure returns (Bid memory) {
        uint256 i;
        while (ticket >= bids[i].weight) {
            ticket -= bids[i].weight;
            ++i;
        }
        return bids[i];
    }
}
