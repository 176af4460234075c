// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IDisputeHolds} from "../../interfaces/IDisputeHolds.sol";
import {JobMarket} from "../../market/JobMarket.sol";
import {Jobs} from "../../market/JobStorage.sol";
import {MarketPeers} from "../../market/MarketBase.sol";

/// @title JobMarketV2: a later JobMarket, to rehearse upgrades with
/// @dev One variable more, after all that the present one stores.
contract JobMarketV2 is JobMarket {
    /// @custom:storage-location erc7201:lattice.storage.JobMarket
    struct StorageV2 {
        Jobs released;
        bytes32 note;
    }

    bytes32 private constant STORAGE_SLOT = 0x0911a2c8d86c855a96c9e128b9ebb024793b90a6ff9760c8f1f42ed3a09a4900;

    constructor(MarketPeers memory peers, IDisputeHolds disputes) JobMarket(peers, disputes) {}

    function initializeV2(bytes32 noteText) external reinitializer(2) {
        _storageV2().note = noteText;
    }

    function note() external view returns (bytes32) {
        return _storageV2().note;
    }

    function _storageV2() private pure returns (StorageV2 storage $) {
        assembly ("memory-safe") {
            $.slot := STORAGE_SLOT
        }
    }
}
