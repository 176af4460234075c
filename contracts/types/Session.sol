// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title Session: a stream of inferences that a requester pays with cumulative vouchers

/// @notice States of a session. Closed is final.
/// @dev None → Open → Closing → Closed, or Open → Closed (the provider gives up the rest, or agrees).
enum SessionState {
    None,
    Open,
    Closing,
    Closed
}

/// @notice What a session is opened with.
/// @param requester Signs the vouchers.
/// @param sponsor Pays instead of the requester, and gets the rest back; zero when the requester pays.
/// @param provider Serves and redeems.
/// @param modelVersion Id of a published model version (ModelRegistry); its royalty is part of every payment.
/// @param paymentToken ERC-20 in which the vouchers pay.
/// @param deposit Locked at first, in the token's smallest unit; can be topped up.
/// @param collateral LAT (wei) that the provider locks while its jobs can be challenged.
/// @param challengeSeconds How long after a redemption the jobs under its root can be challenged.
/// @param maxUnsigned Most, in the token's smallest unit, that the provider serves beyond the last voucher it holds. The
/// chain does not see what was served without a voucher, so the provider keeps to it by itself: it is what the provider
/// may lose to a requester that stops signing.
/// @param expiresAt Unix seconds from which anyone may begin to close the session.
struct SessionTerms {
    address requester;
    address sponsor;
    address provider;
    bytes32 modelVersion;
    address paymentToken;
    uint96 deposit;
    uint96 collateral;
    uint32 challengeSeconds;
    uint128 maxUnsigned;
    uint40 expiresAt;
}

/// @notice What the requester signs: all that it owes since the session began. A later voucher replaces the earlier.
/// @param session Id of the session.
/// @param amount Owed in all, in the token's smallest unit, every leg included.
/// @param jobs Answered in all.
/// @param jobsRoot Merkle root over all of them (SessionJobs); zero when there are none.
struct Voucher {
    bytes32 session;
    uint128 amount;
    uint64 jobs;
    bytes32 jobsRoot;
}

/// @notice One job under a redeemed voucher.
/// @param index Place of the job in the session, from zero.
/// @param outputCommitment Of its result.
/// @param proof Siblings from the job's leaf up to the voucher's root; none where a node moves up without one.
struct SessionJob {
    Voucher voucher;
    uint64 index;
    bytes32 outputCommitment;
    bytes32[] proof;
}

/// @notice Why a voucher was left out of a batch.
/// @dev Values are appended, never reordered: they are part of events.
enum VoucherRejection {
    /// It was not.
    None,
    /// No session has this id.
    UnknownSession,
    /// The session is closed, or its time for redemptions is over.
    SessionClosed,
    /// The caller is neither the provider nor a redeemer that it named.
    NotProvider,
    /// The amount is not above what was redeemed.
    StaleAmount,
    /// The amount is above the deposit.
    ExceedsDeposit,
    /// Not the requester's signature of this voucher in this contract.
    InvalidSignature,
    /// The provider's free stake does not cover the session's collateral.
    StakeTooLow
}

/// @notice A session as it stands.
/// @param redeemed Paid in all, every leg included.
/// @param royaltyPpm Royalty of the model version, millionths of what is redeemed.
/// @param protocolFeePpm Protocol fee, millionths of what is redeemed, fixed when the session was opened.
/// @param closesAt Unix seconds from which nothing can be redeemed; zero unless the state is Closing.
/// @param redeemedAt Unix seconds of the last redemption; zero before the first.
/// @param backed True while the provider's collateral is locked.
/// @param voucherHash EIP-712 struct hash of the voucher redeemed last; zero before the first.
struct Session {
    address requester;
    address sponsor;
    address provider;
    bytes32 modelVersion;
    address paymentToken;
    uint96 deposit;
    uint96 redeemed;
    uint96 collateral;
    uint32 challengeSeconds;
    uint128 maxUnsigned;
    uint40 expiresAt;
    uint32 royaltyPpm;
    uint32 protocolFeePpm;
    SessionState state;
    uint40 closesAt;
    uint40 redeemedAt;
    bool backed;
    bytes32 voucherHash;
}
