// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {VerifierRouter} from "../../verification/VerifierRouter.sol";

/// @title VerifierRouterV2: a later VerifierRouter, to rehearse upgrades with
/// @dev One variable more, after all that the present one stores.
contract VerifierRouterV2 is VerifierRouter {
    /// @custom:storage-location erc7201:lattice.storage.VerifierRouter
    struct StorageV2 {
        RouterStorage released;
        bytes32 note;
    }

    bytes32 private constant STORAGE_SLOT = 0x4dee2ac5fef18da696488bb36d246cc2d25be0366a1b110dc19cdab5c4de5a00;

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
