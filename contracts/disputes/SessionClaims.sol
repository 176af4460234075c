// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IClaimReader} from "../interfaces/IClaimReader.sol";
import {IVoucherSettlement} from "../interfaces/IVoucherSettlement.sol";
import {SessionJobs} from "../libraries/SessionJobs.sol";
import {DisputedResult} from "../types/Dispute.sol";
import {Session, SessionJob} from "../types/Session.sol";

/// @title SessionClaims: bonded results of VoucherSettlement
/// @notice A claim is one job under the voucher that was redeemed last: abi.encode(SessionJob). Its output commitment is the
/// trace root. Which input it was given the lane does not state: a requester signs a voucher once it has checked that the
/// trace begins with its input.
/// A job can be challenged while its session is backed, until `challengeSeconds` after the last redemption. Each voucher's
/// root is over all jobs of the session; a requester that signs one without a job, or with another result of it, has let go
/// of that job, whoever was about to challenge it.
contract SessionClaims is IClaimReader {
    /// @notice The voucher is not the one that was redeemed last, or this job is not under its root.
    error SessionClaimsUnknownJob(bytes32 session, uint64 index);
    /// @notice Jobs of a session are not on-chain before they are done.
    error SessionClaimsNoInput();

    /// @inheritdoc IClaimReader
    function identify(
        address market,
        bytes calldata claim
    ) external view returns (bytes32 subject, bytes32 hold, address provider) {
        SessionJob calldata job = _jobOf(claim);
        bytes32 session = job.voucher.session;
        return (
            SessionJobs.subject(session, job.index),
            session,
            IVoucherSettlement(market).sessionOf(session).provider
        );
    }

    /// @inheritdoc IClaimReader
    /// @dev Of a session that is not backed, any more, nothing new can be challenged; whoever was inquiring still can, and
    /// has its bond back.
    function read(address market, bytes calldata claim) external view returns (DisputedResult memory result) {
        SessionJob calldata job = _jobOf(claim);
        IVoucherSettlement lane = IVoucherSettlement(market);
        bytes32 id = job.voucher.session;
        if (!lane.isRedeemedJob(job.voucher, job.index, job.outputCommitment, job.proof)) {
            revert SessionClaimsUnknownJob(id, job.index);
        }
        Session memory session = lane.sessionOf(id);
        result.subject = SessionJobs.subject(id, job.index);
        result.hold = id;
        result.provider = session.provider;
        result.requester = session.requester;
        result.modelVersion = session.modelVersion;
        result.traceRoot = job.outputCommitment;
        // Unix seconds plus at most 30 days.
        result.challengeableUntil = session.backed ? session.redeemedAt + session.challengeSeconds : 0;
    }

    /// @inheritdoc IClaimReader
    function punishment(
        address market,
        bytes calldata claim,
        address reporter
    ) external view returns (bytes memory call) {
        bytes32 session = _jobOf(claim).voucher.session;
        // Another job of the session was convicted before, and the session ended with it.
        if (!IVoucherSettlement(market).sessionOf(session).backed) return "";
        return abi.encodeCall(IVoucherSettlement.punish, (session, reporter));
    }

    /// @inheritdoc IClaimReader
    function readInput(address, bytes calldata) external pure returns (bytes32, bytes32, address, bytes32, uint256) {
        revert SessionClaimsNoInput();
    }

    /// @inheritdoc IClaimReader
    function inputOutcome(address, bytes calldata, bool, uint256) external pure returns (bytes memory) {
        revert SessionClaimsNoInput();
    }

    /// @dev The encoding of a single dynamic member begins with where it lies.
    function _jobOf(bytes calldata claim) private pure returns (SessionJob calldata job) {
        uint256 offset = uint256(bytes32(claim[:32]));
        bytes calldata encoded = claim[offset:];
        assembly ("memory-safe") {
            job := encoded.offset
        }
    }
}
