// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AssignmentMode, Order} from "../types/Order.sol";
import {Legs} from "../types/Payment.sol";
import {QuorumFault, QuorumJob, QuorumState} from "../types/Quorum.sol";
import {IMarket} from "./IMarket.sol";

/// @title IQuorumMarket: several drawn providers answer one order, and a strict majority is paid
/// @notice The lane of tier Quorum, for models whose results cannot be proved or recomputed bit by bit. `redundancy`
/// providers are drawn by stake. Each commits to its answer before any is revealed; the answer that more than half
/// of them gave is the result, and those who gave it are paid their asks.
///
/// What is promised is agreement, not correctness: a result is what most of a stake-weighted draw said, and must be
/// labelled so. It is no proof. In particular:
/// - Answers agree when their output commitments are equal. For floats that takes outputs that the model version's
///   profile makes comparable: rounded, or with a fixed order of operations.
/// - A commitment binds chain, market, job, attempt and provider, so nobody can copy an answer that it does not know. But
///   members are public once drawn, and may tell each other their answers. Whoever controls more than half of a draw
///   decides the result. What makes that dear is stake: members are distinct accounts, not proven to be distinct
///   people, and an account's chance is its share of the pool's capped stake.
/// - When no answer has a majority, the answers of the round are public. Those drawn next could copy one of them; for
///   the same reason a round that can no longer have a majority ends before anything is revealed.
/// - A revealed minority is unpaid and keeps its stake: floats differ between honest machines. Only where the model is exact
///   (its version also supports tier Zk or Optimistic, which take integer graphs alone) does a contradiction mean
///   that somebody lied, and the minority is slashed. A lying majority can then slash an honest member. A
///   provider that declares tier Quorum accepts that; others are not drawn.
interface IQuorumMarket is IMarket {
    /// @notice `order` was posted as `jobId`; its maximum price is locked once for each provider that will be drawn.
    event QuorumPosted(uint256 indexed jobId, address indexed requester, bytes32 indexed modelVersion, Order order);
    /// @notice `providers` were drawn with the seed of `epoch`, each at its price; they must commit by `commitBy`.
    event QuorumAssigned(
        uint256 indexed jobId,
        uint256 attempt,
        address[] providers,
        uint96[] prices,
        uint256 epoch,
        uint256 commitBy
    );
    /// @notice `provider` committed to an answer.
    event AnswerCommitted(uint256 indexed jobId, address indexed provider, bytes32 commitment);
    /// @notice `provider` gave its place back before its commitment was due.
    event MemberDeclined(uint256 indexed jobId, address indexed provider);
    /// @notice Answers are revealed until `revealBy`.
    event RevealStarted(uint256 indexed jobId, uint256 revealBy);
    /// @notice `provider` revealed its answer.
    event AnswerRevealed(
        uint256 indexed jobId,
        address indexed provider,
        bytes32 outputCommitment,
        bytes32 outputDigest
    );
    /// @notice `provider` was slashed `slashed` LAT (wei) for `fault`; `reporter` ended the round.
    event MemberSlashed(
        uint256 indexed jobId,
        address indexed provider,
        address indexed reporter,
        QuorumFault fault,
        uint256 slashed
    );
    /// @notice `votes` members agreed on `outputCommitment` and were paid; `legs` are the sums over them.
    event QuorumSettled(
        uint256 indexed jobId,
        address indexed requester,
        bytes32 indexed outputCommitment,
        uint256 votes,
        Legs legs
    );
    /// @notice No answer had a majority: members are drawn again, from the seed of `drawEpoch`.
    event QuorumRedrawn(uint256 indexed jobId, uint256 attempt, uint256 drawEpoch);
    /// @notice The whole locked amount returned to `payer`: the requester or its sponsor.
    event QuorumRefunded(uint256 indexed jobId, address indexed payer, uint256 amount);

    /// @notice The order given is not the job's.
    error QuorumMarketOrderMismatch(uint256 jobId, bytes32 expected, bytes32 given);
    /// @notice The job is not in a state from which this is possible.
    error QuorumMarketWrongState(uint256 jobId, QuorumState state);
    /// @notice Orders are posted and cancelled by their requester.
    error QuorumMarketNotRequester(address requester, address caller);
    /// @notice Members are drawn: orders in other modes are not taken.
    error QuorumMarketWrongMode(AssignmentMode mode);
    /// @notice Only orders that are settled in batches name an epoch.
    error QuorumMarketEpochNotUsed(uint256 epoch);
    /// @notice The caller is not a member of the job.
    error QuorumMarketNotMember(uint256 jobId, address caller);
    /// @notice The member has committed or declined.
    error QuorumMarketAlreadyAnswered(uint256 jobId, address provider);
    /// @notice The member has no commitment that it could reveal: it made none, or revealed it.
    error QuorumMarketNothingToReveal(uint256 jobId, address provider);
    /// @notice A commitment is zero.
    error QuorumMarketZeroCommitment();
    /// @notice What is revealed is not what was committed.
    error QuorumMarketCommitmentMismatch(uint256 jobId, address provider, bytes32 committed, bytes32 revealed);
    /// @notice The deadline passed.
    error QuorumMarketDeadlinePassed(uint256 jobId, uint256 deadline);
    /// @notice The deadline has not passed.
    error QuorumMarketDeadlineNotPassed(uint256 jobId, uint256 deadline);
    /// @notice Somebody may know the seed, so the order can no longer be cancelled.
    error QuorumMarketDrawStarted(uint256 jobId, uint256 drawEpoch);

    /// @notice Posts the caller's order and locks redundancy × maximum price in the escrow, from the requester's deposit
    /// or its sponsor's.
    function post(Order calldata order) external returns (uint256 jobId);

    /// @notice Posts an order that its requester signed (EIP-712, or ERC-1271 for contracts). Uses up its nonce. Anyone
    /// may call.
    function postSigned(Order calldata order, bytes calldata signature) external returns (uint256 jobId);

    /// @notice Takes back an order before anyone may know the seed that draws it. Called by the requester.
    function cancel(uint256 jobId, Order calldata order) external;

    /// @notice Refunds a job that stayed unassigned past its deadline. Anyone may call.
    function refund(uint256 jobId, Order calldata order) external;

    /// @notice Draws the members of a posted job from the seed of its epoch. Anyone may call.
    function assign(uint256 jobId, Order calldata order) external;

    /// @notice Commits to an answer without showing it. Called by a member, once, before commitments are due. When all have
    /// answered, reveals begin at once.
    /// @param commitment `answerCommitment` of the answer. Its salt must be random and used once, or the answer can be guessed.
    function commit(uint256 jobId, Order calldata order, bytes32 commitment) external;

    /// @notice Gives the caller's place back, without a slash. Called by a member that has not committed, before
    /// commitments are due. Ends the round when no majority is possible without it.
    /// @dev For inputs that cannot be had, or are not what the order commits to: without it a requester could withhold an
    /// input and collect compensation from whoever is drawn (SLA-4). The place stays empty and counts against every
    /// majority, so declining decides nothing in anyone's favour.
    function decline(uint256 jobId, Order calldata order) external;

    /// @notice Shows the answer that the caller committed to. Called by a member once all members have answered or commitments
    /// are over, until reveals are due.
    /// @param outputCommitment Commitment of the output tensor; equal ones agree.
    /// @param outputDigest SHA-256 of the output artifact's bytes.
    /// @param salt Random value in the commitment.
    function reveal(
        uint256 jobId,
        Order calldata order,
        bytes32 outputCommitment,
        bytes32 outputDigest,
        bytes32 salt
    ) external;

    /// @notice Ends a round once every commitment is revealed, reveals are over, or commitments are over and too few for a
    /// majority. Pays a strict majority, or draws again, or refunds; slashes who was absent. The caller earns the
    /// bounties. Anyone may call.
    /// @dev When the market may no longer slash, nobody is slashed; all else is the same (LIV-1).
    function finalise(uint256 jobId, Order calldata order) external;

    /// @notice State of a job.
    function jobOf(uint256 jobId) external view returns (QuorumJob memory);

    /// @notice Number of jobs posted; ids run from 1.
    function jobCount() external view returns (uint256);

    /// @notice EIP-712 struct hash of an order.
    function hashOrder(Order calldata order) external pure returns (bytes32);

    /// @notice What a member commits to: keccak256 of {chain, market, job, attempt, provider, output commitment, salt}.
    function answerCommitment(
        uint256 jobId,
        uint256 attempt,
        address provider,
        bytes32 outputCommitment,
        bytes32 salt
    ) external view returns (bytes32);
}
