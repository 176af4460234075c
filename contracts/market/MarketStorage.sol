// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @custom:storage-location erc7201:lattice.storage.Market
/// @param newWorkPaused True while taking orders is stopped.
/// @param openTiers Bit mask of the tiers that are taken: bit i is Tier(i).
/// @param paymentTokens Accepted for new orders.
/// @param nonces Bits of nonces used up or cancelled.
/// @param sponsorships How much more a sponsor pays for a requester.
struct MarketState {
    bool newWorkPaused;
    uint8 openTiers;
    mapping(address token => bool allowed) paymentTokens;
    mapping(address requester => mapping(uint256 word => uint256 bits)) nonces;
    mapping(address sponsor => mapping(address requester => mapping(address token => uint256 amount))) sponsorships;
}

/// @title MarketStorage: where the state that all lanes share lies
library MarketStorage {
    // keccak256(abi.encode(uint256(keccak256("lattice.storage.Market")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_SLOT = 0x14e1aafa6284c6ac03eed47e39cec9af29a40648428b1de39c5a3b3ccdb18600;

    function load() internal pure returns (MarketState storage $) {
        assembly ("memory-safe") {
            $.slot := STORAGE_SLOT
        }
    }
}
