// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {console} from "hardhat/console.sol";
import {Inquiry, Turn, Verdict} from "../../contracts/types/Dispute.sol";
import {Job, JobState} from "../../contracts/types/Job.sol";
import {MarketWorld, World} from "../helpers/solidity/MarketWorld.sol";
import {DisputeActions} from "./handlers/DisputeActions.sol";
import {DisputeBooks} from "./handlers/DisputeBooks.sol";

/// @dev The runner calls only contracts whose artifact was built, which it is for those in test files.
contract DisputeHandler is DisputeActions {
    constructor(World memory world) DisputeActions(world) {}
}

/// @title DisputeGameInvariants: what holds for bonds and disputed jobs after any sequence of calls
contract DisputeGameInvariants is MarketWorld {
    World private _world;
    DisputeHandler private _handler;
    /// @dev Effects of the handlers before this one.
    mapping(bytes32 action => uint256) private _earlier;

    function setUp() public {
        _start();
        targetContract(address(_handler));
    }

    function invariant_DIS1_DIS3_DisputesGoByTheRules() public view {
        _assertRules();
    }

    function invariant_DIS2_TheGameHoldsTheBondsThatAreOpen() public view {
        assertEq(_world.lat.balanceOf(address(_world.disputes)), _handler.bonds(), "DIS-2: bonds");
    }

    function invariant_EXP1_ExposureIsTheCollateralOfOpenJobs() public view {
        _assertExposure();
    }

    /// @dev The runner discards what an invariant changes.
    function invariant_DIS4_LIV1_TimeAndAnyoneEndEveryDispute() public {
        _endEverything();
    }

    function afterInvariant() public view {
        assertBusy(_handler.totalEffects(), 8);
    }

    /// @dev One long run of the same actions, so that rare ones are seen to happen too. Prints how often each did.
    function test_Handler_EveryTransitionHappens() public {
        uint256 seed = uint256(keccak256("disputes"));
        for (uint256 round = 0; round < 40; ++round) {
            for (uint256 step = 0; step < 60; ++step) {
                seed = uint256(keccak256(abi.encode(seed)));
                _act(seed % 40, seed >> 8);
            }
            _assertRules();
            _assertExposure();
            assertEq(_world.lat.balanceOf(address(_world.disputes)), _handler.bonds(), "DIS-2: bonds");
            if (_handler.jobs() == 10) {
                _endEverything();
                _startAnew();
            }
        }
        _assertEachHappened();
    }

    function _start() private {
        _world = deployWorld();
        _handler = new DisputeHandler(_world);
        address game = address(_world.disputes);
        for (uint256 i = 0; i < 3; ++i) {
            _fundBonds(_handler.challengerOf(i), game);
            _fundBonds(_world.providers[i], game);
            if (i < 2) _fundBonds(_world.requesters[i], game);
        }
        // Something to dispute from the first call on.
        for (uint256 i = 0; i < 4; ++i) _handler.open(i);
    }

    /// @dev The handler keeps few jobs, so that any two actions are likely to meet: a long run needs several handlers.
    function _startAnew() private {
        bytes32[20] memory actions = _actions();
        for (uint256 i = 0; i < actions.length; ++i) _earlier[actions[i]] += _handler.effectsOf(actions[i]);
        _start();
    }

    function _actions() private pure returns (bytes32[20] memory) {
        return
            [
                bytes32("open"),
                "commit",
                "settle",
                "timeOut",
                "challenge",
                "execute",
                "inquire",
                "answer",
                "ask",
                "claimSilence",
                "close",
                "demandInput",
                "demandOutput",
                "publishInput",
                "publishOutput",
                "unanswered, input",
                "commitEvidence",
                "redeem",
                "challenge, late",
                "burn"
            ];
    }

    function _assertEachHappened() private view {
        bytes32[20] memory actions = _actions();
        for (uint256 i = 0; i < actions.length; ++i) {
            uint256 times = _earlier[actions[i]] + _handler.effectsOf(actions[i]);
            string memory name = _text(actions[i]);
            console.log("%s: %d", name, times);
            assertGe(times, 1, name);
        }
    }

    function _text(bytes32 padded) private pure returns (string memory text) {
        uint256 length;
        while (length < 32 && padded[length] != 0) ++length;
        text = string(abi.encodePacked(padded));
        assembly ("memory-safe") {
            mstore(text, length)
        }
    }

    /// @dev Reverts mean that nothing happened.
    function _act(uint256 choice, uint256 seed) private {
        if (choice < 2) try _handler.open(seed) {} catch {}
        else if (choice < 3) try _handler.commitResult(seed) {} catch {}
        else if (choice < 6) try _handler.inquire(seed) {} catch {}
        else if (choice < 12) try _handler.answer(seed) {} catch {}
        else if (choice < 16) try _handler.ask(seed) {} catch {}
        else if (choice < 17) try _handler.challenge(seed) {} catch {}
        else if (choice < 18) try _handler.execute(seed) {} catch {}
        else if (choice < 20) try _handler.claimSilence(seed) {} catch {}
        else if (choice < 22) try _handler.close(seed) {} catch {}
        else if (choice < 25) try _handler.demand(seed) {} catch {}
        else if (choice < 27) try _handler.publish(seed) {} catch {}
        else if (choice < 28) try _handler.claimUnanswered(seed) {} catch {}
        else if (choice < 30) try _handler.settle(seed) {} catch {}
        else if (choice < 31) try _handler.timeOut(seed) {} catch {}
        else if (choice < 34) try _handler.commitEvidence(seed) {} catch {}
        else if (choice < 36) try _handler.redeem(seed) {} catch {}
        else if (choice < 38) try _handler.burn(seed) {} catch {}
        else _handler.warp(seed);
    }

    function _fundBonds(address account, address game) private {
        _world.lat.transfer(account, 10_000 ether);
        vm.prank(account);
        _world.lat.approve(game, type(uint256).max);
    }

    function _assertRules() private view {
        assertTrue(bytes(_handler.violation()).length == 0, _handler.violation());
        for (uint256 number = 0; number < _handler.jobs(); ++number) {
            bool held = _world.disputes.isHeld(address(_world.market), _handler.subjectOf(number));
            assertTrue(held == (_handler.mattersOf(number) != 0), "DIS-3: held is what is open");
            bool convicted = _handler.verdictOf(number).reporter != address(0);
            bool executed = _handler.verdictOf(number).executed;
            JobState state = _handler.jobOf(number).state;
            if (convicted && !executed) assertTrue(state == JobState.Challengeable, "DIS-3: a convicted job moved on");
            if (executed) assertTrue(state == JobState.Refunded, "an executed verdict did not refund");
        }
    }

    function _assertExposure() private view {
        for (uint256 i = 0; i < 3; ++i) {
            address provider = _world.providers[i];
            uint256 exposure = _world.vault.provisionOf(provider, address(_world.registry)).exposure;
            assertEq(exposure, _handler.collateralOf(provider), "EXP-1: exposure");
        }
    }

    function _endEverything() private {
        // Longer than any window, and than any move.
        skip(1 hours);
        for (uint256 number = 0; number < _handler.jobs(); ++number) {
            _finish(number);
            Job memory job = _handler.jobOf(number);
            bool isFinal = job.state == JobState.Settled || job.state == JobState.Refunded;
            assertTrue(isFinal, "LIV-1: a job did not end");
            assertEq(_handler.mattersOf(number), 0, "DIS-4: a dispute did not end");
        }
        for (uint256 i = 0; i < _handler.promises(); ++i) _burn(i);
        assertEq(_world.lat.balanceOf(address(_world.disputes)), 0, "DIS-2: a bond is left");
    }

    function _burn(uint256 index) private {
        DisputeBooks.Promised memory made = _handler.promiseAt(index);
        if (made.bond == 0) return;
        _world.disputes.burnCommitment(_handler.challengerOf(made.challenger), made.commitment);
    }

    /// @dev Ends all disputes of a job, and the job, with time and calls that anyone may make.
    function _finish(uint256 number) private {
        address market = address(_world.market);
        bytes memory claim = _handler.claimOf(number);
        for (uint256 i = 0; i < 2; ++i) {
            if (_handler.demandOf(number, i == 0).asker == address(0)) continue;
            _world.disputes.claimUnanswered(market, claim, i == 0);
        }
        for (uint256 i = 0; i < 3; ++i) _finishInquiry(number, i);
        Verdict memory verdict = _handler.verdictOf(number);
        if (verdict.reporter != address(0) && !verdict.executed) {
            if (present() < verdict.executableAt) vm.warp(verdict.executableAt);
            _world.disputes.execute(market, claim);
        }
        JobState state = _handler.jobOf(number).state;
        if (state == JobState.Challengeable) _world.market.settle(_handler.orderOf(number));
        if (state == JobState.Assigned) _world.market.timeOut(_handler.orderOf(number));
    }

    function _finishInquiry(uint256 number, uint256 challenger) private {
        Inquiry memory inquiry = _handler.inquiryOf(number, challenger);
        if (inquiry.turn == Turn.None || inquiry.turn == Turn.Closed) return;
        Verdict memory verdict = _handler.verdictOf(number);
        address inquirer = _handler.challengerOf(challenger);
        bool convicted = verdict.reporter != address(0);
        if (convicted && present() < verdict.executableAt) vm.warp(verdict.executableAt);
        if (!convicted && inquiry.turn == Turn.Provider) {
            _world.disputes.claimSilence(address(_world.market), _handler.claimOf(number), inquirer);
        } else {
            _world.disputes.closeInquiry(address(_world.market), _handler.subjectOf(number), inquirer);
        }
    }
}
