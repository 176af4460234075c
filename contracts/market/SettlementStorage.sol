// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @custom:storage-location erc7201:lattice.storage.OrderSettlement
/// @param isOpen True for the hash of the record of each batch that was claimed and not released.
struct Settlements {
    mapping(bytes32 batchId => bool) isOpen;
}

/// @title SettlementStorage: where the state of OrderSettlement lies
library SettlementStorage {
    // keccak256(abi.encode(uint256(keccak256("lattice.storage.OrderSettlement")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_SLOT = 0x0226bb6a05532c83459b8f075338568683b0e0d3436a4be9d4f99af2c5255100;

    function load() internal pure returns (Settlements storage $) {
        assembly ("memory-safe") {
            $.slot := STORAGE_SLOT
        }
    }
}
