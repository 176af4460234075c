// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title Stake: a provider's provision to one service

/// @param tokens All LAT (wei) of the provision, thawing included. Slashable in full.
/// @param exposure LAT locked as collateral of open jobs; never above `tokens`.
/// @param thawingUntil Unix seconds at which `thawing` may be withdrawn; zero when nothing thaws.
/// @param thawing The part of `tokens` on its way out: not available for new locks, still slashable.
struct Provision {
    uint96 tokens;
    uint96 exposure;
    uint64 thawingUntil;
    uint96 thawing;
}

/// @notice One payee of slashed LAT.
struct SlashLeg {
    address recipient;
    uint96 amount;
}
