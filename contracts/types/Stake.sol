// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title Stake: a provider's provision to one service, and what others delegated to it

/// @param tokens All LAT (wei) of the provider's own provision, thawing included. Slashable in full.
/// @param exposure LAT locked as collateral of open jobs; never above own and delegated LAT together.
/// @param thawingUntil Unix seconds at which `thawing` may be withdrawn; zero when nothing thaws.
/// @param thawing The part of `tokens` on its way out: not available for new locks, still slashable.
struct Provision {
    uint96 tokens;
    uint96 exposure;
    uint64 thawingUntil;
    uint96 thawing;
}

/// @param tokens All LAT (wei) of the pool, thawing included. Slashable in full.
/// @param shares All shares of the pool, thawing included.
/// @param thawingShares The part of `shares` on its way out.
/// @param generation How many pools of this pair a slash has emptied; their shares are void.
/// @param open Delegations are taken.
struct DelegationPool {
    uint96 tokens;
    uint128 shares;
    uint128 thawingShares;
    uint32 generation;
    bool open;
}

/// @param shares All shares of the delegator, thawing included.
/// @param thawing The part of `shares` on its way out.
/// @param thawingUntil Unix seconds at which `thawing` may be withdrawn; zero when nothing thaws.
struct Delegation {
    uint128 shares;
    uint128 thawing;
    uint64 thawingUntil;
}

/// @notice One payee of slashed LAT.
struct SlashLeg {
    address recipient;
    uint96 amount;
}
