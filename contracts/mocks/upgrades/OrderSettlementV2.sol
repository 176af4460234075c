// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IAttestationGate} from "../../interfaces/IAttestationGate.sol";
import {ICommittees} from "../../interfaces/ICommittees.sol";
import {IDisputeHolds} from "../../interfaces/IDisputeHolds.sol";
import {MarketPeers} from "../../market/MarketBase.sol";
import {OrderSettlement} from "../../market/OrderSettlement.sol";
import {Settlements} from "../../market/SettlementStorage.sol";

/// @title OrderSettlementV2: a later OrderSettlement, to rehearse upgrades with
/// @dev One variable more, after all that the present one stores.
contract OrderSettlementV2 is OrderSettlement {
    /// @custom:storage-location erc7201:lattice.storage.OrderSettlement
    struct StorageV2 {
        Settlements released;
        bytes32 note;
    }

    bytes32 private constant STORAGE_SLOT = 0x0226bb6a05532c83459b8f075338568683b0e0d3436a4be9d4f99af2c5255100;

    constructor(
        MarketPeers memory peers,
        ICommittees committees,
        IAttestationGate gate,
        IDisputeHolds disputes
    ) OrderSettlement(peers, committees, gate, disputes) {}

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
