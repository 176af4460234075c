// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IAttestationGate} from "../../interfaces/IAttestationGate.sol";
import {IDisputeHolds} from "../../interfaces/IDisputeHolds.sol";
import {MarketPeers} from "../../market/MarketBase.sol";
import {Sessions} from "../../market/SessionStorage.sol";
import {VoucherSettlement} from "../../market/VoucherSettlement.sol";

/// @title VoucherSettlementV2: a later VoucherSettlement, to rehearse upgrades with
/// @dev One variable more, after all that the present one stores.
contract VoucherSettlementV2 is VoucherSettlement {
    /// @custom:storage-location erc7201:lattice.storage.VoucherSettlement
    struct StorageV2 {
        Sessions released;
        bytes32 note;
    }

    bytes32 private constant STORAGE_SLOT = 0x46d299e4ed6888c0359d78410a4f581aa29b9be83d3a70e61fd2a25043c64a00;

    constructor(
        MarketPeers memory peers,
        IAttestationGate gate,
        IDisputeHolds disputes
    ) VoucherSettlement(peers, gate, disputes) {}

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
