// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IEAS} from "../../interfaces/IEAS.sol";
import {IProviderRegistry} from "../../interfaces/IProviderRegistry.sol";
import {AttestationGate} from "../../registry/AttestationGate.sol";

/// @title AttestationGateV2: a later AttestationGate, to rehearse upgrades with
/// @dev One variable more, after all that the present one stores.
contract AttestationGateV2 is AttestationGate {
    /// @custom:storage-location erc7201:lattice.storage.AttestationGate
    struct StorageV2 {
        GateStorage released;
        bytes32 note;
    }

    bytes32 private constant STORAGE_SLOT = 0x4a609d88f76a0538658cc8c8d4dd683c6bc26fa8e7d689782d4aa2fe66c78b00;

    constructor(IEAS eas, IProviderRegistry registry) AttestationGate(eas, registry) {}

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
