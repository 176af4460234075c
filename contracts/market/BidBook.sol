// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IAttestationGate} from "../interfaces/IAttestationGate.sol";
import {IBidBook} from "../interfaces/IBidBook.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IProtocolParameters} from "../interfaces/IProtocolParameters.sol";
import {IProviderRegistry} from "../interfaces/IProviderRegistry.sol";
import {IStakeVault} from "../interfaces/IStakeVault.sol";
import {Job, JobState} from "../types/Job.sol";
import {AssignmentMode, Order} from "../types/Order.sol";
import {Parameter} from "../types/Parameter.sol";

/// @title BidBook: bids of auctions, and the draw among them
/// @notice See IBidBook.
/// @dev Holds no funds and no rights, and cannot be upgraded: a market asks it who won. Bids are kept by market, so a
/// made-up market harms nobody but itself.
contract BidBook is IBidBook {
    /// @notice Most bids for one job: a draw reads them all (LIV-3).
    uint256 public constant MAX_BIDS = 32;
    /// @notice Draws per seed before nobody wins.
    uint256 public constant MAX_PICKS = 8;
    /// @notice A price this many times below the maximum is as good as it gets: asking for nothing buys no certainty.
    uint256 public constant MAX_ADVANTAGE = 4;

    bytes32 private constant BID_DOMAIN = keccak256("LATTICE-V3-BID");
    uint256 private constant PPM = 1_000_000;
    uint256 private constant WEIGHT_UNIT = 1 ether;

    IProviderRegistry public immutable REGISTRY;
    IStakeVault public immutable VAULT;
    IModelRegistry public immutable MODELS;
    IAttestationGate public immutable GATE;
    IProtocolParameters public immutable PARAMETERS;

    mapping(address market => mapping(uint256 jobId => Bid[])) private _bids;
    mapping(address market => mapping(uint256 jobId => mapping(address provider => bool))) private _hasBid;

    constructor(
        IProviderRegistry registry,
        IStakeVault vault,
        IModelRegistry models,
        IAttestationGate gate,
        IProtocolParameters parameters
    ) {
        REGISTRY = registry;
        VAULT = vault;
        MODELS = models;
        GATE = gate;
        PARAMETERS = parameters;
    }

    // Providers

    /// @inheritdoc IBidBook
    function bid(IJobMarket market, uint256 jobId, Order calldata order, uint96 price) external {
        _requireBiddable(market, jobId, order);
        if (price == 0 || price > order.maxPrice) revert BidBookInvalidPrice(price, order.maxPrice);
        if (!_isEligible(msg.sender, order)) revert BidBookNotEligible(msg.sender, order.modelVersion);
        uint256 free = VAULT.freeStake(msg.sender, address(REGISTRY));
        uint256 needed = order.collateral > WEIGHT_UNIT ? order.collateral : WEIGHT_UNIT;
        if (free < needed) revert BidBookInsufficientStake(msg.sender, free, needed);

        mapping(address provider => bool) storage hasBid = _hasBid[address(market)][jobId];
        if (hasBid[msg.sender]) revert BidBookAlreadyBid(address(market), jobId, msg.sender);
        hasBid[msg.sender] = true;
        Bid[] storage bids = _bids[address(market)][jobId];
        if (bids.length == MAX_BIDS) revert BidBookFull(address(market), jobId, MAX_BIDS);
        uint256 weight = weightOf(free, price, order.maxPrice);
        // Fits: whole LAT are below 2^38 and the advantage below 2^22.
        bids.push(Bid({provider: msg.sender, price: price, weight: uint64(weight)}));
        emit BidPlaced(address(market), jobId, msg.sender, price, weight);
    }

    // Views

    /// @inheritdoc IBidBook
    function draw(
        uint256 jobId,
        bytes32 seed,
        uint256 collateral
    ) external view returns (address provider, uint96 price, uint256 pick) {
        Bid[] memory bids = _bids[msg.sender][jobId];
        uint256 total;
        for (uint256 i = 0; i < bids.length; ++i) total += bids[i].weight;
        if (total == 0) return (address(0), 0, 0);
        for (; pick < MAX_PICKS; ++pick) {
            bytes32 word = keccak256(abi.encode(BID_DOMAIN, seed, msg.sender, jobId, pick));
            Bid memory drawn = _at(bids, uint256(word) % total);
            if (
                REGISTRY.isAvailable(drawn.provider) &&
                VAULT.freeStake(drawn.provider, address(REGISTRY)) >= collateral
            ) return (drawn.provider, drawn.price, pick);
        }
        return (address(0), 0, 0);
    }

    /// @inheritdoc IBidBook
    function bidsOf(address market, uint256 jobId) external view returns (Bid[] memory) {
        return _bids[market][jobId];
    }

    /// @inheritdoc IBidBook
    function weightOf(uint256 free, uint256 price, uint256 maxPrice) public view returns (uint256) {
        uint256 cap = PARAMETERS.get(Parameter.WeightCap);
        uint256 stake = (free < cap ? free : cap) / WEIGHT_UNIT;
        uint256 advantagePpm = (maxPrice * PPM) / price;
        uint256 most = MAX_ADVANTAGE * PPM;
        return stake * (advantagePpm < most ? advantagePpm : most);
    }

    // Internals

    function _requireBiddable(IJobMarket market, uint256 jobId, Order calldata order) private view {
        Job memory job = market.jobOf(jobId);
        if (
            order.mode != AssignmentMode.Auction ||
            job.state != JobState.Posted ||
            job.attempt != 0 ||
            job.orderHash != market.hashOrder(order)
        ) revert BidBookNotBiddable(address(market), jobId, order.mode);
        uint256 closesAt = job.deadline - order.assignSeconds;
        if (block.timestamp >= closesAt) revert BidBookClosed(address(market), jobId, closesAt);
    }

    function _isEligible(address provider, Order calldata order) private view returns (bool) {
        uint16 class = MODELS.termsOf(order.modelVersion).attestedClass;
        return
            REGISTRY.isAvailable(provider) &&
            order.collateral <= REGISTRY.providerOf(provider).capabilities.maxCollateral &&
            (class == 0 || GATE.holds(provider, class));
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
