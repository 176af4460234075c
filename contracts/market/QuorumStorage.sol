// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {QuorumState} from "../types/Quorum.sol";

/// @notice Second slot of a job: where it stands, and what each member has done. Bit i of a mask is member i.
/// @param size Members drawn; zero while Posted.
/// @param winner A member that gave the majority's answer; means something when Settled.
/// @param declined Members that gave their place back.
/// @param committed Members that committed.
/// @param revealed Members that revealed.
struct QuorumStatus {
    QuorumState state;
    uint8 attempt;
    uint8 size;
    uint8 winner;
    uint40 deadline;
    uint40 drawEpoch;
    uint32 protocolFeePpm;
    uint16 declined;
    uint16 committed;
    uint16 revealed;
}

/// @notice Two slots: who, and its answer. A later round writes over an earlier one; the masks say what counts.
struct StoredMember {
    address provider;
    uint96 price;
    bytes32 answer;
}

/// @param members By position, below `status.size`.
struct StoredQuorum {
    bytes32 orderHash;
    QuorumStatus status;
    mapping(uint256 position => StoredMember member) members;
}

/// @custom:storage-location erc7201:lattice.storage.QuorumMarket
/// @param jobCount Jobs posted; the id of the latest.
/// @param jobs By id, from 1.
struct Quorums {
    uint64 jobCount;
    mapping(uint256 jobId => StoredQuorum job) jobs;
}

/// @title QuorumStorage: where the market's redundant jobs lie
library QuorumStorage {
    // keccak256(abi.encode(uint256(keccak256("lattice.storage.QuorumMarket")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_SLOT = 0xd093ddae498d6a463a4e2b2c54da30494bdd3baa28e62381821f336ce9f3f800;

    function load() internal pure returns (Quorums storage $) {
        assembly ("memory-safe") {
            $.slot := STORAGE_SLOT
        }
    }
}
