// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IEAS: the part of the Ethereum Attestation Service that is read here
interface IEAS {
    /// @param uid Id of the attestation; zero when there is none.
    /// @param schema Id of the schema that `data` follows.
    /// @param time Unix seconds at which it was made.
    /// @param expirationTime Unix seconds from which it no longer counts; zero when it never ends.
    /// @param revocationTime Unix seconds at which it was revoked; zero when it was not.
    /// @param refUID Another attestation that it refers to.
    /// @param recipient Whom it is about.
    /// @param attester Who made it.
    /// @param revocable Whether its attester may revoke it.
    /// @param data What it says.
    struct Attestation {
        bytes32 uid;
        bytes32 schema;
        uint64 time;
        uint64 expirationTime;
        uint64 revocationTime;
        bytes32 refUID;
        address recipient;
        address attester;
        bool revocable;
        bytes data;
    }

    /// @notice The attestation of that id; all zero when there is none.
    function getAttestation(bytes32 uid) external view returns (Attestation memory);
}
