// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Legs} from "../types/Payment.sol";
import {Session, SessionState, SessionTerms, Voucher, VoucherRejection} from "../types/Session.sol";
import {IDisputedLane} from "./IDisputedLane.sol";
import {IMarket} from "./IMarket.sol";

/// @title IVoucherSettlement: sessions, paid with cumulative vouchers
/// @notice A requester locks a deposit once and names a provider. Each response comes with the provider's receipt (domain
/// "Lattice Equivocation": this contract as the market, `jobSubject` as the subject); in return the requester signs
/// vouchers, each for all that it owes since the beginning (EIP-712, domain "Lattice VoucherSettlement"). The provider
/// redeems the last voucher of each of its sessions when it likes, many in one transaction.
/// @dev What each side risks. The provider: what it served beyond the last voucher, which it keeps at or below the
/// session's `maxUnsigned` by not answering; and a voucher that it does not redeem before a closing session's time is
/// over. The requester: one voucher's worth of responses that never come. Neither needs the other to leave.
/// Redeeming a voucher is the provider's statement that it did the jobs under its root, and binds its collateral; so only
/// the provider redeems, or whom it names.
interface IVoucherSettlement is IMarket, IDisputedLane {
    /// @notice A session was opened with these terms; its rates are fixed (millionths of what is redeemed).
    event SessionOpened(
        bytes32 indexed session,
        address indexed requester,
        address indexed provider,
        SessionTerms terms,
        uint32 royaltyPpm,
        uint32 protocolFeePpm
    );
    /// @notice `from` added `amount` to the deposit, which is `deposit` now.
    event SessionToppedUp(bytes32 indexed session, address indexed from, uint96 amount, uint96 deposit);
    /// @notice `amount` was paid in all. The voucher stands for `jobs` jobs under `jobsRoot`, which can be challenged.
    event VoucherRedeemed(bytes32 indexed session, uint128 amount, uint64 jobs, bytes32 jobsRoot);
    /// @notice The voucher at `index` of a batch was left out and consumed nothing.
    event VoucherRejected(bytes32 indexed session, uint256 index, VoucherRejection reason);
    /// @notice The session is closing: its provider may redeem before `closesAt` (Unix seconds).
    event SessionClosing(bytes32 indexed session, address indexed by, uint256 closesAt);
    /// @notice The session is closed. `refund` of the deposit went back to `payer`.
    event SessionClosed(bytes32 indexed session, address indexed payer, uint96 redeemed, uint96 refund);
    /// @notice The provider's collateral is free again.
    event CollateralReleased(bytes32 indexed session, address indexed provider, uint96 amount);
    /// @notice A job of the session was convicted in the dispute game on a report of `reporter`; `slashed` LAT (wei) was
    /// taken.
    event SessionPunished(bytes32 indexed session, address indexed provider, address indexed reporter, uint256 slashed);
    /// @notice `redeemer` may, or no longer may, redeem for `provider`.
    event RedeemerSet(address indexed provider, address indexed redeemer, bool allowed);

    /// @notice The caller is neither the session's requester nor its sponsor.
    error VoucherSettlementNotPayer(address requester, address sponsor, address caller);
    /// @notice A session has a requester.
    error VoucherSettlementZeroRequester();
    /// @notice The collateral is below the governed floor (LAT wei).
    error VoucherSettlementCollateralTooLow(uint256 collateral, uint256 floor);
    /// @notice The challenge window lies outside of its bounds (seconds).
    error VoucherSettlementInvalidWindow(uint256 challengeSeconds, uint256 min, uint256 max);
    /// @notice `expiresAt` must lie after `earliest` and not after `latest` (Unix seconds).
    error VoucherSettlementInvalidExpiry(uint256 expiresAt, uint256 earliest, uint256 latest);
    /// @notice The model version takes no new work.
    error VoucherSettlementModelRetired(bytes32 modelVersion);
    /// @notice Results of this model version cannot be challenged: it does not support tier Optimistic.
    error VoucherSettlementTierUnsupported(bytes32 modelVersion);
    /// @notice The provider takes no new work, or does not hold the class that the model asks for.
    error VoucherSettlementProviderUnavailable(address provider, bytes32 modelVersion);
    /// @notice The deposit would exceed 96 bits.
    error VoucherSettlementDepositTooLarge(bytes32 session, uint256 deposit);
    /// @notice There is nothing to redeem.
    error VoucherSettlementEmptyBatch();
    /// @notice A batch holds at most `max` vouchers.
    error VoucherSettlementBatchTooLarge(uint256 count, uint256 max);
    /// @notice There must be one signature a voucher.
    error VoucherSettlementSignatureCountMismatch(uint256 signatures, uint256 vouchers);
    /// @notice The session's state does not allow the call.
    error VoucherSettlementWrongState(bytes32 session, SessionState state);
    /// @notice The caller may not do this to the session, or not before it expires.
    error VoucherSettlementNotParty(bytes32 session, address caller);
    /// @notice The provider did not sign this closure.
    error VoucherSettlementInvalidClosure(bytes32 session, address provider, bytes32 digest);
    /// @notice The provider agreed to close once `needed` was redeemed.
    error VoucherSettlementNotRedeemed(bytes32 session, uint256 redeemed, uint256 needed);
    /// @notice The provider may redeem before `closesAt` (Unix seconds).
    error VoucherSettlementStillClosing(bytes32 session, uint256 closesAt);
    /// @notice No collateral is locked for the session.
    error VoucherSettlementNotBacked(bytes32 session);
    /// @notice The last redemption can be challenged before `until` (Unix seconds).
    error VoucherSettlementStillChallengeable(bytes32 session, uint256 until);

    /// @notice Opens a session and locks its deposit. Called by the requester or, when there is one, the sponsor. A
    /// sponsor that is not the caller pays within what it allowed the requester (`setSponsorship`).
    /// @return sessionId keccak256 of {chain id, this contract, requester, number of the session}.
    function open(SessionTerms calldata terms) external returns (bytes32 sessionId);

    /// @notice Adds `amount` of the caller's own escrow deposit to an open session. Anyone may; it is a gift to the
    /// session: what is not redeemed goes back to the session's payer, not to the caller.
    function topUp(bytes32 sessionId, uint96 amount) external;

    /// @notice Redeems vouchers, of one session or many. Each pays its amount less what its session paid before, whole or
    /// not at all; one that cannot be paid is left out, consumes nothing and hinders no other.
    /// @dev A session's first voucher locks the provider's collateral. Signatures are ECDSA or, when the requester is a
    /// contract, ERC-1271, for which the transaction must leave enough gas.
    /// @param signatures Of each voucher's requester, in the order of the vouchers.
    /// @return accepted Bit i: voucher i was paid.
    function redeem(Voucher[] calldata vouchers, bytes[] calldata signatures) external returns (uint256 accepted);

    /// @notice Allows or forbids `redeemer` to redeem for the caller.
    function setRedeemer(address redeemer, bool allowed) external;

    /// @notice Closes a session. For its provider at once: what it has not redeemed it gives up. For its requester and
    /// sponsor, and for anyone once it expired, after the escrow's thaw, in which the provider can still redeem.
    function close(bytes32 sessionId) external;

    /// @notice Closes a session at once with the provider's signature (Closure). Called by its requester or sponsor.
    /// @param redeemed What must have been redeemed by now, as the provider signed it; so its last voucher is not lost.
    /// @param signature The provider's over {sessionId, redeemed}.
    function closeNow(bytes32 sessionId, uint128 redeemed, bytes calldata signature) external;

    /// @notice Ends a closing session whose time is over and returns the rest to its payer. Anyone may; never paused.
    function finish(bytes32 sessionId) external;

    /// @notice Frees the provider's collateral once nothing redeemed can be challenged any more. Anyone may for a closed
    /// session, the provider for any: its next redemption locks it again. Never paused.
    function releaseCollateral(bytes32 sessionId) external;

    /// @notice Takes the collateral of a session of which a job was convicted, and ends it: what was not redeemed goes back.
    /// Called by the dispute game.
    /// @dev What was redeemed stays paid: the compensation is for that. When the lane may no longer slash, the collateral is
    /// only freed.
    function punish(bytes32 sessionId, address reporter) external;

    /// @notice The session as it stands.
    function sessionOf(bytes32 sessionId) external view returns (Session memory);

    /// @notice Sessions opened so far.
    function sessionCount() external view returns (uint256);

    /// @notice Id of a requester's session that was opened as number `number`, counted from one over all requesters.
    function sessionIdOf(address requester, uint256 number) external view returns (bytes32);

    /// @notice How `amount` of the session is split when it is redeemed in all, in however many steps; the rest of the
    /// deposit is the refund.
    function legsOf(bytes32 sessionId, uint128 amount) external view returns (Legs memory);

    /// @notice True when `redeemer` may redeem for `provider`.
    function isRedeemer(address provider, address redeemer) external view returns (bool);

    /// @notice EIP-712 digest that a requester signs.
    function voucherDigest(Voucher calldata voucher) external view returns (bytes32);

    /// @notice EIP-712 digest that a provider signs to let a session close at once.
    function closureDigest(bytes32 sessionId, uint128 redeemed) external view returns (bytes32);

    /// @notice Subject of the receipt for one job: keccak256 of {session, index}.
    function jobSubject(bytes32 sessionId, uint64 index) external pure returns (bytes32);

    /// @notice True when `voucher` is the one redeemed last and the job at `index` with this output lies under its root.
    /// What a dispute of a session's job begins with.
    /// @param proof Siblings from the leaf up; none where a node moves up without one.
    function isRedeemedJob(
        Voucher calldata voucher,
        uint64 index,
        bytes32 outputCommitment,
        bytes32[] calldata proof
    ) external view returns (bool);
}
