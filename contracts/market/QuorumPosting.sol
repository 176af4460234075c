// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IMatchmaker} from "../interfaces/IMatchmaker.sol";
import {IQuorumMarket} from "../interfaces/IQuorumMarket.sol";
import {OrderHash} from "../libraries/OrderHash.sol";
import {AssignmentMode, Order, Tier} from "../types/Order.sol";
import {QuorumState} from "../types/Quorum.sol";
import {QuorumBase} from "./QuorumBase.sol";
import {QuorumStatus, QuorumStorage, Quorums, StoredMember, StoredQuorum} from "./QuorumStorage.sol";

/// @title QuorumPosting: how redundant jobs begin, get their members, and end without them
abstract contract QuorumPosting is QuorumBase {
    // Requester

    /// @inheritdoc IQuorumMarket
    function post(Order calldata order) external returns (uint256 jobId) {
        if (msg.sender != order.requester) revert QuorumMarketNotRequester(order.requester, msg.sender);
        return _post(order, OrderHash.hash(order));
    }

    /// @inheritdoc IQuorumMarket
    function cancel(uint256 jobId, Order calldata order) external {
        (StoredQuorum storage job, QuorumStatus memory status) = _jobIn(jobId, order, QuorumState.Posted);
        if (msg.sender != order.requester) revert QuorumMarketNotRequester(order.requester, msg.sender);
        if (_nextDrawEpoch() > status.drawEpoch) {
            revert QuorumMarketDrawStarted(jobId, status.drawEpoch);
        }
        _refund(jobId, order, job, status.attempt);
    }

    // Anyone

    /// @inheritdoc IQuorumMarket
    function postSigned(Order calldata order, bytes calldata signature) external returns (uint256 jobId) {
        bytes32 orderHash = OrderHash.hash(order);
        _useSignedOrder(order.requester, order.nonce, orderHash, signature);
        return _post(order, orderHash);
    }

    /// @inheritdoc IQuorumMarket
    function refund(uint256 jobId, Order calldata order) external {
        (StoredQuorum storage job, QuorumStatus memory status) = _jobIn(jobId, order, QuorumState.Posted);
        _requireReached(jobId, status.deadline);
        _refund(jobId, order, job, status.attempt);
    }

    /// @inheritdoc IQuorumMarket
    function assign(uint256 jobId, Order calldata order) external {
        (StoredQuorum storage job, QuorumStatus memory status) = _jobIn(jobId, order, QuorumState.Posted);
        _requireBefore(jobId, status.deadline);
        IMatchmaker.Match[] memory found = _draw(jobId, order, status);

        status.state = QuorumState.Committing;
        status.size = order.redundancy;
        status.deadline = _deadlineIn(order.commitSeconds);
        // The fee is fixed now, since members have not agreed to a later one.
        status.protocolFeePpm = PARAMETERS.protocolFeePpm();
        _save(job, status);
        _store(jobId, job, status, found);
        for (uint256 i = 0; i < found.length; ++i) {
            VAULT.lock(address(REGISTRY), found[i].provider, order.collateral);
        }
    }

    // Internals

    function _post(Order calldata order, bytes32 orderHash) private returns (uint256 jobId) {
        _requireOpen(order.tier, order.paymentToken);
        if (order.tier != Tier.Quorum) revert MarketTierClosed(order.tier);
        // Bidders could bid as often as a majority needs; a named provider cannot be outvoted.
        if (order.mode != AssignmentMode.Draw) revert QuorumMarketWrongMode(order.mode);
        if (order.epoch != 0) revert QuorumMarketEpochNotUsed(order.epoch);
        POLICY.requireAcceptable(order);

        Quorums storage $ = QuorumStorage.load();
        jobId = ++$.jobCount;
        StoredQuorum storage job = $.jobs[jobId];
        job.orderHash = orderHash;
        _open(job, 0, order.assignSeconds);
        emit QuorumPosted(jobId, order.requester, order.modelVersion, order);
        _lockPayment(order.requester, order.sponsor, order.paymentToken, _lockedFor(order));
    }

    function _draw(
        uint256 jobId,
        Order calldata order,
        QuorumStatus memory status
    ) private view returns (IMatchmaker.Match[] memory) {
        IMatchmaker.Request memory request = IMatchmaker.Request({
            jobId: jobId,
            modelVersion: order.modelVersion,
            paymentToken: order.paymentToken,
            maxPrice: order.maxPrice,
            collateral: order.collateral
        });
        return MATCHMAKER.drawMany(request, order.redundancy, status.attempt, status.drawEpoch);
    }

    /// @dev Each price is the member's ask, not the maximum (PAY-3). Answers of an earlier round stay where they are: no
    /// mask points to them.
    function _store(
        uint256 jobId,
        StoredQuorum storage job,
        QuorumStatus memory status,
        IMatchmaker.Match[] memory found
    ) private {
        address[] memory providers = new address[](found.length);
        uint96[] memory prices = new uint96[](found.length);
        for (uint256 i = 0; i < found.length; ++i) {
            (providers[i], prices[i]) = (found[i].provider, found[i].price);
            StoredMember storage member = job.members[i];
            (member.provider, member.price) = (providers[i], prices[i]);
        }
        emit QuorumAssigned(jobId, status.attempt, providers, prices, found[0].epoch, status.deadline);
    }
}
