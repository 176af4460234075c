// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IDisputeHolds} from "../interfaces/IDisputeHolds.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {OrderHash} from "../libraries/OrderHash.sol";
import {Job} from "../types/Job.sol";
import {Order} from "../types/Order.sol";
import {DisputedLane} from "./DisputedLane.sol";
import {JobExecution} from "./JobExecution.sol";
import {JobFaults} from "./JobFaults.sol";
import {JobPrice, JobStatus, JobStorage, StoredJob} from "./JobStorage.sol";
import {MarketBase, MarketPeers} from "./MarketBase.sol";

/// @title JobMarket: orders become jobs, jobs become results, results are paid
/// @notice See IJobMarket. The lane for single orders, and for contracts that order.
/// @dev Its peers are fixed in its code, so their calls return to no one else; state changes before every call all the
/// same.
contract JobMarket is JobExecution, JobFaults {
    /// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
    constructor(MarketPeers memory peers, IDisputeHolds disputes) MarketBase(peers) DisputedLane(disputes) {}

    // Views

    /// @inheritdoc IJobMarket
    function jobOf(uint256 jobId) external view returns (Job memory) {
        StoredJob storage job = JobStorage.load().jobs[jobId];
        JobStatus memory status = job.status;
        JobPrice memory price = job.price;
        return
            Job({
                provider: status.provider,
                state: status.state,
                attempt: status.attempt,
                deadline: status.deadline,
                drawEpoch: status.drawEpoch,
                price: price.price,
                protocolFeePpm: price.protocolFeePpm,
                outputCommitment: job.outputCommitment
            });
    }

    /// @inheritdoc IJobMarket
    function hashOrder(Order calldata order) external pure returns (bytes32) {
        return OrderHash.hash(order);
    }

    // Internals

    function _domainName() internal pure override returns (string memory) {
        return "Lattice JobMarket";
    }
}
