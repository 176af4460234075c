// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {JobState} from "../../../contracts/types/Job.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Roots} from "../../../contracts/types/Trace.sol";
import {World} from "../../helpers/solidity/MarketWorld.sol";
import {DisputeBooks} from "./DisputeBooks.sol";

/// @title DisputeCommitments: evidence that is committed to, shown in time or late, or held back
abstract contract DisputeCommitments is DisputeBooks {
    constructor(World memory world) DisputeBooks(world) {}

    /// @dev Any number for a job, as of who keeps evidence ready.
    function commitEvidence(uint256 seed) external counted("commitEvidence") {
        Promised memory made;
        made.number = _jobIn(JobState.Challengeable, seed);
        made.challenger = (seed >> 8) % 3;
        made.salt = bytes32(promises() + 1);
        address by = _challengers[made.challenger];
        bytes32 evidenceHash = keccak256(_evidence(made.number, true));
        bytes32 subject = subjectOf(made.number);
        made.commitment = _world.disputes.commitmentOf(by, address(_world.market), subject, evidenceHash, made.salt);
        made.madeAt = present();
        uint256 balance = _world.lat.balanceOf(by);
        vm.prank(by);
        _world.disputes.commit(made.commitment);
        made.bond = balance - _world.lat.balanceOf(by);
        _promises.push(made);
    }

    function redeem(uint256 seed) external {
        Promised storage made = _promised(seed);
        _waitFor(made.madeAt + COMMITMENT_SECONDS, seed >> 1);
        bool inTime = present() < made.madeAt + COMMITMENT_SECONDS;
        address by = _challengers[made.challenger];
        bytes memory claim = claimOf(made.number);
        bytes memory evidence = _evidence(made.number, true);
        uint256 balance = _world.lat.balanceOf(by);
        vm.prank(by);
        _world.disputes.challengeStep(address(_world.market), claim, evidence, made.salt);
        uint256 returned = _world.lat.balanceOf(by) - balance;
        _expect(returned == (inTime ? made.bond : 0), "DIS-6: a bond returned late, or not in time");
        if (inTime) made.bond = 0;
        _count(inTime ? bytes32("redeem") : bytes32("challenge, late"));
    }

    function burn(uint256 seed) external counted("burn") {
        Promised storage made = _promised(seed);
        uint256 until = made.madeAt + COMMITMENT_SECONDS;
        _waitFor(until, seed);
        uint256 supply = _world.lat.totalSupply();
        _world.disputes.burnCommitment(_challengers[made.challenger], made.commitment);
        _expect(present() >= until, "DIS-6: a bond burned while its time ran");
        _expect(_world.lat.totalSupply() == supply - made.bond, "DIS-6: another bond burned than was paid");
        made.bond = 0;
    }

    // Internals

    /// @dev Every other time waits until `moment`, when it lies ahead.
    function _waitFor(uint256 moment, uint256 seed) internal {
        if ((seed >> 24) % 2 == 0 && present() < moment) vm.warp(moment);
    }

    /// @dev The first job from a place that the seed names on, in this state. Reverts without one, as do those below.
    function _jobIn(JobState state, uint256 seed) internal view returns (uint256 number) {
        for (uint256 i = 0; i < jobs(); ++i) {
            number = ((seed & 0xff) + i) % jobs();
            if (jobOf(number).state == state) return number;
        }
        revert("no such job");
    }

    /// @dev Also of a job that is over, so that a late challenger is seen to fail by the game's rules.
    function _evidence(uint256 number, bool wrong) internal view returns (bytes memory) {
        Order memory order = orderOf(number);
        Roots memory roots;
        (roots.program, roots.weights, ) = _world.models.commitmentsOf(order.modelVersion);
        (roots.inputRoot, roots.trace) = (order.inputCommitment, traceRootOf(number));
        return abi.encode(keccak256(abi.encode(roots)), wrong);
    }

    /// @dev A commitment whose bond lies in the game.
    function _promised(uint256 seed) private view returns (Promised storage made) {
        for (uint256 i = 0; i < promises(); ++i) {
            made = _promises[((seed & 0xff) + i) % promises()];
            if (made.bond != 0) return made;
        }
        revert("nobody is committed");
    }
}
