// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title ProviderTypes: what a provider says of itself, and its offers

/// @notice What a provider says it can run. Self-declared; attestations confirm it elsewhere.
/// @param accelerator Bit mask: 1 CPU, 2 CUDA, 4 ROCm, 8 WebGPU, 16 CoreML, 32 DirectML.
/// @param memoryMiB Memory available to a run, MiB.
/// @param maxTensorBytes Largest tensor it accepts, bytes.
/// @param tiers Bit mask of tiers it serves: bit i is Tier(i).
/// @param maxCollateral Most LAT (wei) that it stakes on one job; orders that ask for more pass it by.
struct Capabilities {
    uint16 accelerator;
    uint32 memoryMiB;
    uint64 maxTensorBytes;
    uint8 tiers;
    uint96 maxCollateral;
}

/// @param registered True from registration on.
/// @param draining The provider asked for no new work.
/// @param jailed The protocol takes the provider out of new work until governance frees it.
/// @param payout Receives earnings. It lies with the flags, in the slot that a market reads when it pays.
/// @param capabilities As declared last.
/// @param blsKeyHash keccak256 of the registered BLS public key (256 bytes, EIP-2537 encoding).
/// @param endpoint URI under which requesters reach the provider.
struct Provider {
    bool registered;
    bool draining;
    bool jailed;
    address payout;
    Capabilities capabilities;
    bytes32 blsKeyHash;
    string endpoint;
}

/// @notice On which terms a provider takes delegations.
/// @param clone Shares its earnings with delegators; zero before it opened its pool for the first time.
/// @param open New delegations are taken.
/// @param active Earnings go to `clone`: the pool is open, or delegators are left.
/// @param ownPayout The payout that the provider declared, while `active`.
/// @param cutPpm Millionths of its earnings that the provider keeps before `nextCutFrom`.
/// @param nextCutPpm The same from then on.
/// @param nextCutFrom Unix seconds.
struct DelegationTerms {
    address clone;
    bool open;
    bool active;
    address ownPayout;
    uint32 cutPpm;
    uint32 nextCutPpm;
    uint64 nextCutFrom;
}
