// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IProtocolParameters} from "../../interfaces/IProtocolParameters.sol";
import {IProviderRegistry} from "../../interfaces/IProviderRegistry.sol";
import {IStakeVault} from "../../interfaces/IStakeVault.sol";
import {EpochBeacon} from "../../randomness/EpochBeacon.sol";

/// @title EpochBeaconV2: a later EpochBeacon, to rehearse upgrades with
/// @dev One variable more, after all that the present one stores.
contract EpochBeaconV2 is EpochBeacon {
    /// @custom:storage-location erc7201:lattice.storage.EpochBeacon
    struct StorageV2 {
        BeaconStorage released;
        bytes32 note;
    }

    bytes32 private constant STORAGE_SLOT = 0x33ce2093b5795f0329476e44058f110123bbd67257d9ab5816059ec884825c00;

    constructor(
        IProviderRegistry registry,
        IStakeVault vault,
        IProtocolParameters parameters,
        uint32 fallbackSeconds
    ) EpochBeacon(registry, vault, parameters, fallbackSeconds) {}

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
