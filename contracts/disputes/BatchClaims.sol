// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IClaimReader} from "../interfaces/IClaimReader.sol";
import {IOrderSettlement} from "../interfaces/IOrderSettlement.sol";
import {JobsRoot} from "../libraries/JobsRoot.sol";
import {OrderHash} from "../libraries/OrderHash.sol";
import {BatchJob} from "../types/Batch.sol";
import {DisputedResult} from "../types/Dispute.sol";

/// @title BatchClaims: bonded results of OrderSettlement
/// @notice A claim is one job of a claimed batch: abi.encode(BatchJob). Its record is that of the batch as it stands now:
/// after another job was taken out, the same with one job, and that order's collateral, less. An order is settled once, so
/// its hash names the result; a root belongs to one batch, so it names what is held.
/// The item's output commitment is the root of the output tensor, its digest the trace root. All jobs of a batch can be
/// challenged until it can be released.
contract BatchClaims is IClaimReader {
    /// @notice There is no open batch with this record, or no such job in it.
    error BatchClaimsUnknownJob(bytes32 batchId, bytes32 orderHash);
    /// @notice Orders that are settled in batches are signed after their input was handed over.
    error BatchClaimsNoInput();

    /// @inheritdoc IClaimReader
    function identify(
        address,
        bytes calldata claim
    ) external pure returns (bytes32 subject, bytes32 hold, address provider) {
        BatchJob calldata job = _jobOf(claim);
        return (OrderHash.hash(job.order), job.record.jobsRoot, job.record.provider);
    }

    /// @inheritdoc IClaimReader
    function read(address market, bytes calldata claim) external view returns (DisputedResult memory result) {
        BatchJob calldata job = _jobOf(claim);
        bytes32 orderHash = OrderHash.hash(job.order);
        bytes32 batchId = keccak256(abi.encode(job.record));
        if (!_isUnderRoot(job, orderHash) || !IOrderSettlement(market).isOpen(batchId)) {
            revert BatchClaimsUnknownJob(batchId, orderHash);
        }
        result.subject = orderHash;
        result.hold = job.record.jobsRoot;
        result.provider = job.record.provider;
        result.requester = job.order.requester;
        result.modelVersion = job.order.modelVersion;
        result.inputRoot = job.order.inputCommitment;
        result.outputRoot = job.outputCommitment;
        result.traceRoot = job.outputDigest;
        result.challengeableUntil = job.record.releaseAt;
    }

    /// @inheritdoc IClaimReader
    function punishment(address, bytes calldata claim, address reporter) external pure returns (bytes memory call) {
        return abi.encodeCall(IOrderSettlement.punish, (_jobOf(claim), reporter));
    }

    /// @inheritdoc IClaimReader
    function readInput(address, bytes calldata) external pure returns (bytes32, bytes32, address, bytes32, uint256) {
        revert BatchClaimsNoInput();
    }

    /// @inheritdoc IClaimReader
    function inputOutcome(address, bytes calldata, bool, uint256) external pure returns (bytes memory) {
        revert BatchClaimsNoInput();
    }

    function _isUnderRoot(BatchJob calldata job, bytes32 orderHash) private pure returns (bool) {
        return
            JobsRoot.contains(
                job.record.jobsRoot,
                orderHash,
                job.outputCommitment,
                job.outputDigest,
                job.index,
                job.jobs,
                job.proof
            );
    }

    /// @dev The encoding of a single dynamic member begins with where it lies.
    function _jobOf(bytes calldata claim) private pure returns (BatchJob calldata job) {
        uint256 offset = uint256(bytes32(claim[:32]));
        bytes calldata encoded = claim[offset:];
        assembly ("memory-safe") {
            job := encoded.offset
        }
    }
}
