// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AssignmentMode, Order, Tier} from "../../../contracts/types/Order.sol";
import {Parameter} from "../../../contracts/types/Parameter.sol";
import {QuorumJob, QuorumMember, QuorumState} from "../../../contracts/types/Quorum.sol";
import {QuorumScene} from "../../helpers/solidity/QuorumWorld.sol";
import {QuorumMarketMeddling} from "./QuorumMarketMeddling.sol";

/// @title QuorumMarketActions: what the runner may do: answer, stay silent, lie, let time pass, govern and meddle
/// @dev The handler administers the AccessManager, and is guardian with it.
abstract contract QuorumMarketActions is QuorumMarketMeddling {
    address private immutable REPORTER;

    constructor(QuorumScene memory scene) {
        _scene = scene;
        REPORTER = actor("reporter");
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
}
