// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IClaimReader} from "../interfaces/IClaimReader.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {OrderHash} from "../libraries/OrderHash.sol";
import {DisputedResult} from "../types/Dispute.sol";
import {Job, JobState} from "../types/Job.sol";
import {Order, Tier} from "../types/Order.sol";

/// @title JobClaims: bonded results of JobMarket
/// @notice A claim is the order: abi.encode(Order), 640 bytes. Its hash is the job's id, so it names one job and no other.
/// The result's commitment is its trace root; the order's input commitment is the root of the input tensor.
contract JobClaims is IClaimReader {
    /// @dev Twenty members, each in one word.
    uint256 private constant CLAIM_BYTES = 20 * 32;

    /// @notice A claim is one order.
    error JobClaimsInvalidClaim(uint256 length, uint256 expected);
    /// @notice The job has no bonded result that is open, or does not wait for its input.
    error JobClaimsWrongState(uint256 jobId, JobState state);

    /// @inheritdoc IClaimReader
    function identify(
        address market,
        bytes calldata claim
    ) external view returns (bytes32 subject, bytes32 hold, address provider) {
        (, uint256 jobId, Job memory job) = _jobOf(market, claim);
        return (bytes32(jobId), bytes32(jobId), job.provider);
    }

    /// @inheritdoc IClaimReader
    function read(address market, bytes calldata claim) external view returns (DisputedResult memory result) {
        (Order calldata order, uint256 jobId, Job memory job) = _jobOf(market, claim);
        if (job.state != JobState.Challengeable) revert JobClaimsWrongState(jobId, job.state);
        result.subject = bytes32(jobId);
        result.hold = bytes32(jobId);
        result.provider = job.provider;
        result.requester = order.requester;
        result.modelVersion = order.modelVersion;
        result.inputRoot = order.inputCommitment;
        result.traceRoot = job.outputCommitment;
        result.challengeableUntil = job.deadline;
    }

    /// @inheritdoc IClaimReader
    function punishment(address, bytes calldata claim, address reporter) external pure returns (bytes memory call) {
        return abi.encodeCall(IJobMarket.punish, (_orderOf(claim), reporter));
    }

    /// @inheritdoc IClaimReader
    function readInput(
        address market,
        bytes calldata claim
    ) external view returns (bytes32 subject, bytes32 hold, address provider, bytes32 inputRoot, uint256 dueAt) {
        (Order calldata order, uint256 jobId, Job memory job) = _jobOf(market, claim);
        if (job.state != JobState.Assigned || order.tier != Tier.Optimistic) {
            revert JobClaimsWrongState(jobId, job.state);
        }
        return (bytes32(jobId), bytes32(jobId), job.provider, order.inputCommitment, job.deadline);
    }

    /// @inheritdoc IClaimReader
    function inputOutcome(
        address,
        bytes calldata claim,
        bool published,
        uint256 demandedAt
    ) external pure returns (bytes memory call) {
        return abi.encodeCall(IJobMarket.concludeInput, (_orderOf(claim), published, demandedAt));
    }

    function _jobOf(
        address market,
        bytes calldata claim
    ) private view returns (Order calldata order, uint256 jobId, Job memory job) {
        order = _orderOf(claim);
        jobId = uint256(OrderHash.hash(order));
        job = IJobMarket(market).jobOf(jobId);
    }

    /// @dev All members are static, so the claim is the order as it lies in calldata.
    function _orderOf(bytes calldata claim) private pure returns (Order calldata order) {
        if (claim.length != CLAIM_BYTES) revert JobClaimsInvalidClaim(claim.length, CLAIM_BYTES);
        assembly ("memory-safe") {
            order := claim.offset
        }
    }
}
