// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {console} from "hardhat/console.sol";
import {IPaymentEscrow} from "../../contracts/interfaces/IPaymentEscrow.sol";
import {Job, JobState} from "../../contracts/types/Job.sol";
import {Order} from "../../contracts/types/Order.sol";
import {MarketWorld, World} from "../helpers/solidity/MarketWorld.sol";
import {JobMarketActions} from "./handlers/JobMarketActions.sol";

/// @dev The runner calls only contracts whose artifact was built, which it is for those in test files.
contract JobMarketHandler is JobMarketActions {
    constructor(World memory world) JobMarketActions(world) {}
}

/// @title JobMarketInvariants: what holds for the market and its peers after any sequence of calls
contract JobMarketInvariants is MarketWorld {
    uint64 private constant ADMIN_ROLE = 0;

    World private _world;
    JobMarketHandler private _handler;

    function setUp() public {
        _world = deployWorld();
        _handler = new JobMarketHandler(_world);
        _world.manager.grantRole(ADMIN_ROLE, address(_handler), 0);
        targetContract(address(_handler));
    }

    /// hardhat-config: invariant.runs = 128
    function invariant_SM1_OnlyListedTransitionsHappen() public view {
        _assertPromises();
    }

    /// hardhat-config: invariant.runs = 128
    function invariant_SOL1_EscrowIsSolvent() public view {
        _assertSolvent(_world.lat);
        _assertSolvent(_world.dollar);
    }

    /// hardhat-config: invariant.runs = 128
    function invariant_EXP1_ExposureIsTheCollateralOfOpenJobs() public view {
        _assertExposure();
    }

    /// @dev The runner discards what an invariant changes.
    /// hardhat-config: invariant.runs = 128
    function invariant_LIV1_TimeAndAnyoneEndEveryJob() public {
        _endEveryJob();
    }

    function afterInvariant() public view {
        // At most 64 calls are made; most must have had an effect, or the run tested little.
        assertGe(_handler.totalEffects(), 16, "effective actions");
    }

    /// @dev One long run of the same actions, so that rare ones are seen to happen too. Prints how often each did.
    function test_Handler_EveryTransitionHappens() public {
        uint256 seed = uint256(keccak256("campaign"));
        for (uint256 round = 0; round < 2_000; ++round) {
            seed = uint256(keccak256(abi.encode(seed)));
            _act(seed % 22, seed >> 8);
            if (round % 100 == 99) {
                _assertPromises();
                _assertSolvent(_world.lat);
                _assertSolvent(_world.dollar);
                _assertExposure();
            }
        }
        bytes32[11] memory transitions = [
            bytes32("post"),
            "assign",
            "accept",
            "commit",
            "prove",
            "cancel",
            "refund",
            "timeOut, drawn again",
            "timeOut, refunded",
            "timeOut, nobody slashed",
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
        if (choice < 1) try _handler.postDrawn(seed, amount, amount) {} catch {}
        else if (choice < 2) try _handler.postDirect(seed, amount, amount) {} catch {}
        else if (choice < 3) try _handler.startEpoch(bytes32(seed)) {} catch {}
        else if (choice < 9) try _handler.advance(seed) {} catch {}
        else if (choice < 11) try _handler.exit(seed) {} catch {}
        else if (choice < 12) try _handler.cancel(seed) {} catch {}
        else if (choice < 15) _handler.warp(seed);
        else if (choice < 16) try _handler.moveStake(seed, amount) {} catch {}
        else if (choice < 17) try _handler.changeOffer(seed, amount) {} catch {}
        else if (choice < 18) _handler.drain(seed);
        else if (choice < 19) _handler.pause(seed);
        else if (choice < 21)
            try _handler.meddle(seed) {} catch {}
            // The one choice that stops a verifier for good is left to the end of the run.
        else if (seed % 16 != 0 || _handler.jobs() > 120) try _handler.govern(seed) {} catch {}
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
            Job memory job = _world.market.jobOf(jobId);
            Order memory order = _handler.orderOf(jobId);
            assertTrue(job.state == _handler.stateOf(jobId), "SM-1: a job moved by itself");
            assertEq(job.orderHash, _world.market.hashOrder(order), "an order changed");
            assertLe(job.price, order.maxPrice, "PAY-3: price above the maximum");
            bool over = _handler.isFinal(jobId);
            assertEq(_handler.endings(jobId), over ? 1 : 0, "PAY-1: a job ends once");
            if (over) assertEq(keccak256(abi.encode(job)), _handler.finalDigest(jobId), "SM-2: a final job changed");
        }
        assertEq(_world.market.jobCount(), _handler.jobs(), "jobs");
    }

    function _assertSolvent(IERC20 token) private view {
        uint256 open;
        for (uint256 jobId = 1; jobId <= _handler.jobs(); ++jobId) {
            Order memory order = _handler.orderOf(jobId);
            if (order.paymentToken == address(token) && !_handler.isFinal(jobId)) open += order.maxPrice;
        }
        uint256 locked = _world.escrow.lockedBy(address(_world.market), address(token));
        assertEq(locked, open, "PAY-2: locked is the sum of open orders' maxima");
        uint256 owed = locked + _owed(address(token), _world.royaltyRecipient);
        owed += _owed(address(token), _world.treasury);
        for (uint256 i = 0; i < 2; ++i) owed += _owed(address(token), _world.requesters[i]);
        for (uint256 i = 0; i < 3; ++i) owed += _owed(address(token), _world.payouts[i]);
        assertGe(token.balanceOf(address(_world.escrow)), owed, "SOL-1: escrow");
        assertEq(owed, 2 * REQUESTER_FUNDS, "nothing is lost or made");
    }

    function _owed(address token, address owner) private view returns (uint256) {
        IPaymentEscrow.Account memory account = _world.escrow.accountOf(owner, token);
        return uint256(account.deposit) + account.earnings + account.thawing;
    }

    function _assertExposure() private view {
        for (uint256 i = 0; i < 3; ++i) {
            address provider = _world.providers[i];
            uint256 collateral;
            for (uint256 jobId = 1; jobId <= _handler.jobs(); ++jobId) {
                JobState state = _handler.stateOf(jobId);
                bool backed = state == JobState.Assigned || state == JobState.Committed;
                if (backed && _world.market.jobOf(jobId).provider == provider) {
                    collateral += _handler.orderOf(jobId).collateral;
                }
            }
            address service = address(_world.registry);
            assertEq(_world.vault.lockedBy(provider, service, address(_world.market)), collateral, "EXP-1: locks");
            assertEq(_world.vault.provisionOf(provider, service).exposure, collateral, "EXP-1: exposure");
            assertLe(collateral, _world.vault.provisionOf(provider, service).tokens, "EXP-2: backed by stake");
        }
    }

    /// @dev Only time and calls that anyone may make. New work is paused, which must hinder none of them (LIV-2).
    function _endEveryJob() private {
        _world.market.setNewWorkPaused(true);
        address anyone = actor("anyone at all");
        for (uint256 jobId = 1; jobId <= _handler.jobs(); ++jobId) {
            Order memory order = _handler.orderOf(jobId);
            // Time-outs may open it again once for each reassignment, each time for one window.
            for (uint256 steps = 0; steps < 8; ++steps) {
                Job memory job = _world.market.jobOf(jobId);
                if (job.state == JobState.Settled || job.state == JobState.Refunded) break;
                if (job.deadline > block.timestamp) vm.warp(job.deadline);
                vm.prank(anyone);
                if (job.state == JobState.Posted) _world.market.refund(jobId, order);
                else _world.market.timeOut(jobId, order);
            }
            JobState last = _world.market.jobOf(jobId).state;
            assertTrue(last == JobState.Settled || last == JobState.Refunded, "LIV-1: a job cannot be ended");
        }
        address market = address(_world.market);
        assertEq(_world.escrow.lockedBy(market, address(_world.lat)), 0, "LIV-1: LAT stays locked");
        assertEq(_world.escrow.lockedBy(market, address(_world.dollar)), 0, "LIV-1: dollars stay locked");
        for (uint256 i = 0; i < 3; ++i) {
            address service = address(_world.registry);
            assertEq(_world.vault.provisionOf(_world.providers[i], service).exposure, 0, "LIV-1: stake stays locked");
        }
    }
}
