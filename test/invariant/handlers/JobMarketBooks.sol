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

/// @title JobMarketBooks: what should be, kept apart from the market
/// @dev Sums are kept as jobs move, so that an invariant compares a few numbers instead of walking all jobs. A revert
/// inside a handler goes unnoticed, so broken promises are written down instead.
abstract contract JobMarketBooks is LatticeTest, ActionLog {
    /// @dev What the accounts of a payment held before it, in the order of its legs, and what was locked in all.
    struct Purses {
        uint256[4] amounts;
        uint256 locked;
        address payout;
    }

    World internal _world;

    /// @notice Jobs posted. They are numbered from 1 here; the market knows them by their id.
    uint256 public jobs;
    /// @notice What was broken first; empty while all promises hold.
    string public violation;

    /// @notice Σ maximum prices of jobs that have not ended, by token.
    mapping(address token => uint256) public openMaxima;
    /// @notice Σ collateral of Assigned, Committed and Challengeable jobs, by provider.
    mapping(address provider => uint256) public openCollateral;
    /// @notice keccak256 of the job as it was when it last moved.
    mapping(uint256 number => bytes32) public digestOf;
    /// @notice How often a job went from one state to the other.
    mapping(JobState from => mapping(JobState to => uint256 times)) public moves;
    mapping(uint256 number => JobState) public stateOf;
    mapping(uint256 number => uint256 jobId) internal _ids;
    /// @notice How much more the sponsor pays for a requester.
    mapping(address requester => mapping(address token => uint256)) public sponsorship;

    mapping(uint256 number => Order order) internal _orders;
    mapping(address requester => mapping(uint256 nonce => bool)) internal _spent;
    uint256[] private _open;
    mapping(uint256 number => uint256 index) private _openIndex;
    mapping(uint256 number => address provider) private _backer;

    function orderOf(uint256 number) public view returns (Order memory) {
        return _orders[number];
    }

    /// @notice The market's job with this number; an empty one for numbers without a job.
    function jobOf(uint256 number) public view returns (Job memory) {
        return _world.market.jobOf(_ids[number]);
    }

    /// @notice Numbers of the jobs that have not ended.
    function openJobs() public view returns (uint256[] memory) {
        return _open;
    }

    function isFinal(JobState state) public pure returns (bool) {
        return state == JobState.Settled || state == JobState.Refunded;
    }

    /// @notice The transitions that contracts/types/Job.sol lists, and no others.
    function isListed(JobState from, JobState to) public pure returns (bool) {
        if (from == JobState.None) return to == JobState.Posted;
        if (from == JobState.Posted) return to == JobState.Assigned || isFinal(to);
        if (from == JobState.Assigned) return to != JobState.None && to != JobState.Assigned && to != JobState.Settled;
        if (from == JobState.Committed) return to == JobState.Posted || isFinal(to);
        return from == JobState.Challengeable && to == JobState.Settled;
    }

    // Moves

    function _begin(Order memory order) internal {
        uint256 number = ++jobs;
        _ids[number] = uint256(_world.market.hashOrder(order));
        _orders[number] = order;
        openMaxima[order.paymentToken] += order.maxPrice;
        _open.push(number);
        _openIndex[number] = _open.length;
        _arrive(number, JobState.Posted);
        if (order.sponsor == address(0)) return;
        sponsorship[order.requester][order.paymentToken] -= order.maxPrice;
        uint256 left = _world.market.sponsorshipOf(order.sponsor, order.requester, order.paymentToken);
        _expect(left == sponsorship[order.requester][order.paymentToken], "an allowance pays what is locked");
        _count("post, sponsored");
    }

    /// @dev The job must now be in `state`, having come there by a listed transition.
    function _arrive(uint256 number, JobState state) internal {
        Job memory job = jobOf(number);
        Order storage order = _orders[number];
        JobState from = stateOf[number];
        _expect(job.state == state, "SM-1: the market is in another state");
        // A final state lists nothing, so a job ends once (PAY-1, SM-2).
        _expect(isListed(from, state), "SM-1: a transition that is not listed");
        _expect(job.price <= order.maxPrice, "PAY-3: price above the maximum");
        ++moves[from][state];
        stateOf[number] = state;
        digestOf[number] = keccak256(abi.encode(job));
        _back(number, order.collateral, _isBacked(state) ? job.provider : address(0));
        if (isFinal(state)) _end(number, order);
    }

    function _isBacked(JobState state) private pure returns (bool) {
        return state == JobState.Assigned || state == JobState.Committed || state == JobState.Challengeable;
    }

    function _back(uint256 number, uint256 collateral, address provider) private {
        address before = _backer[number];
        if (before == provider) return;
        if (before != address(0)) openCollateral[before] -= collateral;
        if (provider != address(0)) openCollateral[provider] += collateral;
        _backer[number] = provider;
    }

    function _end(uint256 number, Order storage order) private {
        openMaxima[order.paymentToken] -= order.maxPrice;
        uint256 last = _open[_open.length - 1];
        uint256 index = _openIndex[number];
        _open[index - 1] = last;
        _openIndex[last] = index;
        _open.pop();
        if (stateOf[number] == JobState.Settled) {
            bool inLat = order.paymentToken == address(_world.lat);
            _count(inLat ? bytes32("paid in LAT") : bytes32("paid in dollars"));
        } else if (order.sponsor != address(0)) {
            _count("refunded to the sponsor");
        }
    }

    // Payments

    function _payerOf(Order memory order) internal pure returns (address) {
        return order.sponsor == address(0) ? order.requester : order.sponsor;
    }

    /// @dev Balances that a settlement raises, in the order of the legs; all four owners differ.
    function _pursesFor(Order memory order, address provider) internal view returns (Purses memory purses) {
        IPaymentEscrow escrow = _world.escrow;
        address token = order.paymentToken;
        purses.payout = _world.registry.payoutOf(provider);
        purses.amounts[0] = escrow.accountOf(purses.payout, token).earnings;
        purses.amounts[1] = escrow.accountOf(_world.royaltyRecipient, token).earnings;
        purses.amounts[2] = escrow.accountOf(_world.treasury, token).earnings;
        purses.amounts[3] = escrow.accountOf(_payerOf(order), token).deposit;
        purses.locked = escrow.lockedBy(address(_world.market), token);
    }

    /// @dev A settlement pays exactly what the rates say of the agreed price, and the payer gets the rest back.
    function _expectPaid(
        Order memory order,
        address provider,
        uint256 price,
        uint256 feePpm,
        Purses memory before
    ) internal {
        uint256 royaltyPpm = _world.models.termsOf(order.modelVersion).royaltyPpm;
        Legs memory legs = FeeSplit.split(price, order.maxPrice, royaltyPpm, feePpm);
        uint256[4] memory expected = [uint256(legs.provider), legs.publisher, legs.fee, legs.refund];
        Purses memory later = _pursesFor(order, provider);
        uint256 paid;
        for (uint256 i = 0; i < 4; ++i) {
            _expect(later.amounts[i] - before.amounts[i] == expected[i], "PAY-2: a leg differs from what was paid");
            paid += expected[i];
        }
        _expect(paid == order.maxPrice, "PAY-2: legs add up");
        _expect(before.locked - later.locked == order.maxPrice, "PAY-2: legs are what was locked");
    }

    function _expect(bool condition, string memory what) internal {
        if (!condition && bytes(violation).length == 0) violation = what;
    }
}
