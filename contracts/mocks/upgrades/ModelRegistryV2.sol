// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IProtocolParameters} from "../../interfaces/IProtocolParameters.sol";
import {IVerifierRouter} from "../../interfaces/IVerifierRouter.sol";
import {ModelRegistry} from "../../registry/ModelRegistry.sol";

/// @title ModelRegistryV2: a later ModelRegistry, to rehearse upgrades with
/// @dev One variable more, after all that the present one stores.
contract ModelRegistryV2 is ModelRegistry {
    /// @custom:storage-location erc7201:lattice.storage.ModelRegistry
    struct StorageV2 {
        RegistryStorage released;
        bytes32 note;
    }

    bytes32 private constant STORAGE_SLOT = 0x14e7322284f6a5d824cda58b78ea301e0cc80a78c82df486496950d804703200;

    constructor(IProtocolParameters parameters, IVerifierRouter router) ModelRegistry(parameters, router) {}

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
