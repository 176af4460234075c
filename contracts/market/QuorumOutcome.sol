// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {IQuorumMarket} from "../interfaces/IQuorumMarket.sol";
import {FeeSplit} from "../libraries/FeeSplit.sol";
import {ModelTerms} from "../types/Model.sol";
import {Order, Tier} from "../types/Order.sol";
import {Legs} from "../types/Payment.sol";
import {QuorumFault, QuorumState} from "../types/Quorum.sol";
import {QuorumBase} from "./QuorumBase.sol";
import {QuorumStatus, StoredMember, StoredQuorum} from "./QuorumStorage.sol";

/// @title QuorumOutcome: how a round is counted, paid and punished
/// @dev Every loop is over members, of whom there are at most nine (LIV-3).
abstract contract QuorumOutcome is QuorumBase {
    /// @dev Tiers that only integer graphs have, whose results are the same on every machine.
    uint8 private constant EXACT_TIERS = uint8((1 << uint8(Tier.Zk)) | (1 << uint8(Tier.Optimistic)));

    /// @param winners Mask of the members whose answer more than half of all members gave; zero when no answer has that.
    /// @param votes How many they are.
    /// @param first Lowest position among them.
    struct Count {
        StoredMember[] members;
        uint256 winners;
        uint256 votes;
        uint256 first;
    }

    // Anyone

    /// @inheritdoc IQuorumMarket
    function finalise(uint256 jobId, Order calldata order) external {
        (StoredQuorum storage job, QuorumStatus memory status) = _jobIn(jobId, order, QuorumState.Revealing);
        // With every commitment revealed there is nothing to wait for.
        if (status.revealed != status.committed) _requireReached(jobId, status.deadline);
        Count memory count = _countOf(job, status);

        uint256 liars;
        if (count.votes == 0) {
            _redrawOrRefund(jobId, order, job, status);
        } else {
            ModelTerms memory terms = MODELS.termsOf(order.modelVersion);
            if (terms.tiers & EXACT_TIERS != 0) liars = status.revealed & ~count.winners;
            _settle(job, status, count.first);
            _pay(jobId, order, status.protocolFeePpm, count, terms);
        }
        _releaseAll(jobId, order, status, count.members, liars);
    }

    // Count

    function _countOf(StoredQuorum storage job, QuorumStatus memory status) private view returns (Count memory count) {
        StoredMember[] memory members = new StoredMember[](status.size);
        for (uint256 i = 0; i < members.length; ++i) members[i] = job.members[i];
        count.members = members;
        for (uint256 i = 0; i < members.length; ++i) {
            if (!_has(status.revealed, i)) continue;
            uint256 agreeing = _agreeingWith(members, status.revealed, members[i].answer);
            uint256 votes = _sizeOf(agreeing);
            if (!_isMajority(votes, members.length)) continue;
            (count.winners, count.votes, count.first) = (agreeing, votes, i);
            break;
        }
    }

    function _agreeingWith(
        StoredMember[] memory members,
        uint256 revealed,
        bytes32 answer
    ) private pure returns (uint256 agreeing) {
        for (uint256 i = 0; i < members.length; ++i) {
            if (_has(revealed, i) && members[i].answer == answer) agreeing |= 1 << i;
        }
    }

    // Payments

    function _settle(StoredQuorum storage job, QuorumStatus memory status, uint256 winner) private {
        status.state = QuorumState.Settled;
        status.deadline = 0;
        // Fits: a position below nine.
        status.winner = uint8(winner);
        _save(job, status);
    }

    /// @dev Pays each winner its ask; all else of what is locked returns to the payer (PAY-2).
    function _pay(
        uint256 jobId,
        Order calldata order,
        uint256 protocolFeePpm,
        Count memory count,
        ModelTerms memory terms
    ) private {
        uint256 votes = count.votes;
        IPaymentEscrow.Leg[] memory payments = new IPaymentEscrow.Leg[](votes + 3);
        Legs memory sum = _payWinners(order.maxPrice, protocolFeePpm, count, terms.royaltyPpm, payments);
        payments[votes] = _earned(terms.royaltyRecipient, sum.publisher);
        payments[votes + 1] = _earned(TREASURY, sum.fee);
        payments[votes + 2] = IPaymentEscrow.Leg({recipient: _payerOf(order), amount: sum.refund, toDeposit: true});
        emit QuorumSettled(jobId, order.requester, count.members[count.first].answer, votes, sum);
        ESCROW.pay(order.paymentToken, payments);
    }

    /// @dev Writes the winners' own legs to `payments`, and returns the sums over them. They fit: nine legs of 96 bits.
    function _payWinners(
        uint256 maxPrice,
        uint256 protocolFeePpm,
        Count memory count,
        uint256 royaltyPpm,
        IPaymentEscrow.Leg[] memory payments
    ) private view returns (Legs memory sum) {
        uint256 paid;
        for (uint256 i = 0; i < count.members.length; ++i) {
            if (!_has(count.winners, i)) {
                sum.refund += uint128(maxPrice);
                continue;
            }
            StoredMember memory member = count.members[i];
            Legs memory legs = FeeSplit.split(member.price, maxPrice, royaltyPpm, protocolFeePpm);
            payments[paid++] = _earned(REGISTRY.payoutOf(member.provider), legs.provider);
            sum.provider += legs.provider;
            sum.publisher += legs.publisher;
            sum.fee += legs.fee;
            sum.refund += legs.refund;
        }
    }

    function _earned(address recipient, uint128 amount) private pure returns (IPaymentEscrow.Leg memory) {
        return IPaymentEscrow.Leg({recipient: recipient, amount: amount, toDeposit: false});
    }

    // Collateral

    /// @dev Slashes who was absent or lied, and frees the others. A market that the registry no longer lets slash must
    /// still return what is locked (LIV-1).
    function _releaseAll(
        uint256 jobId,
        Order calldata order,
        QuorumStatus memory status,
        StoredMember[] memory members,
        uint256 liars
    ) private {
        bool slashable = VAULT.isModule(address(REGISTRY), address(this));
        // A round that ended before its reveals asked nothing more of those who committed.
        bool revealable = _isMajority(_sizeOf(status.committed), members.length);
        uint256 dutiful = (revealable ? status.revealed : status.committed) & ~liars;
        for (uint256 i = 0; i < members.length; ++i) {
            if (_has(status.declined, i)) continue;
            address provider = members[i].provider;
            if (!slashable || _has(dutiful, i)) VAULT.unlock(address(REGISTRY), provider, order.collateral);
            else _slash(jobId, order, provider, _faultOf(status, i));
        }
    }

    function _faultOf(QuorumStatus memory status, uint256 position) private pure returns (QuorumFault) {
        if (!_has(status.committed, position)) return QuorumFault.NotCommitted;
        return _has(status.revealed, position) ? QuorumFault.Contradicted : QuorumFault.NotRevealed;
    }

    function _slash(uint256 jobId, Order calldata order, address provider, QuorumFault fault) private {
        uint256 slashed = VAULT.slash(
            address(REGISTRY),
            provider,
            order.collateral,
            order.collateral,
            _slashLegs(order.requester, provider, order.collateral, msg.sender)
        );
        emit MemberSlashed(jobId, provider, msg.sender, fault, slashed);
    }
}
