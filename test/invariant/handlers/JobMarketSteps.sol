// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IPaymentEscrow} from "../../../contracts/interfaces/IPaymentEscrow.sol";
import {FeeSplit} from "../../../contracts/libraries/FeeSplit.sol";
import {Job, JobState} from "../../../contracts/types/Job.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Legs} from "../../../contracts/types/Payment.sol";
import {ActionLog} from "../../helpers/solidity/ActionLog.sol";
import {LatticeTest} from "../../helpers/solidity/LatticeTest.sol";
import {World} from "../../helpers/solidity/MarketWorld.sol";

/// @title JobMarketSteps: each transition of a job, made by who may, checked and recorded apart from the market
/// @dev A revert inside a handler goes unnoticed, so broken promises are written down instead.
abstract contract JobMarketSteps is LatticeTest, ActionLog {
    World internal _world;

    /// @notice Jobs posted; ids run from 1.
    uint256 public jobs;
    /// @notice What was broken first; empty while all promises hold.
    string public violation;

    // What should be, by the handler's own account.
    mapping(uint256 jobId => Order order) internal _orders;
    mapping(uint256 jobId => JobState state) public stateOf;
    mapping(uint256 jobId => uint256 times) public endings;
    mapping(uint256 jobId => bytes32 digest) public finalDigest;

    uint256[8] private _proof = [uint256(1), 2, 3, 4, 5, 6, 7, 8];

    function orderOf(uint256 jobId) public view returns (Order memory) {
        return _orders[jobId];
    }

    function isFinal(uint256 jobId) public view returns (bool) {
        return stateOf[jobId] == JobState.Settled || stateOf[jobId] == JobState.Refunded;
    }

    // Steps

    function _post(Order memory order) internal counted("post") {
        vm.prank(order.requester);
        uint256 jobId = _world.market.post(order);
        _expect(jobId == jobs + 1, "ids count up");
        jobs = jobId;
        _orders[jobId] = order;
        _arrive(jobId, JobState.Posted);
    }

    function _assign(uint256 jobId) internal counted("assign") {
        _world.market.assign(jobId, orderOf(jobId));
        _arrive(jobId, JobState.Assigned);
    }

    function _accept(uint256 jobId) internal counted("accept") {
        Order memory order = orderOf(jobId);
        vm.prank(order.provider);
        _world.market.accept(jobId, order);
        _arrive(jobId, JobState.Assigned);
    }

    function _commit(uint256 jobId, bytes32 output) internal counted("commit") {
        Order memory order = orderOf(jobId);
        vm.prank(_world.market.jobOf(jobId).provider);
        _world.market.commit(jobId, order, output, keccak256(abi.encode(output)));
        _arrive(jobId, JobState.Committed);
    }

    /// @dev A proof ends the job: it must pay exactly what the rates say.
    function _prove(uint256 jobId) internal counted("prove") {
        Order memory order = orderOf(jobId);
        Job memory job = _world.market.jobOf(jobId);
        try _world.market.prove(jobId, order, _proof) {
            _expect(false, "PRF-1: a proof of nothing was accepted");
        } catch {}
        uint256 context = _world.market.proofContext(jobId, job.orderHash, job.provider, order.modelVersion);
        uint256 model = order.modelVersion == _world.modelVersions[0] ? 0 : 1;
        _world.verifiers[model].accept(
            _proof,
            [context, uint256(order.inputCommitment), uint256(job.outputCommitment)]
        );
        address payout = _world.registry.payoutOf(job.provider);
        uint256[4] memory before = _purses(order, payout);
        uint256 locked = _world.escrow.lockedBy(address(_world.market), order.paymentToken);

        _world.market.prove(jobId, order, _proof);
        _arrive(jobId, JobState.Settled);

        _expectPaid(order, job, before, _purses(order, payout));
        uint256 lockedLater = _world.escrow.lockedBy(address(_world.market), order.paymentToken);
        _expect(locked - lockedLater == order.maxPrice, "PAY-2: legs are what was locked");
    }

    function _expectPaid(
        Order memory order,
        Job memory job,
        uint256[4] memory before,
        uint256[4] memory later
    ) private {
        uint256 royaltyPpm = _world.models.termsOf(order.modelVersion).royaltyPpm;
        Legs memory legs = FeeSplit.split(job.price, order.maxPrice, royaltyPpm, job.protocolFeePpm);
        uint256[4] memory expected = [uint256(legs.provider), legs.publisher, legs.fee, legs.refund];
        uint256 paid;
        for (uint256 i = 0; i < 4; ++i) {
            _expect(later[i] - before[i] == expected[i], "PAY-2: a leg differs from what was paid");
            paid += expected[i];
        }
        _expect(paid == order.maxPrice, "PAY-2: legs add up");
    }

    /// @dev The same three outcomes as the market's, told apart by the state, the slash and the stake.
    function _timeOut(uint256 jobId, address reporter) internal {
        Order memory order = orderOf(jobId);
        address provider = _world.market.jobOf(jobId).provider;
        address payout = _world.registry.payoutOf(provider);
        uint256 stake = _world.vault.provisionOf(provider, address(_world.registry)).tokens;
        uint256 own = _world.lat.balanceOf(provider) + _world.lat.balanceOf(payout);

        vm.prank(reporter);
        _world.market.timeOut(jobId, order);

        uint256 slashed = stake - _world.vault.provisionOf(provider, address(_world.registry)).tokens;
        uint256 ownLater = _world.lat.balanceOf(provider) + _world.lat.balanceOf(payout);
        _expect(ownLater == own, "SLA-3: the slashed provider's own addresses gained");
        JobState state = _world.market.jobOf(jobId).state;
        if (slashed == 0) {
            _expect(state == JobState.Refunded, "a time-out without a slash refunds");
            _count("timeOut, nobody slashed");
        } else {
            _expect(slashed == order.collateral, "SLA-1: a slash takes the order's collateral");
            _count(state == JobState.Posted ? bytes32("timeOut, drawn again") : bytes32("timeOut, refunded"));
        }
        _arrive(jobId, state);
    }

    function _refund(uint256 jobId) internal counted("refund") {
        _refundWith(jobId, _orders[jobId].requester, false);
    }

    function _cancel(uint256 jobId) internal counted("cancel") {
        _refundWith(jobId, _orders[jobId].requester, true);
    }

    function _refundWith(uint256 jobId, address requester, bool cancels) private {
        Order memory order = orderOf(jobId);
        uint256 before = _world.escrow.accountOf(requester, order.paymentToken).deposit;
        if (cancels) {
            vm.prank(requester);
            _world.market.cancel(jobId, order);
        } else {
            _world.market.refund(jobId, order);
        }
        uint256 later = _world.escrow.accountOf(requester, order.paymentToken).deposit;
        _expect(later - before == order.maxPrice, "a refund returns the whole maximum");
        _arrive(jobId, JobState.Refunded);
    }

    // Records

    /// @dev The job must now be in `state`; a final one is remembered whole.
    function _arrive(uint256 jobId, JobState state) internal {
        Job memory job = _world.market.jobOf(jobId);
        _expect(job.state == state, "SM-1: the market is in another state");
        stateOf[jobId] = state;
        if (isFinal(jobId)) {
            ++endings[jobId];
            finalDigest[jobId] = keccak256(abi.encode(job));
        }
    }

    function _expect(bool condition, string memory what) internal {
        if (!condition && bytes(violation).length == 0) violation = what;
    }

    /// @dev Balances that a settlement raises, in the order of the legs; all four owners differ.
    function _purses(Order memory order, address payout) private view returns (uint256[4] memory amounts) {
        IPaymentEscrow escrow = _world.escrow;
        address token = order.paymentToken;
        amounts[0] = escrow.accountOf(payout, token).earnings;
        amounts[1] = escrow.accountOf(_world.royaltyRecipient, token).earnings;
        amounts[2] = escrow.accountOf(_world.treasury, token).earnings;
        amounts[3] = escrow.accountOf(order.requester, token).deposit;
    }
}
