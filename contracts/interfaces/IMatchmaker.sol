// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AssignmentMode, Order} from "../types/Order.sol";
import {IJobMarket} from "./IJobMarket.sol";

/// @title IMatchmaker: who gets a job, by draw from a pool or among the bids of an auction
/// @notice Nothing that a draw depends on is in anyone's hand when its seed becomes known: weights and asks count two
/// epochs after they change, a bid's weight is fixed when it is made, and the caller chooses nothing.
interface IMatchmaker {
    /// @notice What a draw must know of a job.
    struct Request {
        uint256 jobId;
        bytes32 modelVersion;
        address paymentToken;
        uint96 maxPrice;
        uint96 collateral;
    }

    /// @notice What a draw found.
    /// @param provider Who takes the job.
    /// @param price Its ask or bid, all legs included, in the payment token's smallest unit.
    /// @param epoch Epoch whose seed drew it.
    /// @param pick How many were drawn before it and could not take the job.
    struct Match {
        address provider;
        uint96 price;
        uint256 epoch;
        uint256 pick;
    }

    /// @param provider The bidder.
    /// @param price All legs included, in the payment token's smallest unit.
    /// @param weight Capped free stake in whole LAT times price advantage in millionths.
    struct Bid {
        address provider;
        uint96 price;
        uint64 weight;
    }

    /// @notice `provider` bids `price` for the job of `market`.
    event BidPlaced(
        address indexed market,
        uint256 indexed jobId,
        address indexed provider,
        uint96 price,
        uint256 weight
    );

    /// @notice The seed of `drawEpoch` does not exist yet.
    error MatchmakerDrawTooEarly(uint256 jobId, uint256 drawEpoch, uint256 currentEpoch);
    /// @notice No seed in the job's window may draw it.
    error MatchmakerDrawWindowPassed(uint256 jobId, uint256 drawEpoch, uint256 currentEpoch);
    /// @notice No drawn provider is available, affordable and has the collateral free.
    error MatchmakerNoEligibleProvider(uint256 jobId, uint256 picks);
    /// @notice Fewer distinct providers than needed were drawn that can take the job.
    error MatchmakerTooFewProviders(uint256 jobId, uint256 found, uint256 needed, uint256 picks);
    /// @notice Bidding goes on until `closesAt` (Unix seconds).
    error MatchmakerBiddingOpen(uint256 jobId, uint256 closesAt);
    /// @notice `epoch` was not the current one when bidding closed.
    error MatchmakerNotClosingEpoch(uint256 jobId, uint256 epoch, uint256 closesAt);
    /// @notice The order was not posted as an auction that is open for bids.
    error MatchmakerNotBiddable(address market, uint256 jobId, AssignmentMode mode);
    /// @notice Bidding closed at `closesAt` (Unix seconds).
    error MatchmakerBiddingClosed(address market, uint256 jobId, uint256 closesAt);
    /// @notice A price lies between one smallest unit and the order's maximum.
    error MatchmakerInvalidPrice(uint256 price, uint256 maxPrice);
    /// @notice The provider has bid for this job.
    error MatchmakerAlreadyBid(address market, uint256 jobId, address provider);
    /// @notice The job has as many bids as it may.
    error MatchmakerFull(address market, uint256 jobId, uint256 max);
    /// @notice The bidder is not available, stakes less on one job, or does not hold the model's attested class.
    error MatchmakerNotEligible(address provider, bytes32 modelVersion);
    /// @notice The bidder has less than the collateral free, or less than one whole LAT.
    error MatchmakerInsufficientStake(address provider, uint256 free, uint256 needed);

    /// @notice Bids `price` for a posted auction of `market`. Called by a registered provider, once a job.
    function bid(IJobMarket market, Order calldata order, uint96 price) external;

    /// @notice Draws a provider from the pool for a job of the calling market.
    /// @param attempt How many times the job was opened again.
    /// @param drawEpoch The seed of this epoch draws or, when that one may not, the next one's.
    function draw(Request calldata request, uint256 attempt, uint256 drawEpoch) external view returns (Match memory);

    /// @notice Draws `count` distinct providers that serve tier Quorum for a job of the calling market: the first ones
    /// picked that can take it. Who was picked before is passed by.
    /// @dev Providers that do not declare the tier would be slashed for work they never heard of (SLA-4).
    /// @param count At most nine, by the order policy.
    function drawMany(
        Request calldata request,
        uint256 count,
        uint256 attempt,
        uint256 drawEpoch
    ) external view returns (Match[] memory);

    /// @notice Draws the winner among the bids for a job of the calling market, passing by those who can no longer take
    /// it; when nobody can, a provider from the pool.
    /// @param closesAt Unix seconds at which bidding closes.
    /// @param closingEpoch The epoch that was current then; the seed three epochs later draws.
    function award(
        Request calldata request,
        uint256 closesAt,
        uint256 closingEpoch
    ) external view returns (Match memory);

    /// @notice True while a provider holds the attested class that a model requires; nobody needs class zero.
    function holdsClass(address provider, uint16 classId) external view returns (bool);

    /// @notice Randomness of one pick from a pool: keccak256 of {seed, market, job, attempt, pick}.
    function drawRandomness(
        bytes32 seed,
        address market,
        uint256 jobId,
        uint256 attempt,
        uint256 pick
    ) external pure returns (uint256);

    /// @notice Bids for a job of `market`, in the order in which they came.
    function bidsOf(address market, uint256 jobId) external view returns (Bid[] memory);

    /// @notice Weight of a bid of `price` under `maxPrice` with `free` LAT (wei) of free stake.
    function weightOf(uint256 free, uint256 price, uint256 maxPrice) external view returns (uint256);
}
