// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {SessionState, SessionTerms, Voucher, VoucherRejection} from "../../../contracts/types/Session.sol";
import {ActionLog} from "../../helpers/solidity/ActionLog.sol";
import {LatticeTest} from "../../helpers/solidity/LatticeTest.sol";
import {SessionWorld} from "../../helpers/solidity/VoucherWorld.sol";

/// @notice What a session should be, by the handler's own account.
struct Expectation {
    bytes32 id;
    uint256 key;
    SessionTerms terms;
    SessionState state;
    uint256 deposit;
    uint256 redeemed;
    uint256 closesAt;
    uint256 redeemedAt;
    bool backed;
    uint256 endings;
    uint256 protocolFeePpm;
}

/// @notice A batch that is being made up, and what should come of it.
struct Batch {
    address caller;
    Voucher[] vouchers;
    bytes[] signatures;
    VoucherRejection[] expected;
}

/// @title VoucherSteps: each transition of a session, checked against what should come of it
/// @dev A revert inside a handler goes unnoticed, so broken promises are written down instead.
abstract contract VoucherSteps is LatticeTest, ActionLog {
    uint256 private constant THAW = 300;

    SessionWorld internal _world;
    Expectation[] internal _sessions;

    /// @notice What was broken first; empty while all promises hold.
    string public violation;

    mapping(address provider => uint256 collateral) private _lockedInBatch;

    function sessions() external view returns (uint256) {
        return _sessions.length;
    }

    function expectationOf(uint256 index) external view returns (Expectation memory) {
        return _sessions[index];
    }

    // Steps

    function _open(SessionTerms memory terms, uint256 key, address opener) internal {
        uint256 protocolFeePpm = _feePpm();
        vm.prank(opener);
        try _world.vouchers.open(terms) returns (bytes32 id) {
            _expect(!_world.vouchers.isNewWorkPaused(), "LIV-2: opened while paused");
            Expectation storage session = _sessions.push();
            session.id = id;
            session.key = key;
            session.terms = terms;
            session.state = SessionState.Open;
            session.deposit = terms.deposit;
            session.protocolFeePpm = protocolFeePpm;
            _count(terms.sponsor == address(0) ? bytes32("open") : bytes32("open, sponsored"));
        } catch {
            _count("open, refused");
        }
    }

    function _topUp(uint256 index, address from, uint96 amount) internal {
        Expectation storage session = _sessions[index];
        bool allowed = session.state == SessionState.Open && !_world.vouchers.isNewWorkPaused();
        vm.prank(from);
        try _world.vouchers.topUp(session.id, amount) {
            _expect(allowed, "a top-up that is not allowed");
            session.deposit += amount;
            _count("topUp");
        } catch {
            _count("topUp, refused");
        }
    }

    /// @dev Adds a voucher to the batch, and to the account what should come of it.
    function _plan(Batch memory batch, uint256 i, uint256 index, uint256 amount, uint256 key) internal {
        Expectation storage session = _sessions[index];
        Voucher memory voucher = Voucher(session.id, uint128(amount), uint64(i), keccak256(abi.encode(amount)));
        batch.vouchers[i] = voucher;
        batch.signatures[i] = _sign(voucher, key);
        VoucherRejection reason = _reasonFor(session, batch.caller, amount, key);
        batch.expected[i] = reason;
        if (reason != VoucherRejection.None) return;
        if (!session.backed) _lockedInBatch[session.terms.provider] += session.terms.collateral;
        session.backed = true;
        session.redeemed = amount;
        session.redeemedAt = block.timestamp;
    }

    function _planUnknown(Batch memory batch, uint256 i, bytes32 id) internal view {
        batch.vouchers[i] = Voucher(id, 1, 0, 0);
        batch.signatures[i] = _sign(batch.vouchers[i], _world.keys[0]);
        batch.expected[i] = VoucherRejection.UnknownSession;
    }

    function _redeem(Batch memory batch) internal {
        vm.prank(batch.caller);
        uint256 accepted = _world.vouchers.redeem(batch.vouchers, batch.signatures);
        for (uint256 i = 0; i < batch.vouchers.length; ++i) {
            bool paid = (accepted >> i) & 1 == 1;
            _expect(paid == (batch.expected[i] == VoucherRejection.None), "a voucher was not judged as it should be");
            _count(_nameOf(batch.expected[i]));
        }
        for (uint256 i = 0; i < 3; ++i) delete _lockedInBatch[_world.base.providers[i]];
    }

    function _close(uint256 index, address caller) internal {
        Expectation storage session = _sessions[index];
        bool byProvider = caller == session.terms.provider;
        bool byPayer = caller == session.terms.requester || caller == session.terms.sponsor;
        bool expired = block.timestamp >= session.terms.expiresAt;
        vm.prank(caller);
        try _world.vouchers.close(session.id) {
            if (byProvider) {
                _expect(session.state == SessionState.Open || session.state == SessionState.Closing, "SM-1: close");
                _count("close, by its provider");
                return _end(session);
            }
            _expect(session.state == SessionState.Open && (byPayer || expired), "SM-1: close");
            session.state = SessionState.Closing;
            session.closesAt = block.timestamp + THAW;
            _count(byPayer ? bytes32("close, by its payer") : bytes32("close, expired"));
        } catch {
            bool due = session.state == SessionState.Open && (byPayer || byProvider || expired);
            _expect(!due, "LIV-1: an exit was refused");
            _count("close, refused");
        }
    }

    function _finish(uint256 index, address caller) internal {
        Expectation storage session = _sessions[index];
        bool due = session.state == SessionState.Closing && block.timestamp >= session.closesAt;
        vm.prank(caller);
        try _world.vouchers.finish(session.id) {
            _expect(due, "SM-1: finish");
            _count("finish");
            _end(session);
        } catch {
            _expect(!due, "LIV-1: an end was refused");
        }
    }

    /// @dev `consented` is what the provider signs for; the call is right only once so much was redeemed.
    function _closeNow(uint256 index, address caller, uint128 consented, bytes memory signature) internal {
        Expectation storage session = _sessions[index];
        bool open = session.state == SessionState.Open || session.state == SessionState.Closing;
        vm.prank(caller);
        try _world.vouchers.closeNow(session.id, consented, signature) {
            _expect(open && session.redeemed >= consented, "SM-1: closeNow");
            _expect(caller == session.terms.requester || caller == session.terms.sponsor, "closeNow by a stranger");
            _count("closeNow");
            _end(session);
        } catch {
            _count("closeNow, refused");
        }
    }

    function _release(uint256 index, address caller) internal {
        Expectation storage session = _sessions[index];
        bool over = block.timestamp >= session.redeemedAt + session.terms.challengeSeconds;
        bool may = session.state == SessionState.Closed || caller == session.terms.provider;
        vm.prank(caller);
        try _world.vouchers.releaseCollateral(session.id) {
            _expect(session.backed && over && may, "EXP-1: collateral freed while it backs jobs");
            session.backed = false;
            _count("releaseCollateral");
        } catch {
            _expect(!(session.backed && over && may), "LIV-1: a release was refused");
        }
    }

    // Internals

    /// @dev The reason by the written rules, in their order.
    function _reasonFor(
        Expectation storage session,
        address caller,
        uint256 amount,
        uint256 key
    ) private view returns (VoucherRejection) {
        bool late = session.state == SessionState.Closing && block.timestamp >= session.closesAt;
        if (session.state == SessionState.Closed || late) return VoucherRejection.SessionClosed;
        if (caller != session.terms.provider) return VoucherRejection.NotProvider;
        if (amount <= session.redeemed) return VoucherRejection.StaleAmount;
        if (amount > session.deposit) return VoucherRejection.ExceedsDeposit;
        if (key != session.key) return VoucherRejection.InvalidSignature;
        uint256 free = _world.base.vault.freeStake(caller, address(_world.base.registry));
        uint256 needed = _lockedInBatch[caller] + session.terms.collateral;
        if (!session.backed && needed > free) return VoucherRejection.StakeTooLow;
        return VoucherRejection.None;
    }

    function _end(Expectation storage session) private {
        session.state = SessionState.Closed;
        session.closesAt = 0;
        ++session.endings;
    }

    function _sign(Voucher memory voucher, uint256 key) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, _world.vouchers.voucherDigest(voucher));
        return abi.encodePacked(r, s, v);
    }

    function _feePpm() internal view virtual returns (uint256);

    function _nameOf(VoucherRejection reason) private pure returns (bytes32) {
        if (reason == VoucherRejection.None) return "redeem";
        if (reason == VoucherRejection.UnknownSession) return "rejected: UnknownSession";
        if (reason == VoucherRejection.SessionClosed) return "rejected: SessionClosed";
        if (reason == VoucherRejection.NotProvider) return "rejected: NotProvider";
        if (reason == VoucherRejection.StaleAmount) return "rejected: StaleAmount";
        if (reason == VoucherRejection.ExceedsDeposit) return "rejected: ExceedsDeposit";
        if (reason == VoucherRejection.InvalidSignature) return "rejected: InvalidSignature";
        return "rejected: StakeTooLow";
    }

    function _expect(bool condition, string memory what) internal {
        if (!condition && bytes(violation).length == 0) violation = what;
    }
}
