// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {JobState} from "../types/Job.sol";

/// @notice First slot of a job: who does it, and where it stands. Field meanings are those of Job.
struct JobStatus {
    address provider;
    JobState state;
    uint8 attempt;
    uint40 deadline;
    uint40 drawEpoch;
}

/// @notice Second slot of a job: its price and the fee rate fixed when a provider took it. Field meanings are those of Job.
struct JobPrice {
    uint96 price;
    uint32 protocolFeePpm;
}

/// @notice The three slots of a job, grouped so that each is read and written whole.
struct StoredJob {
    JobStatus status;
    JobPrice price;
    bytes32 outputCommitment;
}

/// @custom:storage-location erc7201:lattice.storage.JobMarket
/// @param jobs By the hash of their order.
struct Jobs {
    mapping(uint256 jobId => StoredJob job) jobs;
}

/// @title JobStorage: where the market's jobs lie
library JobStorage {
    // keccak256(abi.encode(uint256(keccak256("lattice.storage.JobMarket")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_SLOT = 0x0911a2c8d86c855a96c9e128b9ebb024793b90a6ff9760c8f1f42ed3a09a4900;

    function load() internal pure returns (Jobs storage $) {
        assembly ("memory-safe") {
            $.slot := STORAGE_SLOT
        }
    }
}
