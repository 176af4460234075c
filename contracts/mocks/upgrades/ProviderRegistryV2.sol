// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IProtocolParameters} from "../../interfaces/IProtocolParameters.sol";
import {IStakeVault} from "../../interfaces/IStakeVault.sol";
import {ProviderRegistry} from "../../registry/ProviderRegistry.sol";

/// @title ProviderRegistryV2: a later ProviderRegistry, to rehearse upgrades with
/// @dev One variable more, after all that the present one stores.
contract ProviderRegistryV2 is ProviderRegistry {
    /// @custom:storage-location erc7201:lattice.storage.ProviderRegistry
    struct StorageV2 {
        RegistryStorage released;
        bytes32 note;
    }

    bytes32 private constant STORAGE_SLOT = 0x61edd579e924fa2623d6a155ffe201df8c5c130aaf5e1914b713a547c4f32400;

    constructor(
        IStakeVault vault,
        IProtocolParameters parameters,
        address delegationPayout
    ) ProviderRegistry(vault, parameters, delegationPayout) {}

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
