// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AssignmentMode, Order} from "../types/Order.sol";
import {IJobMarket} from "./IJobMarket.sol";

/// @title IBidBook: bids of auctions, and the draw among them
/// @notice A bid's weight is fixed when it is made: capped free stake times price advantage. The draw uses a seed that
/// did not exist when bidding closed, so neither bidders nor callers can steer it.
interface IBidBook {
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

    /// @notice The job is not an auction that is open for bids, or `order` is not its order.
    error BidBookNotBiddable(address market, uint256 jobId, AssignmentMode mode);
    /// @notice Bidding closed at `closesAt` (Unix seconds).
    error BidBookClosed(address market, uint256 jobId, uint256 closesAt);
    /// @notice A price lies between one smallest unit and the order's maximum.
    error BidBookInvalidPrice(uint256 price, uint256 maxPrice);
    /// @notice The provider has bid for this job.
    error BidBookAlreadyBid(address market, uint256 jobId, address provider);
    /// @notice The job has as many bids as it may.
    error BidBookFull(address market, uint256 jobId, uint256 max);
    /// @notice The bidder is not available, stakes less on one job, or does not hold the model's attested class.
    error BidBookNotEligible(address provider, bytes32 modelVersion);
    /// @notice The bidder has less than the collateral free, or less than one whole LAT.
    error BidBookInsufficientStake(address provider, uint256 free, uint256 needed);

    /// @notice Bids `price` for a posted auction of `market`. Called by a registered provider, once a job.
    function bid(IJobMarket market, uint256 jobId, Order calldata order, uint96 price) external;

    /// @notice The winner among the bids for job `jobId` of the calling market: drawn by weight, passing by those who can
    /// no longer take it. Zero when nobody can.
    function draw(
        uint256 jobId,
        bytes32 seed,
        uint256 collateral
    ) external view returns (address provider, uint96 price, uint256 pick);

    /// @notice Bids for a job of `market`, in the order in which they came.
    function bidsOf(address market, uint256 jobId) external view returns (Bid[] memory);

    /// @notice Weight of a bid of `price` under `maxPrice` with `free` LAT (wei) of free stake.
    function weightOf(uint256 free, uint256 price, uint256 maxPrice) external view returns (uint256);
}
