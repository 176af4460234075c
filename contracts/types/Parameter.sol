// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title Parameter: every tunable of the protocol
/// @dev Values are appended, never reordered: ProtocolParameters stores them by index.
enum Parameter {
    /// Protocol fee, millionths of the price.
    ProtocolFeePpm,
    /// Share of the collected protocol fee that burns when the payment token is LAT, millionths.
    BurnSharePpm,
    /// Highest royalty that a model version may state, millionths of the price.
    MaxRoyaltyPpm,
    /// Share of slashed LAT paid to the requester, millionths.
    CompensationPpm,
    /// Share of slashed LAT paid to whoever reported the fault, millionths.
    BountyPpm,
    /// Least provision with which a provider may register and stay in the draw, LAT wei.
    MinProvision,
    /// Provision above this counts no further in draws, LAT wei.
    WeightCap,
    /// Least collateral of a tier-Zk order, LAT wei.
    ZkCollateralFloor,
    /// Thaw of provisioned stake, seconds.
    StakeThawSeconds,
    /// Thaw of escrow deposits, seconds.
    EscrowThawSeconds,
    /// Least seconds an order must leave for a commitment.
    MinCommitSeconds,
    /// Least seconds an order must leave for a proof.
    MinProveSeconds,
    /// Longest seconds of any single window of an order.
    MaxWindowSeconds,
    /// How many times a job is drawn again after a slash before it is refunded.
    MaxReassignments,
    /// Shortest seconds between two beacon seeds.
    EpochSeconds,
    /// Seconds that each drawn leader has to reveal before the next one may.
    RevealSeconds,
    /// LAT wei slashed from a leader that stayed silent.
    WithholdingSlash,
    /// Share of the collected protocol fee that rewards beacon leaders, millionths.
    BeaconSharePpm,
    /// How many ranks of leaders must stay silent before a drand round may begin the epoch.
    FallbackRanks,
    /// LAT wei slashed from a provider that signed two results for one order.
    EquivocationSlash,
    /// Least collateral of a tier-Optimistic order, LAT wei.
    OptimisticCollateralFloor,
    /// Least collateral that each provider of a tier-Quorum order locks, LAT wei.
    QuorumCollateralFloor,
    /// Least seconds an auction must leave for bids.
    MinBidSeconds,
    /// Least seconds a bonded result stays open to challenges.
    MinChallengeSeconds,
    /// Bond of an inquiry into a bonded result, LAT wei. It pays the provider for its answers.
    ChallengeBond,
    /// Bond of each demanded chunk of an input or output, LAT wei. It pays whoever publishes the chunk.
    OpeningBond,
    /// Seconds that each move of a dispute may take.
    ResponseSeconds
}

/// @notice Bounds of one parameter. `set` outside of them reverts.
struct Bounds {
    uint128 min;
    uint128 max;
}

/// @notice What a market checks when an order is posted, and the fee it fixes when a provider takes it.
/// @param collateralFloor Least collateral of the order's tier, LAT wei.
/// @param maxReassignments Times a job is opened again before it is refunded.
/// @param protocolFeePpm Protocol fee, millionths of the price.
struct OrderRules {
    uint96 collateralFloor;
    uint32 minBidSeconds;
    uint32 minCommitSeconds;
    uint32 minProveSeconds;
    uint32 minChallengeSeconds;
    uint32 maxWindowSeconds;
    uint8 maxReassignments;
    uint32 protocolFeePpm;
}

/// @notice How collected protocol fees are shared, millionths; the rest is the treasury's. Each is at most one
/// half by its bounds.
struct FeeShares {
    uint32 burnSharePpm;
    uint32 beaconSharePpm;
}

/// @notice How slashed LAT is split; the rest burns. The sum is below one million.
struct SlashParameters {
    uint32 compensationPpm;
    uint32 bountyPpm;
}

/// @notice The beacon's clock, penalty and fallback.
struct BeaconParameters {
    uint32 epochSeconds;
    uint32 revealSeconds;
    uint96 withholdingSlash;
    uint16 fallbackRanks;
}
