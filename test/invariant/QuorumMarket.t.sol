// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {console} from "hardhat/console.sol";
import {IPaymentEscrow} from "../../contracts/interfaces/IPaymentEscrow.sol";
import {QuorumJob, QuorumMember, QuorumState} from "../../contracts/types/Quorum.sol";
import {QuorumScene, QuorumWorld} from "../helpers/solidity/QuorumWorld.sol";
import {QuorumMarketActions} from "./handlers/QuorumMarketActions.sol";

/// @dev The runner calls only contracts whose artifact was built, which it is for those in test files.
contract QuorumMarketHandler is QuorumMarketActions {
    constructor(QuorumScene memory scene) QuorumMarketActions(scene) {}
}

/// @title QuorumMarketInvariants: what holds for redundant jobs and their peers after any sequence of calls
contract QuorumMarketInvariants is QuorumWorld {
    uint64 private constant ADMIN_ROLE = 0;

    QuorumScene private _scene;
    QuorumMarketHandler private _handler;

    function setUp() public {
        _scene = deployScene();
        _handler = new QuorumMarketHandler(_scene);
        _scene.world.manager.grantRole(ADMIN_ROLE, address(_handler), 0);
        targetContract(address(_handler));
    }

    function invariant_SM1_OnlyListedTransitionsHappen() public view {
        _assertPromises();
    }

    function invariant_SOL1_EscrowIsSolvent() public view {
        _assertSolvent();
    }

    function invariant_EXP1_ExposureIsTheCollateralOfOpenPlaces() public view {
        _assertExposure();
    }

    /// @dev The runner discards what an invariant changes.
    function invariant_LIV1_TimeAndAnyoneEndEveryJob() public {
        _endEveryJob();
    }

    function afterInvariant() public view {
        // At most 64 calls are made; a run in which hardly any had an effect tested little.
        assertBusy(_handler.totalEffects(), 12);
    }

    /// @dev One long run of the same actions, so that rare ones are seen to happen too. Prints how often each did.
    function test_Handler_EveryTransitionHappens() public {
        uint256 seed = uint256(keccak256("quorum campaign"));
        for (uint256 round = 0; round < 2_500; ++round) {
            seed = uint256(keccak256(abi.encode(seed)));
            _act(seed % 25, seed >> 8);
            if (round % 100 == 99) {
                _assertPromises();
                _assertSolvent();
                _assertExposure();
            }
        }
        bytes32[17] memory transitions = [
            bytes32("post"),
            "assign",
            "commit",
            "decline",
            "decline, round over",
            "reveal",
            "finalise, unanimous",
            "finalise, majority",
            "finalise, drawn again",
            "finalise, refunded",
            "finalise, nobody can be slashed",
            "slashed: not committed",
            "slashed: not revealed",
            "slashed: contradicted",
            "cancel",
            "refund",
            "meddle, listed transition"
        ];
        for (uint256 i = 0; i < transitions.length; ++i) {
            uint256 times = _handler.effectsOf(transitions[i]);
            string memory name = _text(transitions[i]);
            console.log("%s: %d", name, times);
            assertGe(times, 1, name);
        }
        _endEveryJob();
    }

    /// @dev Weighted like real life: much work, some time, a little governance. Reverts mean that nothing happened.
    function _act(uint256 choice, uint256 seed) private {
        uint96 amount = uint96(seed >> 96);
        if (choice < 1) try _handler.post(seed, amount, amount) {} catch {}
        else if (choice < 14) try _handler.advance(seed) {} catch {}
        else if (choice < 16) try _handler.exit(seed) {} catch {}
        else if (choice < 17) try _handler.exitAgain(seed) {} catch {}
        else if (choice < 18) try _handler.cancel(seed) {} catch {}
        else if (choice < 19) _handler.warp(seed);
        else if (choice < 20) try _handler.moveStake(seed, amount) {} catch {}
        else if (choice < 21) _handler.drain(seed);
        else if (choice < 22) _handler.pause(seed);
        else if (choice < 24) try _handler.meddle(seed) {} catch {}
        else try _handler.govern(seed) {} catch {}
    }

    function _text(bytes32 padded) private pure returns (string memory text) {
        uint256 length;
        while (length < 32 && padded[length] != 0) ++length;
        text = string(abi.encodePacked(padded));
        assembly ("memory-safe") {
            mstore(text, length)
        }
    }

    function _assertPromises() private view {
        assertTrue(bytes(_handler.violation()).length == 0, _handler.violation());
        for (uint256 jobId = 1; jobId <= _handler.jobs(); ++jobId) {
            QuorumJob memory job = _scene.market.jobOf(jobId);
            assertTrue(job.state == _handler.stateOf(jobId), "SM-1: a job moved by itself");
            assertEq(job.orderHash, _scene.market.hashOrder(_handler.orderOf(jobId)), "an order changed");
            bool over = _handler.isFinal(jobId);
            assertEq(_handler.endings(jobId), over ? 1 : 0, "PAY-1: a job ends once");
            if (over) assertEq(keccak256(abi.encode(job)), _handler.finalDigest(jobId), "SM-2: a final job changed");
        }
        assertEq(_scene.market.jobCount(), _handler.jobs(), "jobs");
    }

    function _assertSolvent() private view {
        uint256 open;
        for (uint256 jobId = 1; jobId <= _handler.jobs(); ++jobId) {
            if (!_handler.isFinal(jobId)) open += _handler.lockedFor(jobId);
        }
        uint256 locked = _scene.world.escrow.lockedBy(address(_scene.market), address(_scene.world.lat));
        assertEq(locked, open, "PAY-2: locked is the sum of open orders' maxima");
        uint256 owed = locked + _owed(_scene.world.royaltyRecipient) + _owed(_scene.world.treasury);
        for (uint256 i = 0; i < 2; ++i) owed += _owed(_scene.world.requesters[i]);
        for (uint256 i = 0; i < 5; ++i) owed += _owed(_scene.payouts[i]);
        assertGe(_scene.world.lat.balanceOf(address(_scene.world.escrow)), owed, "SOL-1: escrow");
        assertEq(owed, 2 * FUNDS, "nothing is lost or made");
    }

    function _owed(address owner) private view returns (uint256) {
        IPaymentEscrow.Account memory account = _scene.world.escrow.accountOf(owner, address(_scene.world.lat));
        return uint256(account.deposit) + account.earnings + account.thawing;
    }

    function _assertExposure() private view {
        address service = address(_scene.world.registry);
        for (uint256 i = 0; i < 5; ++i) {
            address provider = _scene.providers[i];
            uint256 collateral;
            for (uint256 jobId = 1; jobId <= _handler.jobs(); ++jobId) {
                if (_holdsPlace(jobId, provider)) collateral += _handler.orderOf(jobId).collateral;
            }
            assertEq(
                _scene.world.vault.lockedBy(provider, service, address(_scene.market)),
                collateral,
                "EXP-1: locks"
            );
            assertEq(_scene.world.vault.provisionOf(provider, service).exposure, collateral, "EXP-1: exposure");
            assertLe(collateral, _scene.world.vault.provisionOf(provider, service).tokens, "EXP-2: backed by stake");
        }
    }

    function _holdsPlace(uint256 jobId, address provider) private view returns (bool) {
        QuorumState state = _handler.stateOf(jobId);
        if (state != QuorumState.Committing && state != QuorumState.Revealing) return false;
        QuorumMember[] memory members = _scene.market.jobOf(jobId).members;
        for (uint256 i = 0; i < members.length; ++i) {
            if (members[i].provider == provider) return !members[i].declined;
        }
        return false;
    }

    /// @dev Only time and calls that anyone may make. New work is paused, which must hinder none of them (LIV-2).
    function _endEveryJob() private {
        _scene.market.setNewWorkPaused(true);
        address anyone = actor("anyone at all");
        for (uint256 jobId = 1; jobId <= _handler.jobs(); ++jobId) {
            // A round may be drawn again once for each reassignment, each time for one window.
            for (uint256 steps = 0; steps < 8 && !_isOver(jobId); ++steps) {
                QuorumJob memory job = _scene.market.jobOf(jobId);
                bool posted = job.state == QuorumState.Posted;
                uint256 until = job.deadline + (posted ? 0 : _handler.orderOf(jobId).proveSeconds);
                if (until > present()) vm.warp(until);
                vm.prank(anyone);
                if (posted) _scene.market.refund(jobId, _handler.orderOf(jobId));
                else _scene.market.finalise(jobId, _handler.orderOf(jobId));
            }
            assertTrue(_isOver(jobId), "LIV-1: a job cannot be ended");
        }
        address lat = address(_scene.world.lat);
        assertEq(_scene.world.escrow.lockedBy(address(_scene.market), lat), 0, "LIV-1: LAT stays locked");
        for (uint256 i = 0; i < 5; ++i) {
            address service = address(_scene.world.registry);
            assertEq(
                _scene.world.vault.provisionOf(_scene.providers[i], service).exposure,
                0,
                "LIV-1: stake stays locked"
            );
        }
    }

    function _isOver(uint256 jobId) private view returns (bool) {
        QuorumState state = _scene.market.jobOf(jobId).state;
        return state == QuorumState.Settled || state == QuorumState.Refunded;
    }
}
