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
    address private constant ANYONE = address(0xa11);

    World private _world;
    JobMarketHandler private _handler;

    function setUp() public {
        _world = deployWorld();
        _handler = new JobMarketHandler(_world);
        _world.manager.grantRole(ADMIN_ROLE, address(_handler), 0);
        targetContract(address(_handler));
    }

    function invariant_SM1_SM2_PAY1_OnlyListedTransitionsHappen() public view {
        _assertPromises();
    }

    function invariant_SOL1_EscrowIsSolvent() public view {
        _assertSolvent(_world.lat);
        _assertSolvent(_world.dollar);
    }

    function invariant_EXP1_ExposureIsTheCollateralOfOpenJobs() public view {
        _assertExposure();
    }

    /// @dev The runner discards what an invariant changes.
    function invariant_LIV1_LIV2_TimeAndAnyoneEndEveryJob() public {
        _endEveryJob();
    }

    function afterInvariant() public view {
        assertBusy(_handler.totalEffects(), 12);
    }

    /// @dev One long run of the same actions, so that rare ones are seen to happen too. Prints how often each did.
    function test_Handler_EveryTransitionHappens() public {
        uint256 seed = uint256(keccak256("campaign"));
        for (uint256 round = 0; round < 4_000; ++round) {
            seed = uint256(keccak256(abi.encode(seed)));
            _act(seed % 30, seed >> 8);
            if (round % 100 == 99) {
                _assertPromises();
                _assertSolvent(_world.lat);
                _assertSolvent(_world.dollar);
                _assertExposure();
            }
        }
        _assertEffects();
        _assertMoves();
        _endEveryJob();
    }

    /// @dev Weighted like real life: much work, some time, a little governance. Reverts mean that nothing happened.
    function _act(uint256 choice, uint256 seed) private {
        uint96 amount = uint96(seed >> 96);
        if (choice < 4) _order(choice, seed, amount);
        else if (choice < 5) try _handler.startEpoch(bytes32(seed)) {} catch {}
        else if (choice < 13) try _handler.advance(seed) {} catch {}
        else if (choice < 15) try _handler.exit(seed) {} catch {}
        else if (choice < 16) try _handler.cancel(seed) {} catch {}
        else if (choice < 17) try _handler.decline(seed) {} catch {}
        else if (choice < 18) try _handler.bid(seed, amount) {} catch {}
        else if (choice < 21) _handler.warp(seed);
        else if (choice < 22) try _handler.moveStake(seed, amount) {} catch {}
        else if (choice < 23) try _handler.changeOffer(seed, amount) {} catch {}
        else if (choice < 24) _handler.sponsor(seed, amount);
        else if (choice < 25) _handler.cancelNonces(seed);
        else if (choice < 26) _handler.drain(seed);
        else if (choice < 27) _handler.pause(seed);
        else if (choice < 29)
            try _handler.meddle(seed) {} catch {}
            // The one choice that stops a verifier for good is left to the end of the run.
        else if (seed % 16 != 0 || _handler.jobs() > 300) try _handler.govern(seed) {} catch {}
    }

    function _order(uint256 choice, uint256 seed, uint96 amount) private {
        if (choice == 0) try _handler.postDrawn(seed, amount, amount) {} catch {}
        else if (choice == 1) try _handler.postDirect(seed, amount, amount) {} catch {}
        else if (choice == 2) try _handler.postAuction(seed, amount, amount) {} catch {}
        else try _handler.postSigned(seed, amount, amount) {} catch {}
    }

    function _assertEffects() private view {
        bytes32[29] memory effects = [
            bytes32("post"),
            "postSigned",
            "postSigned, nonce spent",
            "cancelNonces",
            "sponsor",
            "post, sponsored",
            "bid",
            "assign",
            "award, to a bidder",
            "award, from the pool",
            "accept",
            "deliver",
            "commit, to be proved",
            "commit, bonded",
            "prove",
            "settle",
            "paid in LAT",
            "paid in dollars",
            "decline, drawn again",
            "decline, refunded",
            "timeOut, drawn again",
            "timeOut, refunded",
            "timeOut, nobody slashed",
            "cancel",
            "refund",
            "refunded to the sponsor",
            "startEpoch",
            "meddle",
            "meddle, listed transition"
        ];
        for (uint256 i = 0; i < effects.length; ++i) _assertHappened(_text(effects[i]), _handler.effectsOf(effects[i]));
    }

    /// @dev Every pair of states that contracts/types/Job.sol lists, however a job gets from the one to the other.
    function _assertMoves() private view {
        string[7] memory names = ["None", "Posted", "Assigned", "Committed", "Challengeable", "Settled", "Refunded"];
        uint256 listed;
        for (uint256 from = 0; from < names.length; ++from) {
            for (uint256 to = 0; to < names.length; ++to) {
                if (!_handler.isListed(JobState(from), JobState(to))) continue;
                ++listed;
                string memory name = string.concat(names[from], " to ", names[to]);
                _assertHappened(name, _handler.moves(JobState(from), JobState(to)));
            }
        }
        assertEq(listed, 12, "listed transitions");
    }

    function _assertHappened(string memory name, uint256 times) private pure {
        console.log("%s: %d", name, times);
        assertGe(times, 1, name);
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
        uint256 jobs = _handler.jobs();
        for (uint256 number = 1; number <= jobs; ++number) {
            bytes32 digest = keccak256(abi.encode(_handler.jobOf(number)));
            assertEq(digest, _handler.digestOf(number), "SM-1, SM-2: a job changed by itself");
        }
    }

    function _assertSolvent(IERC20 token) private view {
        uint256 locked = _world.escrow.lockedBy(address(_world.market), address(token));
        uint256 open = _handler.openMaxima(address(token));
        assertEq(locked, open, "PAY-2: locked is the sum of open orders' maxima");
        uint256 owed = locked + _owed(address(token), _world.royaltyRecipient);
        owed += _owed(address(token), _world.treasury) + _owed(address(token), _world.sponsor);
        for (uint256 i = 0; i < 2; ++i) owed += _owed(address(token), _world.requesters[i]);
        for (uint256 i = 0; i < 3; ++i) owed += _owed(address(token), _world.payouts[i]);
        assertGe(token.balanceOf(address(_world.escrow)), owed, "SOL-1: escrow");
        assertEq(owed, 3 * FUNDS, "nothing is lost or made");
    }

    function _owed(address token, address owner) private view returns (uint256) {
        IPaymentEscrow.Account memory account = _world.escrow.accountOf(owner, token);
        return uint256(account.deposit) + account.earnings + account.thawing;
    }

    function _assertExposure() private view {
        address service = address(_world.registry);
        for (uint256 i = 0; i < 3; ++i) {
            address provider = _world.providers[i];
            uint256 collateral = _handler.openCollateral(provider);
            assertEq(_world.vault.lockedBy(provider, service, address(_world.market)), collateral, "EXP-1: locks");
            assertEq(_world.vault.provisionOf(provider, service).exposure, collateral, "EXP-1: exposure");
            assertLe(collateral, _world.vault.provisionOf(provider, service).tokens, "EXP-2: backed by stake");
        }
    }

    /// @dev Only time and calls that anyone may make. New work is paused, which must hinder none of them (LIV-2).
    function _endEveryJob() private {
        _world.market.setNewWorkPaused(true);
        uint256[] memory open = _handler.openJobs();
        for (uint256 i = 0; i < open.length; ++i) {
            Order memory order = _handler.orderOf(open[i]);
            // Time-outs may open it again once for each reassignment, each time for one window.
            for (uint256 steps = 0; steps < 8; ++steps) if (_endStep(open[i], order)) break;
            assertTrue(_handler.isFinal(_handler.jobOf(open[i]).state), "LIV-1: a job cannot be ended");
        }
        address market = address(_world.market);
        assertEq(_world.escrow.lockedBy(market, address(_world.lat)), 0, "LIV-1: LAT stays locked");
        assertEq(_world.escrow.lockedBy(market, address(_world.dollar)), 0, "LIV-1: dollars stay locked");
        for (uint256 i = 0; i < 3; ++i) {
            address service = address(_world.registry);
            assertEq(_world.vault.provisionOf(_world.providers[i], service).exposure, 0, "LIV-1: stake stays locked");
        }
    }

    /// @dev Waits for the job's deadline and takes its exit; true when it has ended.
    function _endStep(uint256 number, Order memory order) private returns (bool) {
        Job memory job = _handler.jobOf(number);
        if (_handler.isFinal(job.state)) return true;
        if (job.deadline > present()) vm.warp(job.deadline);
        vm.prank(ANYONE);
        if (job.state == JobState.Posted) _world.market.refund(order);
        else if (job.state == JobState.Challengeable) _world.market.settle(order);
        else _world.market.timeOut(order);
        return false;
    }
}
