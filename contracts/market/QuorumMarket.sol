// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IQuorumMarket} from "../interfaces/IQuorumMarket.sol";
import {OrderHash} from "../libraries/OrderHash.sol";
import {Order} from "../types/Order.sol";
import {QuorumJob, QuorumMember, QuorumState} from "../types/Quorum.sol";
import {MarketBase, MarketPeers} from "./MarketBase.sol";
import {QuorumOutcome} from "./QuorumOutcome.sol";
import {QuorumPosting} from "./QuorumPosting.sol";
import {QuorumRound} from "./QuorumRound.sol";
import {QuorumStatus, QuorumStorage, StoredMember, StoredQuorum} from "./QuorumStorage.sol";

/// @title QuorumMarket: several drawn providers answer one order, and a strict majority is paid
/// @notice See IQuorumMarket, which says what the tier promises: agreement, not correctness.
/// @dev Its peers are fixed in its code, so their calls return to no one else; state changes before every call all the
/// same.
contract QuorumMarket is QuorumPosting, QuorumRound, QuorumOutcome {
    /// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
    constructor(MarketPeers memory peers) MarketBase(peers) {}

    // Views

    /// @inheritdoc IQuorumMarket
    function jobOf(uint256 jobId) external view returns (QuorumJob memory) {
        StoredQuorum storage job = QuorumStorage.load().jobs[jobId];
        QuorumStatus memory status = job.status;
        bool settled = status.state == QuorumState.Settled;
        return
            QuorumJob({
                orderHash: job.orderHash,
                state: status.state,
                attempt: status.attempt,
                deadline: status.deadline,
                drawEpoch: status.drawEpoch,
                protocolFeePpm: status.protocolFeePpm,
                outputCommitment: settled ? job.members[status.winner].answer : bytes32(0),
                members: _membersOf(job, status)
            });
    }

    /// @inheritdoc IQuorumMarket
    function jobCount() external view returns (uint256) {
        return QuorumStorage.load().jobCount;
    }

    /// @inheritdoc IQuorumMarket
    function hashOrder(Order calldata order) external pure returns (bytes32) {
        return OrderHash.hash(order);
    }

    // Internals

    function _membersOf(
        StoredQuorum storage job,
        QuorumStatus memory status
    ) private view returns (QuorumMember[] memory members) {
        members = new QuorumMember[](status.size);
        for (uint256 i = 0; i < members.length; ++i) {
            StoredMember storage stored = job.members[i];
            bool committed = _has(status.committed, i);
            members[i] = QuorumMember({
                provider: stored.provider,
                price: stored.price,
                declined: _has(status.declined, i),
                committed: committed,
                revealed: _has(status.revealed, i),
                answer: committed ? stored.answer : bytes32(0)
            });
        }
    }

    function _domainName() internal pure override returns (string memory) {
        return "Lattice QuorumMarket";
    }
}
