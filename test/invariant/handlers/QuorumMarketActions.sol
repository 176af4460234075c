// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AssignmentMode, Order, Tier} from "../../../contracts/types/Order.sol";
import {Parameter} from "../../../contracts/types/Parameter.sol";
import {QuorumJob, QuorumMember, QuorumState} from "../../../contracts/types/Quorum.sol";
import {QuorumScene} from "../../helpers/solidity/QuorumWorld.sol";
import {QuorumMarketSteps} from "./QuorumMarketSteps.sol";

/// @title QuorumMarketActions: what the runner may do: answer, stay silent, lie, let time pass, govern and meddle
/// @dev The handler administers the AccessManager, and is guardian with it.
abstract contract QuorumMarketActions is QuorumMarketSteps {
    address private immutable REPORTER;
    address private immutable STRANGER;

    constructor(QuorumScene memory scene) {
        _scene = scene;
        REPORTER = actor("reporter");
        STRANGER = actor("stranger");
    }

    // Work

    function post(uint256 seed, uint96 price, uint96 collateral) external {
        _post(
            Order({
                requester: _scene.world.requesters[seed % 2],
                sponsor: address(0),
                nonce: 0,
                validUntil: type(uint40).max,
                modelVersion: _scene.versions[(seed >> 1) % 2],
                inputCommitment: bytes32(((seed >> 8) % type(uint64).max) + 1),
                inputDigest: keccak256(abi.encode(seed)),
                paymentToken: address(_scene.world.lat),
                maxPrice: uint96(bound(price, 1 ether, 4 ether)),
                collateral: uint96(bound(collateral, 10 ether, 300 ether)),
                tier: Tier.Quorum,
                mode: AssignmentMode.Draw,
                provider: address(0),
                epoch: 0,
                redundancy: uint8(3 + ((seed >> 3) % 3)),
                bidSeconds: 0,
                assignSeconds: uint32(60 + ((seed >> 16) % 300)),
                commitSeconds: uint32(30 + ((seed >> 32) % 90)),
                proveSeconds: uint32(60 + ((seed >> 48) % 90)),
                challengeSeconds: 0
            })
        );
    }

    /// @dev Moves some job one step on; three such actions make a run reach the end of jobs often.
    function advance(uint256 seed) public {
        uint256 jobId = _openJob(seed, false);
        if (jobId == 0) return;
        QuorumJob memory job = _scene.market.jobOf(jobId);
        if (job.state == QuorumState.Posted) {
            while (_scene.world.beacon.currentEpoch() < job.drawEpoch) {
                _scene.world.beacon.start(keccak256(abi.encode("epoch", seed)), true);
            }
            _assign(jobId);
        } else if (job.state == QuorumState.Committing) {
            _answerSome(jobId, job, seed);
        } else {
            _revealSome(jobId, job, seed);
        }
    }

    function advanceAgain(uint256 seed) external {
        advance(seed);
    }

    function advanceOnceMore(uint256 seed) external {
        advance(seed);
    }

    /// @dev Takes the exit of some overdue job, or reveals in it when that is still possible.
    function exit(uint256 seed) external {
        uint256 jobId = _openJob(seed, true);
        if (jobId == 0) return;
        QuorumJob memory job = _scene.market.jobOf(jobId);
        if (job.state == QuorumState.Posted) {
            _refund(jobId);
            return;
        }
        bool waiting = job.state == QuorumState.Committing && block.timestamp < _revealEnd(jobId, job);
        if (waiting) _revealSome(jobId, job, seed);
        else _finalise(jobId, _reporterOf(jobId, job, seed >> 8));
    }

    function exitAgain(uint256 seed) external {
        uint256 jobId = _openJob(seed, true);
        if (jobId == 0 || _scene.market.jobOf(jobId).state == QuorumState.Posted) return;
        _finalise(jobId, REPORTER);
    }

    function cancel(uint256 seed) external {
        uint256 jobId = _openJob(seed, seed & 1 == 1);
        if (jobId == 0 || stateOf[jobId] != QuorumState.Posted) return;
        _cancel(jobId);
    }

    function warp(uint256 elapsed) external counted("warp") {
        vm.warp(block.timestamp + bound(elapsed, 1, 120));
    }

    // Providers and governance

    function moveStake(uint256 seed, uint96 amount) external counted("moveStake") {
        address provider = _scene.providers[seed % 5];
        address service = address(_scene.world.registry);
        bool adds = (seed >> 8) % 2 == 0;
        uint256 free = _scene.world.vault.freeStake(provider, service);
        amount = adds ? uint96(bound(amount, 1, 500 ether)) : uint96(bound(amount, 1, free / 16));
        vm.prank(provider);
        if (adds) _scene.world.vault.provision(service, amount);
        else _scene.world.vault.thaw(service, amount);
    }

    function drain(uint256 seed) external counted("drain") {
        vm.prank(_scene.providers[seed % 5]);
        _scene.world.registry.setDraining((seed >> 8) % 8 == 0);
    }

    function pause(uint256 seed) external counted("pause") {
        _scene.market.setNewWorkPaused(seed % 8 == 0);
    }

    function govern(uint256 seed) external counted("govern") {
        uint256 choice = seed % 8;
        if (choice == 0) _scene.world.registry.setStakeModule(address(_scene.market), false);
        else if (choice < 4) _scene.world.registry.setStakeModule(address(_scene.market), true);
        else if (choice < 6) _scene.world.parameters.set(Parameter.MaxReassignments, (seed >> 8) % 3);
        else _scene.world.parameters.set(Parameter.ProtocolFeePpm, (seed >> 8) % 200_001);
    }

    // Meddling

    /// @dev Every call on any job by anyone, some with an order that is not the job's. What succeeds must be a listed
    /// transition, in time, by an entitled caller (SM-1).
    function meddle(uint256 seed) external counted("meddle") {
        // Any id, also ones that do not exist, or an open job.
        uint256 jobId = seed & 2 == 0 ? (seed >> 8) % (jobs + 2) : _openJob(seed >> 8, seed & 4 == 0);
        Order memory order = orderOf(jobId);
        bool tampered = seed & 56 == 0;
        if (tampered) order.redundancy = order.redundancy == 3 ? 4 : 3;
        address caller = _anyone(seed >> 16, order);
        for (uint256 i = 0; i < 7; ++i) _meddle(((seed >> 32) + i) % 7, jobId, order, caller, tampered);
    }

    function _meddle(uint256 call, uint256 jobId, Order memory order, address caller, bool tampered) private {
        QuorumJob memory before = _scene.market.jobOf(jobId);
        bytes memory data = _callData(call, jobId, order);
        vm.prank(caller);
        (bool success, ) = address(_scene.market).call(data);
        if (!success) return;
        QuorumState to = _scene.market.jobOf(jobId).state;
        _expect(!tampered, "an order that is not the job's was taken");
        _expect(_isListed(call, before.state, to), "SM-1: a transition that is not listed");
        _expect(_isTimely(call, jobId, before), "a call out of its time");
        _expect(_isEntitled(call, before, order, caller), "a caller who may not");
        if (call == 1) _answers[jobId][before.attempt][caller] = keccak256("meddled");
        _count("meddle, listed transition");
        _arrive(jobId, to);
    }

    // Internals

    /// @dev Most members agree; some lie or decline, and of some jobs most decline, as when their input cannot be had.
    function _answerSome(uint256 jobId, QuorumJob memory job, uint256 seed) private {
        uint256 size = job.members.length;
        for (uint256 i = 0; i < size; ++i) {
            QuorumMember memory member = job.members[(seed + i) % size];
            if (member.committed || member.declined) continue;
            uint256 mood = (seed >> 64) % 8;
            if (mood == 0 || (mood < 5 && jobId % 8 == 0)) _decline(jobId, member.provider);
            else _commit(jobId, member.provider, keccak256(abi.encode(jobId, mood < 6 ? 0 : mood)));
            return;
        }
    }

    function _revealSome(uint256 jobId, QuorumJob memory job, uint256 seed) private {
        uint256 size = job.members.length;
        for (uint256 i = 0; i < size; ++i) {
            QuorumMember memory member = job.members[(seed + i) % size];
            if (!member.committed || member.revealed) continue;
            _reveal(jobId, member.provider);
            return;
        }
        _finalise(jobId, _reporterOf(jobId, job, seed >> 8));
    }

    /// @dev Also members themselves and their payout addresses, which must gain nothing by their own slash.
    function _reporterOf(uint256 jobId, QuorumJob memory job, uint256 choice) private view returns (address) {
        if (choice % 4 == 0) return _orders[jobId].requester;
        if (choice % 4 == 1) return REPORTER;
        address member = job.members[(choice >> 8) % job.members.length].provider;
        return choice % 4 == 2 ? member : _scene.world.registry.payoutOf(member);
    }

    /// @dev When a Committing or Revealing job can be ended by anyone, however little was revealed.
    function _revealEnd(uint256 jobId, QuorumJob memory job) private view returns (uint256) {
        if (job.state != QuorumState.Committing) return job.deadline;
        uint256 committed;
        for (uint256 i = 0; i < job.members.length; ++i) if (job.members[i].committed) ++committed;
        return 2 * committed > job.members.length ? job.deadline + _orders[jobId].proveSeconds : job.deadline;
    }

    /// @dev An open job that is overdue or not, searched from a random id on; zero when there is none.
    function _openJob(uint256 seed, bool overdue) private view returns (uint256) {
        for (uint256 i = 0; i < jobs; ++i) {
            uint256 jobId = (((seed % jobs) + i) % jobs) + 1;
            if (isFinal(jobId)) continue;
            if ((block.timestamp >= _scene.market.jobOf(jobId).deadline) == overdue) return jobId;
        }
        return 0;
    }

    function _anyone(uint256 seed, Order memory order) private view returns (address) {
        if (seed % 4 == 0) return STRANGER;
        if (seed % 4 == 1) return order.requester;
        return _scene.providers[(seed >> 4) % 5];
    }

    function _callData(uint256 call, uint256 jobId, Order memory order) private view returns (bytes memory) {
        bytes32 word = keccak256("meddled");
        if (call == 0) return abi.encodeCall(_scene.market.assign, (jobId, order));
        if (call == 1) return abi.encodeCall(_scene.market.commit, (jobId, order, word));
        if (call == 2) return abi.encodeCall(_scene.market.decline, (jobId, order));
        if (call == 3) return abi.encodeCall(_scene.market.reveal, (jobId, order, word, word, word));
        if (call == 4) return abi.encodeCall(_scene.market.finalise, (jobId, order));
        if (call == 5) return abi.encodeCall(_scene.market.refund, (jobId, order));
        return abi.encodeCall(_scene.market.cancel, (jobId, order));
    }

    /// @dev No reveal that meddling sends opens a commitment.
    function _isListed(uint256 call, QuorumState from, QuorumState to) private pure returns (bool) {
        bool committing = from == QuorumState.Committing;
        bool ended = to == QuorumState.Posted || to == QuorumState.Refunded;
        if (call == 0) return from == QuorumState.Posted && to == QuorumState.Committing;
        if (call == 1) return committing && (to == QuorumState.Committing || to == QuorumState.Revealing);
        if (call == 2) return committing && to != QuorumState.Settled;
        if (call == 4) return (committing || from == QuorumState.Revealing) && (ended || to == QuorumState.Settled);
        return call != 3 && from == QuorumState.Posted && to == QuorumState.Refunded;
    }

    function _isTimely(uint256 call, uint256 jobId, QuorumJob memory before) private view returns (bool) {
        if (call <= 2) return block.timestamp < before.deadline;
        if (call == 5) return block.timestamp >= before.deadline;
        if (call != 4) return true;
        bool all = before.state == QuorumState.Revealing;
        for (uint256 i = 0; i < before.members.length; ++i) {
            if (before.members[i].committed && !before.members[i].revealed) all = false;
        }
        return all || block.timestamp >= _revealEnd(jobId, before);
    }

    function _isEntitled(
        uint256 call,
        QuorumJob memory before,
        Order memory order,
        address caller
    ) private pure returns (bool) {
        if (call == 6) return caller == order.requester;
        if (call != 1 && call != 2) return true;
        for (uint256 i = 0; i < before.members.length; ++i) {
            QuorumMember memory member = before.members[i];
            if (member.provider == caller) return !member.committed && !member.declined;
        }
        return false;
    }
}
