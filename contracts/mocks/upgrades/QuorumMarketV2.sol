// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {MarketPeers} from "../../market/MarketBase.sol";
import {QuorumMarket} from "../../market/QuorumMarket.sol";
import {Quorums} from "../../market/QuorumStorage.sol";

/// @title QuorumMarketV2: a later QuorumMarket, to rehearse upgrades with
/// @dev One variable more, after all that the present one stores.
contract QuorumMarketV2 is QuorumMarket {
    /// @custom:storage-location erc7201:lattice.storage.QuorumMarket
    struct StorageV2 {
        Quorums released;
        bytes32 note;
    }

    bytes32 private constant STORAGE_SLOT = 0xd093ddae498d6a463a4e2b2c54da30494bdd3baa28e62381821f336ce9f3f800;

    constructor(MarketPeers memory peers) QuorumMarket(peers) {}

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
