// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {IVoucherSettlement} from "../interfaces/IVoucherSettlement.sol";
import {CumulativeSplit} from "../libraries/CumulativeSplit.sol";
import {SignerCheck} from "../libraries/SignerCheck.sol";
import {VoucherHash} from "../libraries/VoucherHash.sol";
import {SessionState, Voucher, VoucherRejection} from "../types/Session.sol";
import {DisputedLane} from "./DisputedLane.sol";
import {SessionFunds, SessionParties, SessionStorage, StoredSession, Tariff} from "./SessionStorage.sol";

/// @notice What the vouchers of one tariff earned in a batch; in memory only.
/// @param mayRedeem True when the caller is the provider, or redeems for it.
struct Earnings {
    uint256 tariff;
    address provider;
    address token;
    address royaltyRecipient;
    uint256 royaltyPpm;
    uint256 protocolFeePpm;
    bool mayRedeem;
    uint256 total;
    uint256 publisher;
    uint256 fee;
}

/// @notice A batch under way; in memory only.
/// @param earnings Of the tariffs met so far, `count` of them.
/// @param latest The tariff met last, which most often is the next one too.
struct Redemption {
    bytes32 domainSeparator;
    Earnings[] earnings;
    uint256 count;
    uint256 latest;
}

/// @title VoucherRedemption: many vouchers paid in one transaction
/// @dev A voucher is judged without consequence, and consumed only as a whole (PAY-4). A session costs a batch two written
/// slots and a read one; what sessions share is read once. The escrow is called once for each token.
abstract contract VoucherRedemption is IVoucherSettlement, DisputedLane {
    /// @notice Most vouchers of a batch (LIV-3).
    uint256 public constant MAX_BATCH = 128;

    // Provider

    /// @inheritdoc IVoucherSettlement
    function redeem(Voucher[] calldata vouchers, bytes[] calldata signatures) external returns (uint256 accepted) {
        uint256 count = vouchers.length;
        if (count == 0) revert VoucherSettlementEmptyBatch();
        if (count > MAX_BATCH) revert VoucherSettlementBatchTooLarge(count, MAX_BATCH);
        if (signatures.length != count) revert VoucherSettlementSignatureCountMismatch(signatures.length, count);

        Redemption memory batch;
        batch.domainSeparator = _domainSeparator();
        batch.earnings = new Earnings[](count);
        for (uint256 i = 0; i < count; ++i) {
            VoucherRejection reason = _redeem(batch, vouchers[i], signatures[i]);
            if (reason == VoucherRejection.None) accepted |= 1 << i;
            else emit VoucherRejected(vouchers[i].session, i, reason);
        }
        _payAll(batch);
    }

    /// @inheritdoc IVoucherSettlement
    function setRedeemer(address redeemer, bool allowed) external {
        SessionStorage.load().redeemers[msg.sender][redeemer] = allowed;
        emit RedeemerSet(msg.sender, redeemer, allowed);
    }

    // Views

    /// @inheritdoc IVoucherSettlement
    function isRedeemer(address provider, address redeemer) external view returns (bool) {
        return SessionStorage.load().redeemers[provider][redeemer];
    }

    // One voucher

    function _redeem(
        Redemption memory batch,
        Voucher calldata voucher,
        bytes calldata signature
    ) private returns (VoucherRejection reason) {
        StoredSession storage session = SessionStorage.load().sessions[voucher.session];
        SessionParties memory parties = session.parties;
        if (parties.state == SessionState.None) return VoucherRejection.UnknownSession;
        SessionFunds memory funds = session.funds;
        Earnings memory earned = _earningsOf(batch, parties.tariff);
        reason = _judge(voucher, parties, funds, earned.mayRedeem);
        if (reason != VoucherRejection.None) return reason;

        bytes32 voucherHash = VoucherHash.hash(voucher);
        bytes32 digest = _digest(batch.domainSeparator, voucherHash);
        if (!SignerCheck.isValid(parties.requester, digest, signature)) return VoucherRejection.InvalidSignature;
        if (!funds.backed && !_back(earned.provider, session.conditions.collateral)) {
            return VoucherRejection.StakeTooLow;
        }
        _earn(earned, funds.redeemed, voucher.amount);
        // Judged to be at most the deposit, which fits 96 bits.
        funds.redeemed = uint96(voucher.amount);
        funds.redeemedAt = uint40(block.timestamp);
        funds.backed = true;
        session.funds = funds;
        session.voucherHash = voucherHash;
        emit VoucherRedeemed(voucher.session, voucher.amount, voucher.jobs, voucher.jobsRoot);
    }

    function _judge(
        Voucher calldata voucher,
        SessionParties memory parties,
        SessionFunds memory funds,
        bool mayRedeem
    ) private view returns (VoucherRejection) {
        if (parties.state == SessionState.Closed) return VoucherRejection.SessionClosed;
        if (parties.state == SessionState.Closing && block.timestamp >= parties.closesAt) {
            return VoucherRejection.SessionClosed;
        }
        if (!mayRedeem) return VoucherRejection.NotProvider;
        if (voucher.amount <= funds.redeemed) return VoucherRejection.StaleAmount;
        if (voucher.amount > funds.deposit) return VoucherRejection.ExceedsDeposit;
        return VoucherRejection.None;
    }

    /// @dev Whatever keeps the vault from locking, one provider's want of stake must not block the batch.
    function _back(address provider, uint96 collateral) private returns (bool) {
        try VAULT.lock(address(REGISTRY), provider, collateral) {
            return true;
        } catch {
            return false;
        }
    }

    // Earnings

    /// @dev Those of this tariff, which is read when it is met first.
    function _earningsOf(Redemption memory batch, uint256 number) private view returns (Earnings memory) {
        uint256 count = batch.count;
        uint256 i = batch.latest;
        if (i < count && batch.earnings[i].tariff == number) return batch.earnings[i];
        for (i = 0; i < count; ++i) {
            if (batch.earnings[i].tariff == number) break;
        }
        batch.latest = i;
        if (i == count) {
            batch.count = count + 1;
            batch.earnings[i] = _begin(number);
        }
        return batch.earnings[i];
    }

    function _begin(uint256 number) private view returns (Earnings memory earned) {
        Tariff storage tariff = SessionStorage.load().tariffs[number];
        earned.tariff = number;
        earned.provider = tariff.provider;
        earned.token = tariff.token;
        earned.royaltyRecipient = tariff.royaltyRecipient;
        (earned.royaltyPpm, earned.protocolFeePpm) = (tariff.royaltyPpm, tariff.protocolFeePpm);
        earned.mayRedeem =
            msg.sender == earned.provider ||
            SessionStorage.load().redeemers[earned.provider][msg.sender];
    }

    /// @dev Legs of the new total less those of the old one. None of them falls as the total grows (CumulativeSplit), and
    /// a batch's sums stay below 128 · 2^96.
    function _earn(Earnings memory earned, uint256 redeemed, uint256 amount) private pure {
        (uint256 publisherPaid, uint256 feePaid) = CumulativeSplit.split(
            redeemed,
            earned.royaltyPpm,
            earned.protocolFeePpm
        );
        (uint256 publisher, uint256 fee) = CumulativeSplit.split(amount, earned.royaltyPpm, earned.protocolFeePpm);
        unchecked {
            earned.total += amount - redeemed;
            earned.publisher += publisher - publisherPaid;
            earned.fee += fee - feePaid;
        }
    }

    // Payments

    /// @dev One payment for each token, in which each recipient has one leg.
    function _payAll(Redemption memory batch) private {
        uint256 count = batch.count;
        for (uint256 i = 0; i < count; ++i) {
            address token = batch.earnings[i].token;
            if (batch.earnings[i].total == 0) continue;
            IPaymentEscrow.Leg[] memory legs = new IPaymentEscrow.Leg[](3 * (count - i));
            uint256 used;
            for (uint256 j = i; j < count; ++j) {
                Earnings memory earned = batch.earnings[j];
                if (earned.token != token || earned.total == 0) continue;
                uint256 provided = earned.total - earned.publisher - earned.fee;
                used = _credit(legs, used, REGISTRY.payoutOf(earned.provider), provided);
                used = _credit(legs, used, earned.royaltyRecipient, earned.publisher);
                used = _credit(legs, used, TREASURY, earned.fee);
                earned.total = 0;
            }
            assembly ("memory-safe") {
                // Shorter than allocated, never longer.
                mstore(legs, used)
            }
            ESCROW.pay(token, legs);
        }
    }

    /// @dev Adds to the recipient's leg, or begins one.
    function _credit(
        IPaymentEscrow.Leg[] memory legs,
        uint256 used,
        address recipient,
        uint256 amount
    ) private pure returns (uint256) {
        if (amount == 0) return used;
        uint256 i;
        while (i < used && legs[i].recipient != recipient) ++i;
        legs[i].recipient = recipient;
        // A batch's sums fit: see _earn.
        legs[i].amount += uint128(amount);
        return i == used ? used + 1 : used;
    }
}
