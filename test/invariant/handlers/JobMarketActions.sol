// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Job, JobState} from "../../../contracts/types/Job.sol";
import {AssignmentMode, Order, Tier} from "../../../contracts/types/Order.sol";
import {Parameter} from "../../../contracts/types/Parameter.sol";
import {Provision} from "../../../contracts/types/Stake.sol";
import {World} from "../../helpers/solidity/MarketWorld.sol";
import {JobMarketSteps} from "./JobMarketSteps.sol";

/// @title JobMarketActions: what the runner may do: work on jobs, let time pass, move stake, govern and meddle
/// @dev The handler administers the AccessManager, and is guardian with it.
abstract contract JobMarketActions is JobMarketSteps {
    address private immutable REPORTER;
    address private immutable STRANGER;

    constructor(World memory world) {
        _world = world;
        REPORTER = actor("reporter");
        STRANGER = actor("stranger");
    }

    // Work

    function postDrawn(uint256 seed, uint96 price, uint96 collateral) external {
        _post(_order(seed, price, collateral, AssignmentMode.Draw));
    }

    function postDirect(uint256 seed, uint96 price, uint96 collateral) external {
        _post(_order(seed, price, collateral, AssignmentMode.Direct));
    }

    function startEpoch(bytes32 seed) public counted("startEpoch") {
        // One seed in four may not draw, as when nobody led the beacon.
        _world.beacon.start(seed, uint256(seed) % 4 != 0);
    }

    /// @dev Moves some job one step on; three such actions make a run reach the end of jobs often.
    function advance(uint256 seed) public {
        uint256 jobId = _openJob(seed, false);
        if (jobId == 0) return;
        JobState state = stateOf[jobId];
        if (state == JobState.Posted) {
            if (_orders[jobId].mode == AssignmentMode.Direct) _accept(jobId);
            else _drawJob(jobId, seed);
        } else if (state == JobState.Assigned) {
            _commit(jobId, bytes32(bound(seed, 1, type(uint128).max)));
        } else {
            _prove(jobId);
        }
    }

    function advanceAgain(uint256 seed) external {
        advance(seed);
    }

    function advanceOnceMore(uint256 seed) external {
        advance(seed);
    }

    /// @dev Takes the exit of some overdue job.
    function exit(uint256 seed) external {
        uint256 jobId = _openJob(seed, true);
        if (jobId == 0) return;
        if (stateOf[jobId] == JobState.Posted) _refund(jobId);
        else _timeOut(jobId, _reporterOf(jobId, seed % 4));
    }

    function cancel(uint256 seed) external {
        uint256 jobId = _openJob(seed, seed & 1 == 1);
        if (jobId == 0 || stateOf[jobId] != JobState.Posted) return;
        _cancel(jobId);
    }

    function warp(uint256 elapsed) external counted("warp") {
        vm.warp(block.timestamp + bound(elapsed, 1, 150));
    }

    // Providers

    function moveStake(uint256 seed, uint96 amount) external counted("moveStake") {
        address provider = _world.providers[seed % 3];
        address service = address(_world.registry);
        Provision memory stake = _world.vault.provisionOf(provider, service);
        uint256 free = _world.vault.freeStake(provider, service);
        uint256 choice = (seed >> 8) % 4;
        // A prank outlives a revert, so everything that may revert comes before it.
        if (choice == 0) amount = uint96(bound(amount, 1, 500 ether));
        // A little at a time, or providers would soon have nothing left to work with.
        if (choice == 1) amount = uint96(bound(amount, 1, free / 8));
        if (choice == 2) amount = uint96(bound(amount, 1, stake.thawing));
        vm.prank(provider);
        if (choice == 0) _world.vault.provision(service, amount);
        else if (choice == 1) _world.vault.thaw(service, amount);
        else if (choice == 2) _world.vault.cancelThaw(service, amount);
        else _world.vault.withdraw(service);
    }

    function changeOffer(uint256 seed, uint96 ask) external counted("changeOffer") {
        ask = uint96(bound(ask, 0, 1.5 ether));
        vm.prank(_world.providers[seed % 3]);
        _world.registry.setOffer(
            _world.modelVersions[(seed >> 8) % 2],
            address((seed >> 16) % 2 == 0 ? _world.lat : _world.dollar),
            ask
        );
    }

    function drain(uint256 seed) external counted("drain") {
        vm.prank(_world.providers[seed % 3]);
        _world.registry.setDraining((seed >> 8) % 8 == 0);
    }

    // Governance

    function pause(uint256 seed) external counted("pause") {
        _world.market.setNewWorkPaused(seed % 8 == 0);
    }

    function govern(uint256 seed) external counted("govern") {
        uint256 choice = seed % 16;
        if (choice == 0) _world.router.stop(_world.models.termsOf(_world.modelVersions[0]).verifierSelector);
        else if (choice == 1) _world.registry.setStakeModule(address(_world.market), false);
        else if (choice < 6) _world.registry.setStakeModule(address(_world.market), true);
        else if (choice < 8) _world.parameters.set(Parameter.MaxReassignments, (seed >> 8) % 3);
        else if (choice < 11) _world.parameters.set(Parameter.ProtocolFeePpm, (seed >> 8) % 200_001);
        else _world.parameters.set(Parameter.BurnSharePpm, (seed >> 8) % 500_001);
    }

    // Meddling

    /// @dev Every call on any job by anyone, some with an order that is not the job's. What succeeds must be a listed
    /// transition, in time, by an entitled caller (SM-1).
    function meddle(uint256 seed) external counted("meddle") {
        // Any id, also ones that do not exist, or an open job.
        uint256 jobId = seed & 2 == 0 ? (seed >> 8) % (jobs + 2) : _openJob(seed >> 8, seed & 4 == 0);
        Order memory order = orderOf(jobId);
        bool tampered = seed & 56 == 0;
        if (tampered) order.maxPrice += 1;
        address caller = _anyone(seed >> 16, order);
        for (uint256 i = 0; i < 8; ++i) _meddle(((seed >> 32) + i) % 8, jobId, order, caller, tampered);
    }

    function _meddle(uint256 call, uint256 jobId, Order memory order, address caller, bool tampered) private {
        JobState from = stateOf[jobId];
        uint256 deadline = _world.market.jobOf(jobId).deadline;
        bool entitled = _isEntitled(call, jobId, order, caller);
        bytes memory data = _callData(call, jobId, order);

        vm.prank(caller);
        (bool success, ) = address(_world.market).call(data);
        if (!success) return;
        JobState to = _world.market.jobOf(jobId).state;
        _expect(!tampered, "an order that is not the job's was taken");
        _expect(_isListed(call, from, to), "SM-1: a transition that is not listed");
        _expect(_isTimely(call, deadline), "a call out of its time");
        _expect(entitled, "a caller who may not");
        _count("meddle, listed transition");
        _arrive(jobId, to);
    }

    // Internals

    /// @dev Also the late provider itself and its payout address, which must gain nothing.
    function _reporterOf(uint256 jobId, uint256 choice) private view returns (address) {
        if (choice == 0) return _orders[jobId].requester;
        if (choice == 1) return REPORTER;
        address provider = _world.market.jobOf(jobId).provider;
        return choice == 2 ? provider : _world.registry.payoutOf(provider);
    }

    function _drawJob(uint256 jobId, uint256 seed) private {
        Job memory job = _world.market.jobOf(jobId);
        while (_world.beacon.currentEpoch() < job.drawEpoch) startEpoch(keccak256(abi.encode("epoch", seed)));
        _assign(jobId);
    }

    function _order(
        uint256 seed,
        uint96 price,
        uint96 collateral,
        AssignmentMode mode
    ) private view returns (Order memory) {
        return
            Order({
                requester: _world.requesters[seed % 2],
                sponsor: address(0),
                nonce: 0,
                validUntil: type(uint40).max,
                modelVersion: _world.modelVersions[(seed >> 1) % 2],
                inputCommitment: bytes32(((seed >> 8) % type(uint64).max) + 1),
                inputDigest: keccak256(abi.encode(seed)),
                paymentToken: address((seed >> 2) % 2 == 0 ? _world.lat : _world.dollar),
                maxPrice: uint96(bound(price, 0.6 ether, 4 ether)),
                collateral: uint96(bound(collateral, 10 ether, 1_500 ether)),
                tier: Tier.Zk,
                mode: mode,
                provider: mode == AssignmentMode.Direct ? _world.providers[(seed >> 3) % 3] : address(0),
                epoch: 0,
                redundancy: 1,
                bidSeconds: 0,
                assignSeconds: uint32(60 + ((seed >> 16) % 300)),
                commitSeconds: uint32(30 + ((seed >> 32) % 90)),
                proveSeconds: uint32(60 + ((seed >> 48) % 90)),
                challengeSeconds: 0
            });
    }

    /// @dev An open job that is overdue or not, searched from a random id on; zero when there is none.
    function _openJob(uint256 seed, bool overdue) private view returns (uint256) {
        for (uint256 i = 0; i < jobs; ++i) {
            uint256 jobId = (((seed % jobs) + i) % jobs) + 1;
            if (isFinal(jobId)) continue;
            uint256 deadline = _world.market.jobOf(jobId).deadline;
            if ((deadline != 0 && block.timestamp >= deadline) == overdue) return jobId;
        }
        return 0;
    }

    function _anyone(uint256 seed, Order memory order) private view returns (address) {
        uint256 choice = seed % 5;
        if (choice == 0) return STRANGER;
        if (choice == 1) return order.requester;
        if (choice == 2) return order.provider;
        return _world.providers[(seed >> 4) % 3];
    }

    function _callData(uint256 call, uint256 jobId, Order memory order) private view returns (bytes memory) {
        bytes32 output = keccak256("meddled output") >> 4;
        uint256[8] memory proof;
        if (call == 0) return abi.encodeCall(_world.market.assign, (jobId, order));
        if (call == 1) return abi.encodeCall(_world.market.accept, (jobId, order));
        if (call == 2) return abi.encodeCall(_world.market.commit, (jobId, order, output, output));
        if (call == 3) return abi.encodeCall(_world.market.prove, (jobId, order, proof));
        if (call == 4) return abi.encodeCall(_world.market.settle, (jobId, order));
        if (call == 5) return abi.encodeCall(_world.market.timeOut, (jobId, order));
        if (call == 6) return abi.encodeCall(_world.market.refund, (jobId, order));
        return abi.encodeCall(_world.market.cancel, (jobId, order));
    }

    function _isListed(uint256 call, JobState from, JobState to) private pure returns (bool) {
        if (call <= 1) return from == JobState.Posted && to == JobState.Assigned;
        if (call == 2) return from == JobState.Assigned && to == JobState.Committed;
        if (call == 4) return from == JobState.Challengeable && to == JobState.Settled;
        if (call == 5) {
            bool running = from == JobState.Assigned || from == JobState.Committed;
            return running && (to == JobState.Posted || to == JobState.Refunded);
        }
        // No proof that meddling sends is one of its job's statement.
        return call != 3 && from == JobState.Posted && to == JobState.Refunded;
    }

    function _isTimely(uint256 call, uint256 deadline) private view returns (bool) {
        if (call <= 3) return block.timestamp < deadline;
        if (call == 5 || call == 6) return block.timestamp >= deadline;
        return true;
    }

    function _isEntitled(uint256 call, uint256 jobId, Order memory order, address caller) private view returns (bool) {
        if (call == 1) return caller == order.provider;
        if (call == 2) return caller == _world.market.jobOf(jobId).provider;
        if (call == 7) return caller == order.requester;
        return true;
    }
}
