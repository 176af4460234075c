// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {OrderHash} from "../libraries/OrderHash.sol";
import {Job} from "../types/Job.sol";
import {Order} from "../types/Order.sol";
import {JobAssignment} from "./JobAssignment.sol";
import {JobBase, MarketPeers} from "./JobBase.sol";
import {JobExecution} from "./JobExecution.sol";
import {JobPosting} from "./JobPosting.sol";
import {JobSettlement} from "./JobSettlement.sol";
import {JobStatus, JobPrice, JobStorage, StoredJob} from "./JobStorage.sol";

/// @title JobMarket: orders become jobs, jobs become results, results are paid
/// @notice See IJobMarket.
/// @dev Holds no funds: payments lie in the escrow and collateral in the vault, both of which let the market move only
/// what it locked itself. Its peers are fixed in its code, so their calls return to no one else; state changes
/// before every call all the same. The new-work pause reaches `post` and `accept`, nothing that ends a job.
contract JobMarket is
    JobPosting,
    JobAssignment,
    JobExecution,
    JobSettlement,
    AccessManagedUpgradeable,
    UUPSUpgradeable
{
    /// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
    constructor(MarketPeers memory peers) JobBase(peers) {
        _disableInitializers();
    }

    /// @param accessManager Holder of every role.
    function initialize(address accessManager) external initializer {
        __AccessManaged_init(accessManager);
    }

    // Governance

    /// @inheritdoc IJobMarket
    function setPaymentToken(address token, bool allowed) external restricted {
        JobStorage.load().paymentTokens[token] = allowed;
        emit PaymentTokenSet(token, allowed);
    }

    /// @inheritdoc IJobMarket
    function setNewWorkPaused(bool paused) external restricted {
        JobStorage.load().newWorkPaused = paused;
        emit NewWorkPaused(paused);
    }

    // Views

    /// @inheritdoc IJobMarket
    function jobOf(uint256 jobId) external view returns (Job memory) {
        StoredJob storage job = JobStorage.load().jobs[jobId];
        JobStatus memory status = job.status;
        JobPrice memory price = job.price;
        return
            Job({
                orderHash: job.orderHash,
                provider: status.provider,
                state: status.state,
                attempt: status.attempt,
                deadline: status.deadline,
                drawEpoch: status.drawEpoch,
                price: price.price,
                protocolFeePpm: price.protocolFeePpm,
                burnSharePpm: price.burnSharePpm,
                outputCommitment: job.outputCommitment
            });
    }

    /// @inheritdoc IJobMarket
    function jobCount() external view returns (uint256) {
        return JobStorage.load().jobCount;
    }

    /// @inheritdoc IJobMarket
    function hashOrder(Order calldata order) external pure returns (bytes32) {
        return OrderHash.hash(order);
    }

    /// @inheritdoc IJobMarket
    function isPaymentTokenAllowed(address token) external view returns (bool) {
        return JobStorage.load().paymentTokens[token];
    }

    /// @inheritdoc IJobMarket
    function isNewWorkPaused() external view returns (bool) {
        return JobStorage.load().newWorkPaused;
    }

    // Internals

    /// @dev Restricted to the timelock.
    function _authorizeUpgrade(address) internal override restricted {}
}
