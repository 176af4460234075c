// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title Parameter: every tunable of the protocol
/// @dev Values are appended, never reordered: ProtocolParameters stores them by index.
enum Parameter {
    /// Protocol fee, millionths of the price.
    ProtocolFeePpm,
    /// Share of the protocol fee that is burned when the payment token is LAT, millionths.
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
    WithholdingSlash
}

/// @notice Bounds of one parameter. `set` outside of them reverts.
struct Bounds {
    uint128 min;
    uint128 max;
}

/// @notice Rates fixed for an order when it is posted.
struct FeeParameters {
    uint32 protocolFeePpm;
    uint32 burnSharePpm;
}

/// @notice What JobMarket checks when an order is posted.
struct OrderRules {
    uint96 zkCollateralFloor;
    uint32 minCommitSeconds;
    uint32 minProveSeconds;
    uint32 maxWindowSeconds;
    uint8 maxReassignments;
}

/// @notice How slashed LAT is split; the rest burns. The sum is below one million.
struct SlashParameters {
    uint32 compensationPpm;
    uint32 bountyPpm;
}

/// @notice The beacon's clock and penalty.
struct BeaconParameters {
    uint32 epochSeconds;
    uint32 revealSeconds;
    uint96 withholdingSlash;
}
