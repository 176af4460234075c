// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {SessionState, SessionTerms, Voucher, VoucherRejection} from "../../../contracts/types/Session.sol";
import {Tier} from "../../../contracts/types/Order.sol";
import {Parameter} from "../../../contracts/types/Parameter.sol";
import {SessionWorld} from "../../helpers/solidity/VoucherWorld.sol";
import {Batch, Expectation, VoucherSteps} from "./VoucherSteps.sol";

/// @title VoucherActions: what the runner may do: open, redeem well and badly, close, wait, move stake and govern
/// @dev The handler administers the AccessManager. Providers are contracts' actors without keys, but for closures, which
/// the first two sign with keys of their own.
abstract contract VoucherActions is VoucherSteps {
    address private immutable STRANGER;

    constructor(SessionWorld memory world) {
        _world = world;
        STRANGER = actor("stranger");
    }

    // Sessions

    function open(uint256 seed, uint96 deposit, uint96 collateral) external {
        SessionTerms memory terms;
        uint256 who = seed % 2;
        bool sponsored = (seed >> 1) % 3 == 0;
        terms.requester = _world.signers[who];
        if (sponsored) terms.sponsor = _world.sponsor;
        terms.provider = _world.base.providers[(seed >> 8) % 3];
        terms.modelVersion = _world.challengeable[(seed >> 16) % 2];
        terms.paymentToken = address((seed >> 24) % 2 == 0 ? _world.base.lat : _world.base.dollar);
        terms.deposit = uint96(bound(deposit, 1, 20 ether));
        terms.collateral = uint96(bound(collateral, 10 ether, 1_500 ether));
        terms.challengeSeconds = uint32(bound(seed >> 32, 60, 600));
        terms.expiresAt = uint40(block.timestamp + bound(seed >> 64, 1, 2_000));
        // A sponsor opens by itself, or the requester within its allowance.
        bool bySponsor = sponsored && (seed >> 96) % 2 == 0;
        _open(terms, _world.keys[who], bySponsor ? _world.sponsor : terms.requester);
    }

    function topUp(uint256 seed, uint96 amount) external {
        if (_sessions.length == 0) return;
        address from = (seed >> 8) % 2 == 0 ? _world.sponsor : _world.signers[(seed >> 16) % 2];
        _topUp(_pick(seed), from, uint96(bound(amount, 1, 2 ether)));
    }

    /// @dev One to five vouchers, most of them good, of the caller's sessions and of others.
    function redeem(uint256 seed) public {
        if (_sessions.length == 0) return;
        uint256 size = 1 + ((seed >> 16) % 5);
        Batch memory batch;
        batch.caller = seed % 16 == 0 ? STRANGER : _sessions[_pick(seed >> 8)].terms.provider;
        batch.vouchers = new Voucher[](size);
        batch.signatures = new bytes[](size);
        batch.expected = new VoucherRejection[](size);
        for (uint256 i = 0; i < size; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            _choose(batch, i, seed);
        }
        _redeem(batch);
    }

    function redeemAgain(uint256 seed) external {
        redeem(seed);
    }

    function redeemOnceMore(uint256 seed) external {
        redeem(seed);
    }

    function close(uint256 seed) external {
        if (_sessions.length == 0) return;
        uint256 index = _pick(seed);
        SessionTerms memory terms = _sessions[index].terms;
        uint256 choice = (seed >> 16) % 6;
        if (choice == 0) _close(index, terms.provider);
        else if (choice < 3) _close(index, terms.sponsor == address(0) ? terms.requester : terms.sponsor);
        else if (choice < 4) _close(index, terms.requester);
        else _close(index, STRANGER);
    }

    /// @dev Of all sessions the first that is due from the seed on.
    function finish(uint256 seed) external {
        for (uint256 i = 0; i < _sessions.length; ++i) {
            uint256 index = (_pick(seed) + i) % _sessions.length;
            if (_sessions[index].state == SessionState.Closing) return _finish(index, STRANGER);
        }
    }

    /// @dev With the provider's consent, as a contract that provides gives it (ERC-1271): by its own word.
    function closeNow(uint256 seed) external {
        if (_sessions.length == 0) return;
        uint256 index = _pick(seed);
        Expectation memory session = _sessions[index];
        bool stranger = (seed >> 16) % 4 == 0;
        uint128 consented = uint128(session.redeemed + ((seed >> 24) % 3 == 0 ? 1 : 0));
        bytes32 digest = _world.vouchers.closureDigest(session.id, consented);
        bytes memory check = abi.encodeWithSignature("isValidSignature(bytes32,bytes)", digest, bytes("agreed"));
        vm.etch(session.terms.provider, hex"00");
        vm.mockCall(session.terms.provider, check, abi.encode(bytes4(0x1626ba7e)));
        _closeNow(index, stranger ? STRANGER : session.terms.requester, consented, "agreed");
        vm.clearMockedCalls();
        vm.etch(session.terms.provider, "");
    }

    function release(uint256 seed) external {
        for (uint256 i = 0; i < _sessions.length; ++i) {
            uint256 index = (_pick(seed) + i) % _sessions.length;
            if (!_sessions[index].backed) continue;
            return _release(index, (seed >> 8) % 2 == 0 ? STRANGER : _sessions[index].terms.provider);
        }
    }

    // The world around

    function warp(uint256 elapsed) external counted("warp") {
        vm.warp(block.timestamp + bound(elapsed, 1, 250));
    }

    function pause(uint256 seed) external counted("pause") {
        _world.vouchers.setNewWorkPaused(seed % 4 == 0);
    }

    function govern(uint256 seed) external counted("govern") {
        if (seed % 4 == 0) _world.base.parameters.set(Parameter.ProtocolFeePpm, (seed >> 8) % 200_001);
        else if (seed % 4 == 1) _world.base.registry.setJailed(_world.base.providers[(seed >> 8) % 3], seed & 256 == 0);
        else if (seed % 4 == 2) _world.base.registry.setDraining(false);
    }

    /// @dev So that now and then no stake is left to lock.
    function moveStake(uint256 seed) external counted("moveStake") {
        address provider = _world.base.providers[seed % 3];
        address service = address(_world.base.registry);
        uint96 thawing = _world.base.vault.provisionOf(provider, service).thawing;
        uint256 free = _world.base.vault.freeStake(provider, service);
        if ((seed >> 8) % 2 == 0 && thawing > 0) {
            vm.prank(provider);
            _world.base.vault.cancelThaw(service, thawing);
        } else if (free > 0) {
            vm.prank(provider);
            _world.base.vault.thaw(service, uint96(free));
        }
    }

    // Internals

    function _choose(Batch memory batch, uint256 i, uint256 seed) private {
        uint256 kind = seed % 16;
        if (kind == 0) return _planUnknown(batch, i, keccak256(abi.encode(seed)));
        uint256 index = _pickFor(batch.caller, seed >> 8);
        Expectation memory session = _sessions[index];
        uint256 key = session.key;
        uint256 left = session.deposit - session.redeemed;
        uint256 amount;
        if (kind == 1) amount = session.redeemed;
        else if (kind == 2) amount = session.redeemed / 2;
        else if (kind == 3) amount = session.deposit + 1 + ((seed >> 64) % 1 ether);
        else if (kind == 4)
            amount = type(uint128).max;
            // Dust, all that is left, or something in between.
        else if (kind == 5) amount = session.redeemed + 1;
        else if (kind == 6) amount = session.deposit;
        else amount = session.redeemed + (left == 0 ? 0 : 1 + ((seed >> 64) % left) / 4);
        if (kind == 7) key = key == _world.keys[0] ? _world.keys[1] : _world.keys[0];
        _plan(batch, i, index, amount, key);
    }

    /// @dev Three times in four the caller's own session, if it has any.
    function _pickFor(address caller, uint256 seed) private view returns (uint256 index) {
        index = _pick(seed);
        if ((seed >> 128) % 4 == 0) return index;
        for (uint256 i = 0; i < _sessions.length; ++i) {
            uint256 candidate = (index + i) % _sessions.length;
            if (_sessions[candidate].terms.provider == caller && _sessions[candidate].state != SessionState.Closed) {
                return candidate;
            }
        }
    }

    function _pick(uint256 seed) private view returns (uint256) {
        return _sessions.length == 0 ? 0 : (seed >> 4) % _sessions.length;
    }

    function _feePpm() internal view override returns (uint256) {
        return _world.base.parameters.orderRules(Tier.Optimistic).protocolFeePpm;
    }
}
