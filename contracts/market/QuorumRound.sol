// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IQuorumMarket} from "../interfaces/IQuorumMarket.sol";
import {Order} from "../types/Order.sol";
import {QuorumState} from "../types/Quorum.sol";
import {QuorumBase} from "./QuorumBase.sol";
import {QuorumStatus, StoredMember, StoredQuorum} from "./QuorumStorage.sol";

/// @title QuorumRound: what members do in a round
abstract contract QuorumRound is QuorumBase {
    // Members

    /// @inheritdoc IQuorumMarket
    function commit(uint256 jobId, Order calldata order, bytes32 commitment) external {
        (StoredQuorum storage job, QuorumStatus memory status) = _jobIn(jobId, order, QuorumState.Committing);
        if (commitment == bytes32(0)) revert QuorumMarketZeroCommitment();
        (uint16 mask, StoredMember storage member) = _unansweredIn(jobId, job, status);
        status.committed |= mask;
        member.answer = commitment;
        emit AnswerCommitted(jobId, msg.sender, commitment);
        _turnWhenAnswered(jobId, order, status);
        _save(job, status);
    }

    /// @inheritdoc IQuorumMarket
    function decline(uint256 jobId, Order calldata order) external {
        (StoredQuorum storage job, QuorumStatus memory status) = _jobIn(jobId, order, QuorumState.Committing);
        (uint16 mask, ) = _unansweredIn(jobId, job, status);
        status.declined |= mask;
        emit MemberDeclined(jobId, msg.sender);
        if (_isMajority(status.size - _sizeOf(status.declined), status.size)) {
            _turnWhenAnswered(jobId, order, status);
            _save(job, status);
        } else {
            _redrawOrRefund(jobId, order, job, status);
            _freeOthers(order, job, status);
        }
        VAULT.unlock(address(REGISTRY), msg.sender, order.collateral);
    }

    /// @inheritdoc IQuorumMarket
    function reveal(
        uint256 jobId,
        Order calldata order,
        bytes32 outputCommitment,
        bytes32 outputDigest,
        bytes32 salt
    ) external {
        (StoredQuorum storage job, QuorumStatus memory status) = _jobIn(jobId, order, QuorumState.Revealing);
        _requireBefore(jobId, status.deadline);
        (uint16 mask, StoredMember storage member) = _callerIn(jobId, job, status.size);
        if (status.committed & ~status.revealed & mask == 0) revert QuorumMarketNothingToReveal(jobId, msg.sender);
        bytes32 committed = member.answer;
        bytes32 opened = answerCommitment(jobId, status.attempt, msg.sender, outputCommitment, salt);
        if (opened != committed) revert QuorumMarketCommitmentMismatch(jobId, msg.sender, committed, opened);
        if (outputCommitment == bytes32(0)) revert QuorumMarketZeroCommitment();

        status.revealed |= mask;
        member.answer = outputCommitment;
        _save(job, status);
        emit AnswerRevealed(jobId, msg.sender, outputCommitment, outputDigest);
    }

    // Views

    /// @inheritdoc IQuorumMarket
    function answerCommitment(
        uint256 jobId,
        uint256 attempt,
        address provider,
        bytes32 outputCommitment,
        bytes32 salt
    ) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), jobId, attempt, provider, outputCommitment, salt));
    }

    // Internals

    /// @dev The caller, who must be a member that has neither committed nor declined.
    function _unansweredIn(
        uint256 jobId,
        StoredQuorum storage job,
        QuorumStatus memory status
    ) private view returns (uint16 mask, StoredMember storage member) {
        (mask, member) = _callerIn(jobId, job, status.size);
        if ((status.committed | status.declined) & mask != 0) {
            revert QuorumMarketAlreadyAnswered(jobId, msg.sender);
        }
    }

    /// @dev Nothing is left to wait for when every member has answered: reveals begin now.
    function _turnWhenAnswered(uint256 jobId, Order calldata order, QuorumStatus memory status) private {
        if (_sizeOf(status.committed | status.declined) < status.size) return;
        status.state = QuorumState.Revealing;
        status.deadline = _deadlineIn(order.proveSeconds);
        emit RevealStarted(jobId, status.deadline);
    }

    /// @dev Frees all members that have not declined: nobody has missed anything yet.
    function _freeOthers(Order calldata order, StoredQuorum storage job, QuorumStatus memory status) private {
        for (uint256 i = 0; i < status.size; ++i) {
            if (_has(status.declined, i)) continue;
            VAULT.unlock(address(REGISTRY), job.members[i].provider, order.collateral);
        }
    }
}
