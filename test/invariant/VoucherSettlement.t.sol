// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {console} from "hardhat/console.sol";
import {IPaymentEscrow} from "../../contracts/interfaces/IPaymentEscrow.sol";
import {CumulativeSplit} from "../../contracts/libraries/CumulativeSplit.sol";
import {Session, SessionState} from "../../contracts/types/Session.sol";
import {SessionWorld, VoucherWorld} from "../helpers/solidity/VoucherWorld.sol";
import {VoucherActions} from "./handlers/VoucherActions.sol";
import {Expectation} from "./handlers/VoucherSteps.sol";

/// @dev The runner calls only contracts whose artifact was built, which it is for those in test files.
contract VoucherHandler is VoucherActions {
    constructor(SessionWorld memory world) VoucherActions(world) {}
}

/// @title VoucherSettlementInvariants: what holds for sessions and their peers after any sequence of calls
contract VoucherSettlementInvariants is VoucherWorld {
    uint64 private constant ADMIN_ROLE = 0;

    SessionWorld private _world;
    VoucherHandler private _handler;

    function setUp() public {
        _world = deploySessionWorld();
        _handler = new VoucherHandler(_world);
        _world.base.manager.grantRole(ADMIN_ROLE, address(_handler), 0);
        targetContract(address(_handler));
    }

    function invariant_PAY4_VouchersAreJudgedByTheRulesAndPaidWhole() public view {
        _assertPromises();
    }

    function invariant_SOL1_PAY1_PAY2_EveryUnitIsAccountedFor() public view {
        _assertMoney(_world.base.lat);
        _assertMoney(_world.base.dollar);
    }

    function invariant_EXP1_ExposureIsTheCollateralOfBackedSessions() public view {
        _assertExposure();
    }

    /// @dev The runner discards what an invariant changes.
    function invariant_LIV1_LIV2_TimeAndAnyoneEndEverySession() public {
        _endEverySession();
    }

    function afterInvariant() public view {
        // At most 64 calls are made; a run in which hardly any had an effect tested little.
        assertBusy(_handler.totalEffects(), 8);
    }

    /// @dev One long run of the same actions, so that rare ones are seen to happen too. Prints how often each did.
    function test_Handler_EveryTransitionHappens() public {
        uint256 seed = uint256(keccak256("sessions"));
        for (uint256 round = 0; round < 2_000; ++round) {
            seed = uint256(keccak256(abi.encode(seed)));
            _act(seed % 24, seed >> 8);
            if (round % 100 == 99) {
                _assertPromises();
                _assertMoney(_world.base.lat);
                _assertMoney(_world.base.dollar);
                _assertExposure();
            }
        }
        _assertEachHappened();
        _endEverySession();
    }

    function _assertEachHappened() private view {
        bytes32[22] memory transitions = [
            bytes32("open"),
            "open, sponsored",
            "open, refused",
            "topUp",
            "topUp, refused",
            "redeem",
            "rejected: UnknownSession",
            "rejected: SessionClosed",
            "rejected: NotProvider",
            "rejected: StaleAmount",
            "rejected: ExceedsDeposit",
            "rejected: InvalidSignature",
            "rejected: StakeTooLow",
            "close, by its provider",
            "close, by its payer",
            "close, expired",
            "close, refused",
            "closeNow",
            "closeNow, refused",
            "finish",
            "releaseCollateral",
            "pause"
        ];
        for (uint256 i = 0; i < transitions.length; ++i) {
            uint256 times = _handler.effectsOf(transitions[i]);
            string memory name = _text(transitions[i]);
            console.log("%s: %d", name, times);
            assertGe(times, 1, name);
        }
    }

    /// @dev Weighted like real life: much work, some time, a little governance. Reverts mean that nothing happened.
    function _act(uint256 choice, uint256 seed) private {
        uint96 amount = uint96(seed >> 96);
        if (choice < 3) _handler.open(seed, amount, uint96(seed >> 128));
        else if (choice < 5) _handler.topUp(seed, amount);
        else if (choice < 13) _handler.redeem(seed);
        else if (choice < 15) _handler.close(seed);
        else if (choice < 17) _handler.finish(seed);
        else if (choice < 18) _handler.closeNow(seed);
        else if (choice < 20) _handler.release(seed);
        else if (choice < 22) _handler.warp(seed);
        else if (choice < 23) _handler.pause(seed);
        else if (seed & 1 == 0) _handler.moveStake(seed >> 1);
        else try _handler.govern(seed >> 1) {} catch {}
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
        uint256 count = _handler.sessions();
        for (uint256 i = 0; i < count; ++i) {
            Expectation memory expected = _handler.expectationOf(i);
            Session memory session = _world.vouchers.sessionOf(expected.id);
            assertTrue(session.state == expected.state, "SM-1: a session moved by itself");
            assertEq(session.redeemed, expected.redeemed, "PAY-1: redeemed");
            assertEq(session.deposit, expected.deposit, "deposit");
            assertEq(session.closesAt, expected.closesAt, "closesAt");
            assertEq(session.redeemedAt, expected.redeemedAt, "PAY-4: redeemedAt");
            assertEq(session.protocolFeePpm, expected.protocolFeePpm, "the fee changed");
            assertTrue(session.backed == expected.backed, "backed");
            assertLe(session.redeemed, session.deposit, "PAY-4: paid more than the deposit");
            assertEq(expected.endings, session.state == SessionState.Closed ? 1 : 0, "SM-2: a session ends once");
        }
        assertEq(_world.vouchers.sessionCount(), count, "sessions");
    }

    /// @dev Sums over all sessions, each leg from the total that was redeemed, however many vouchers it took.
    function _assertMoney(IERC20 token) private view {
        uint256[3] memory provided;
        (uint256 published, uint256 fees, uint256 open) = (0, 0, 0);
        uint256 count = _handler.sessions();
        for (uint256 i = 0; i < count; ++i) {
            Expectation memory session = _handler.expectationOf(i);
            if (session.terms.paymentToken != address(token)) continue;
            if (session.state != SessionState.Closed) open += session.deposit - session.redeemed;
            (uint256 publisher, uint256 fee) = _split(session);
            provided[_indexOf(session.terms.provider)] += session.redeemed - publisher - fee;
            published += publisher;
            fees += fee;
        }
        address vouchers = address(_world.vouchers);
        assertEq(_world.base.escrow.lockedBy(vouchers, address(token)), open, "PAY-2: locked is what is not redeemed");
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(_earned(token, _world.base.payouts[i]), provided[i], "PAY-1: a provider's earnings");
        }
        assertEq(_earned(token, _world.base.royaltyRecipient), published, "PAY-2: royalties");
        assertEq(_earned(token, _world.base.treasury), fees, "PAY-2: fees");
        _assertSolvent(token, open);
    }

    function _assertSolvent(IERC20 token, uint256 open) private view {
        uint256 owed = open + _owed(token, _world.base.royaltyRecipient) + _owed(token, _world.base.treasury);
        for (uint256 i = 0; i < 2; ++i) {
            owed += _owed(token, _world.base.requesters[i]) + _owed(token, _world.signers[i]);
        }
        for (uint256 i = 0; i < 3; ++i) owed += _owed(token, _world.base.payouts[i]);
        owed += _owed(token, _world.sponsor);
        assertGe(token.balanceOf(address(_world.base.escrow)), owed, "SOL-1: escrow");
        assertEq(owed, 3 * FUNDS + 3 * SESSION_FUNDS, "nothing is lost or made");
    }

    function _split(Expectation memory session) private view returns (uint256 publisher, uint256 fee) {
        uint256 royaltyPpm = _world.base.models.termsOf(session.terms.modelVersion).royaltyPpm;
        return CumulativeSplit.split(session.redeemed, royaltyPpm, session.protocolFeePpm);
    }

    function _indexOf(address provider) private view returns (uint256 index) {
        while (_world.base.providers[index] != provider) ++index;
    }

    function _earned(IERC20 token, address owner) private view returns (uint256) {
        return _world.base.escrow.accountOf(owner, address(token)).earnings;
    }

    function _owed(IERC20 token, address owner) private view returns (uint256) {
        IPaymentEscrow.Account memory account = _world.base.escrow.accountOf(owner, address(token));
        return uint256(account.deposit) + account.earnings + account.thawing;
    }

    function _assertExposure() private view {
        uint256[3] memory collateral;
        uint256 count = _handler.sessions();
        for (uint256 i = 0; i < count; ++i) {
            Expectation memory session = _handler.expectationOf(i);
            if (session.backed) collateral[_indexOf(session.terms.provider)] += session.terms.collateral;
        }
        for (uint256 i = 0; i < 3; ++i) {
            address provider = _world.base.providers[i];
            address service = address(_world.base.registry);
            uint256 locked = _world.base.vault.lockedBy(provider, service, address(_world.vouchers));
            assertEq(locked, collateral[i], "EXP-1: locks");
            assertEq(_world.base.vault.provisionOf(provider, service).exposure, collateral[i], "EXP-1: exposure");
            assertLe(collateral[i], _world.base.vault.provisionOf(provider, service).tokens, "EXP-2: backed by stake");
        }
    }

    /// @dev Only time and calls that anyone may make. New work is paused, which must hinder none of them (LIV-2).
    function _endEverySession() private {
        _world.vouchers.setNewWorkPaused(true);
        uint256 count = _handler.sessions();
        // Longer than any session of the handler, any thaw and any challenge window.
        skip(2_000);
        vm.startPrank(actor("anyone at all"));
        for (uint256 i = 0; i < count; ++i) {
            Expectation memory session = _handler.expectationOf(i);
            if (session.state == SessionState.Open) _world.vouchers.close(session.id);
        }
        skip(2_000);
        for (uint256 i = 0; i < count; ++i) {
            Expectation memory session = _handler.expectationOf(i);
            if (session.state != SessionState.Closed) _world.vouchers.finish(session.id);
            if (session.backed) _world.vouchers.releaseCollateral(session.id);
        }
        vm.stopPrank();
        address vouchers = address(_world.vouchers);
        assertEq(_world.base.escrow.lockedBy(vouchers, address(_world.base.lat)), 0, "LIV-1: LAT stays locked");
        assertEq(_world.base.escrow.lockedBy(vouchers, address(_world.base.dollar)), 0, "LIV-1: dollars stay locked");
        for (uint256 i = 0; i < 3; ++i) {
            uint256 exposure = _world
                .base
                .vault
                .provisionOf(_world.base.providers[i], address(_world.base.registry))
                .exposure;
            assertEq(exposure, 0, "LIV-1: stake stays locked");
        }
    }
}
