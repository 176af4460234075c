// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IAttestationGate} from "../interfaces/IAttestationGate.sol";
import {IDisputeHolds} from "../interfaces/IDisputeHolds.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {IVoucherSettlement} from "../interfaces/IVoucherSettlement.sol";
import {CumulativeSplit} from "../libraries/CumulativeSplit.sol";
import {FeeSplit} from "../libraries/FeeSplit.sol";
import {SessionJobs} from "../libraries/SessionJobs.sol";
import {SignerCheck} from "../libraries/SignerCheck.sol";
import {VoucherHash} from "../libraries/VoucherHash.sol";
import {ModelTerms} from "../types/Model.sol";
import {Tier} from "../types/Order.sol";
import {OrderRules, Parameter} from "../types/Parameter.sol";
import {Legs} from "../types/Payment.sol";
import {Session, SessionState, SessionTerms, Voucher} from "../types/Session.sol";
import {DisputedLane} from "./DisputedLane.sol";
import {MarketBase, MarketPeers} from "./MarketBase.sol";
import {
    SessionConditions,
    SessionFunds,
    SessionParties,
    Sessions,
    SessionStorage,
    StoredSession,
    Tariff
} from "./SessionStorage.sol";
import {VoucherRedemption} from "./VoucherRedemption.sol";

/// @title VoucherSettlement: sessions begin, are paid by vouchers, and end
/// @notice See IVoucherSettlement. The lane for streams of cheap inferences.
/// @dev Holds no funds: deposits lie in the escrow, collateral in the vault. Its results are bonded (tier Optimistic).
/// The pause stops opening and top-ups; redemptions and every exit go on.
contract VoucherSettlement is VoucherRedemption {
    /// @notice Longest that a session can be opened for, so that none stays open for want of its parties (LIV-1).
    uint256 public constant MAX_SESSION_SECONDS = 365 days;

    /// @notice Who holds an attested class. May be zero while no model asks for one.
    IAttestationGate public immutable GATE;

    /// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
    constructor(
        MarketPeers memory peers,
        IAttestationGate gate,
        IDisputeHolds disputes
    ) MarketBase(peers) DisputedLane(disputes) {
        GATE = gate;
    }

    // Payers

    /// @inheritdoc IVoucherSettlement
    function open(SessionTerms calldata terms) external returns (bytes32 sessionId) {
        if (terms.requester == address(0)) revert VoucherSettlementZeroRequester();
        bool sponsored = terms.sponsor != address(0) && terms.sponsor != terms.requester;
        if (msg.sender != terms.requester && !(sponsored && msg.sender == terms.sponsor)) {
            revert VoucherSettlementNotPayer(terms.requester, terms.sponsor, msg.sender);
        }
        _requireOpen(Tier.Optimistic, terms.paymentToken);
        uint40 number = _requireTerms(terms);

        Sessions storage $ = SessionStorage.load();
        sessionId = sessionIdOf(terms.requester, ++$.sessionCount);
        _store($.sessions[sessionId], terms, number);
        Tariff storage tariff = $.tariffs[number];
        emit SessionOpened(sessionId, terms.requester, terms.provider, terms, tariff.royaltyPpm, tariff.protocolFeePpm);
        if (sponsored && msg.sender != terms.sponsor) {
            _useSponsorship(terms.sponsor, terms.requester, terms.paymentToken, terms.deposit);
        }
        ESCROW.lock(terms.paymentToken, sponsored ? terms.sponsor : terms.requester, terms.deposit);
    }

    /// @inheritdoc IVoucherSettlement
    function topUp(bytes32 sessionId, uint96 amount) external {
        _requireNewWork();
        StoredSession storage session = _sessionIn(sessionId, SessionState.Open);
        uint256 deposit = uint256(session.funds.deposit) + amount;
        if (deposit > type(uint96).max) revert VoucherSettlementDepositTooLarge(sessionId, deposit);
        session.funds.deposit = uint96(deposit);
        emit SessionToppedUp(sessionId, msg.sender, amount, uint96(deposit));
        ESCROW.lock(_tariffOf(session).token, msg.sender, amount);
    }

    // Either side

    /// @inheritdoc IVoucherSettlement
    function close(bytes32 sessionId) external {
        StoredSession storage session = SessionStorage.load().sessions[sessionId];
        SessionParties memory parties = session.parties;
        Tariff storage tariff = _tariffOf(session);
        if (parties.state == SessionState.Closing && msg.sender == tariff.provider) return _end(sessionId, session);
        if (parties.state != SessionState.Open) revert VoucherSettlementWrongState(sessionId, parties.state);
        if (msg.sender == tariff.provider) return _end(sessionId, session);
        if (!_isPayer(session) && block.timestamp < session.conditions.expiresAt) {
            revert VoucherSettlementNotParty(sessionId, msg.sender);
        }
        parties.state = SessionState.Closing;
        // Unix seconds plus at most 7 days.
        parties.closesAt = uint40(block.timestamp + PARAMETERS.get(Parameter.EscrowThawSeconds));
        session.parties = parties;
        emit SessionClosing(sessionId, msg.sender, parties.closesAt);
    }

    /// @inheritdoc IVoucherSettlement
    function closeNow(bytes32 sessionId, uint128 redeemed, bytes calldata signature) external {
        StoredSession storage session = SessionStorage.load().sessions[sessionId];
        SessionState state = session.parties.state;
        if (state != SessionState.Open && state != SessionState.Closing) {
            revert VoucherSettlementWrongState(sessionId, state);
        }
        if (!_isPayer(session)) revert VoucherSettlementNotParty(sessionId, msg.sender);
        address provider = _tariffOf(session).provider;
        bytes32 digest = closureDigest(sessionId, redeemed);
        if (!SignerCheck.isValid(provider, digest, signature)) {
            revert VoucherSettlementInvalidClosure(sessionId, provider, digest);
        }
        uint256 paid = session.funds.redeemed;
        if (paid < redeemed) revert VoucherSettlementNotRedeemed(sessionId, paid, redeemed);
        _end(sessionId, session);
    }

    // Anyone

    /// @inheritdoc IVoucherSettlement
    function finish(bytes32 sessionId) external {
        StoredSession storage session = _sessionIn(sessionId, SessionState.Closing);
        uint256 closesAt = session.parties.closesAt;
        if (block.timestamp < closesAt) revert VoucherSettlementStillClosing(sessionId, closesAt);
        _end(sessionId, session);
    }

    /// @inheritdoc IVoucherSettlement
    function releaseCollateral(bytes32 sessionId) external {
        StoredSession storage session = SessionStorage.load().sessions[sessionId];
        SessionFunds memory funds = session.funds;
        if (!funds.backed) revert VoucherSettlementNotBacked(sessionId);
        address provider = _tariffOf(session).provider;
        if (session.parties.state != SessionState.Closed && msg.sender != provider) {
            revert VoucherSettlementNotParty(sessionId, msg.sender);
        }
        SessionConditions storage conditions = session.conditions;
        uint256 until = uint256(funds.redeemedAt) + conditions.challengeSeconds;
        if (block.timestamp < until) revert VoucherSettlementStillChallengeable(sessionId, until);
        _requireNotHeld(sessionId);
        session.funds.backed = false;
        uint96 collateral = conditions.collateral;
        emit CollateralReleased(sessionId, provider, collateral);
        _unlock(provider, collateral);
    }

    // Dispute game

    /// @inheritdoc IVoucherSettlement
    function punish(bytes32 sessionId, address reporter) external {
        _requireGame();
        StoredSession storage session = SessionStorage.load().sessions[sessionId];
        if (!session.funds.backed) revert VoucherSettlementNotBacked(sessionId);
        session.funds.backed = false;
        if (session.parties.state != SessionState.Closed) _end(sessionId, session);
        address provider = _tariffOf(session).provider;
        uint96 collateral = session.conditions.collateral;
        uint256 slashed = _forfeit(session.parties.requester, provider, collateral, reporter);
        emit SessionPunished(sessionId, provider, reporter, slashed);
    }

    // Views

    /// @inheritdoc IVoucherSettlement
    function sessionOf(bytes32 sessionId) external view returns (Session memory found) {
        StoredSession storage session = SessionStorage.load().sessions[sessionId];
        Tariff memory tariff = _tariffOf(session);
        SessionParties memory parties = session.parties;
        SessionFunds memory funds = session.funds;
        SessionConditions memory conditions = session.conditions;
        (found.requester, found.sponsor, found.provider) = (parties.requester, conditions.sponsor, tariff.provider);
        (found.modelVersion, found.paymentToken) = (tariff.modelVersion, tariff.token);
        (found.deposit, found.redeemed, found.collateral) = (funds.deposit, funds.redeemed, conditions.collateral);
        (found.challengeSeconds, found.maxUnsigned) = (conditions.challengeSeconds, conditions.maxUnsigned);
        (found.royaltyPpm, found.protocolFeePpm) = (tariff.royaltyPpm, tariff.protocolFeePpm);
        (found.expiresAt, found.closesAt, found.state) = (conditions.expiresAt, parties.closesAt, parties.state);
        (found.redeemedAt, found.backed, found.voucherHash) = (funds.redeemedAt, funds.backed, session.voucherHash);
    }

    /// @inheritdoc IVoucherSettlement
    function sessionCount() external view returns (uint256) {
        return SessionStorage.load().sessionCount;
    }

    /// @inheritdoc IVoucherSettlement
    function sessionIdOf(address requester, uint256 number) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), requester, number));
    }

    /// @inheritdoc IVoucherSettlement
    function legsOf(bytes32 sessionId, uint128 amount) external view returns (Legs memory legs) {
        StoredSession storage session = SessionStorage.load().sessions[sessionId];
        uint256 deposit = session.funds.deposit;
        if (amount > deposit) revert FeeSplit.FeeSplitPriceAboveLocked(amount, deposit);
        Tariff storage tariff = _tariffOf(session);
        (uint256 publisher, uint256 fee) = CumulativeSplit.split(amount, tariff.royaltyPpm, tariff.protocolFeePpm);
        // No leg exceeds the deposit, which fits 96 bits.
        legs.provider = uint128(amount - publisher - fee);
        legs.publisher = uint128(publisher);
        legs.fee = uint128(fee);
        legs.refund = uint128(deposit - amount);
    }

    /// @inheritdoc IVoucherSettlement
    function voucherDigest(Voucher calldata voucher) external view returns (bytes32) {
        return _digest(_domainSeparator(), VoucherHash.hash(voucher));
    }

    /// @inheritdoc IVoucherSettlement
    function closureDigest(bytes32 sessionId, uint128 redeemed) public view returns (bytes32) {
        return _digest(_domainSeparator(), VoucherHash.hashClosure(sessionId, redeemed));
    }

    /// @inheritdoc IVoucherSettlement
    function jobSubject(bytes32 sessionId, uint64 index) external pure returns (bytes32) {
        return SessionJobs.subject(sessionId, index);
    }

    /// @inheritdoc IVoucherSettlement
    function isRedeemedJob(
        Voucher calldata voucher,
        uint64 index,
        bytes32 outputCommitment,
        bytes32[] calldata proof
    ) external view returns (bool) {
        bytes32 redeemed = SessionStorage.load().sessions[voucher.session].voucherHash;
        if (redeemed == 0 || redeemed != VoucherHash.hash(voucher)) return false;
        bytes32 leaf = SessionJobs.leaf(SessionJobs.subject(voucher.session, index), outputCommitment);
        return SessionJobs.verify(voucher.jobsRoot, leaf, index, voucher.jobs, proof);
    }

    // Internals

    function _sessionIn(bytes32 sessionId, SessionState expected) private view returns (StoredSession storage session) {
        session = SessionStorage.load().sessions[sessionId];
        SessionState state = session.parties.state;
        if (state != expected) revert VoucherSettlementWrongState(sessionId, state);
    }

    function _tariffOf(StoredSession storage session) private view returns (Tariff storage) {
        return SessionStorage.load().tariffs[session.parties.tariff];
    }

    function _payerOf(StoredSession storage session) private view returns (address) {
        address sponsor = session.conditions.sponsor;
        return sponsor == address(0) ? session.parties.requester : sponsor;
    }

    function _isPayer(StoredSession storage session) private view returns (bool) {
        return msg.sender == session.parties.requester || msg.sender == session.conditions.sponsor;
    }

    /// @dev Checks the terms against the rules of now, and returns the number of their tariff.
    function _requireTerms(SessionTerms calldata terms) private returns (uint40 number) {
        OrderRules memory rules = PARAMETERS.orderRules(Tier.Optimistic);
        if (terms.collateral < rules.collateralFloor) {
            revert VoucherSettlementCollateralTooLow(terms.collateral, rules.collateralFloor);
        }
        (uint256 min, uint256 max) = (rules.minChallengeSeconds, rules.maxWindowSeconds);
        if (terms.challengeSeconds < min || terms.challengeSeconds > max) {
            revert VoucherSettlementInvalidWindow(terms.challengeSeconds, min, max);
        }
        uint256 latest = block.timestamp + MAX_SESSION_SECONDS;
        if (terms.expiresAt <= block.timestamp || terms.expiresAt > latest) {
            revert VoucherSettlementInvalidExpiry(terms.expiresAt, block.timestamp, latest);
        }
        ModelTerms memory model = MODELS.termsOf(terms.modelVersion);
        if (model.retired) revert VoucherSettlementModelRetired(terms.modelVersion);
        if ((model.tiers >> uint8(Tier.Optimistic)) & 1 == 0) {
            revert VoucherSettlementTierUnsupported(terms.modelVersion);
        }
        uint16 classId = model.attestedClass;
        if (!REGISTRY.isAvailable(terms.provider) || (classId != 0 && !GATE.holds(terms.provider, classId)))
            revert VoucherSettlementProviderUnavailable(terms.provider, terms.modelVersion);
        FeeSplit.requireRates(model.royaltyPpm, rules.protocolFeePpm);
        return _tariffFor(terms, model, rules.protocolFeePpm);
    }

    /// @dev Number of the tariff with these members, which is stored when it is met first.
    function _tariffFor(
        SessionTerms calldata terms,
        ModelTerms memory model,
        uint32 protocolFeePpm
    ) private returns (uint40 number) {
        Sessions storage $ = SessionStorage.load();
        // A model version fixes its royalty.
        bytes32 key = keccak256(abi.encode(terms.provider, terms.modelVersion, terms.paymentToken, protocolFeePpm));
        number = $.tariffOf[key];
        if (number != 0) return number;
        number = ++$.tariffCount;
        $.tariffOf[key] = number;
        $.tariffs[number] = Tariff({
            provider: terms.provider,
            royaltyPpm: model.royaltyPpm,
            protocolFeePpm: protocolFeePpm,
            token: terms.paymentToken,
            royaltyRecipient: model.royaltyRecipient,
            modelVersion: terms.modelVersion
        });
    }

    function _store(StoredSession storage session, SessionTerms calldata terms, uint40 tariff) private {
        session.parties = SessionParties({
            requester: terms.requester,
            tariff: tariff,
            closesAt: 0,
            state: SessionState.Open
        });
        session.funds = SessionFunds({deposit: terms.deposit, redeemed: 0, redeemedAt: 0, backed: false});
        session.conditions = SessionConditions({
            sponsor: terms.sponsor,
            collateral: terms.collateral,
            maxUnsigned: terms.maxUnsigned,
            expiresAt: terms.expiresAt,
            challengeSeconds: terms.challengeSeconds
        });
    }

    /// @dev Closes the session and returns what was not redeemed. The caller has checked that it may end. Collateral stays
    /// locked until its window has passed.
    function _end(bytes32 sessionId, StoredSession storage session) private {
        session.parties.state = SessionState.Closed;
        session.parties.closesAt = 0;
        SessionFunds memory funds = session.funds;
        // Redeemed is at most the deposit.
        uint96 refund = funds.deposit - funds.redeemed;
        address payer = _payerOf(session);
        emit SessionClosed(sessionId, payer, funds.redeemed, refund);
        if (refund == 0) return;
        IPaymentEscrow.Leg[] memory legs = new IPaymentEscrow.Leg[](1);
        legs[0] = IPaymentEscrow.Leg({recipient: payer, amount: refund, toDeposit: true});
        ESCROW.pay(_tariffOf(session).token, legs);
    }

    function _domainName() internal pure override returns (string memory) {
        return "Lattice VoucherSettlement";
    }
}
