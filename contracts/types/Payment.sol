// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @notice How a locked maximum was split; the legs add up to it exactly.
/// @param provider Earned by the provider's payout address.
/// @param publisher Royalty.
/// @param fee Protocol fee, which the treasury shares with the beacon's leaders and burns in part.
/// @param refund Returned to the payer's deposit.
struct Legs {
    uint128 provider;
    uint128 publisher;
    uint128 fee;
    uint128 refund;
}
