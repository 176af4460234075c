// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Job, JobState} from "../types/Job.sol";
import {AssignmentMode, Order, Tier} from "../types/Order.sol";
import {Legs} from "../types/Payment.sol";
import {IDisputedLane} from "./IDisputedLane.sol";
import {IMarket} from "./IMarket.sol";

/// @title IJobMarket: orders become jobs, jobs become results, results are paid
/// @notice A job's id is the EIP-712 struct hash of its order, and every call on a job passes the order. Every state that
/// is not final has an exit that anyone can call once its deadline passed.
interface IJobMarket is IMarket, IDisputedLane {
    /// @notice `order` was posted as `jobId`; its maximum price is locked.
    event JobPosted(uint256 indexed jobId, address indexed requester, bytes32 indexed modelVersion, Order order);
    /// @notice `provider` was drawn (pick `pick` of the seed of `epoch`) or accepted (both zero), at `price`; it must
    /// commit by `commitBy`.
    event JobAssigned(
        uint256 indexed jobId,
        address indexed provider,
        uint96 price,
        uint256 epoch,
        uint256 pick,
        uint256 commitBy
    );
    /// @notice `provider` committed a result; it must be proved by `deadline` (tier Zk), or is final then (Optimistic).
    event ResultCommitted(
        uint256 indexed jobId,
        address indexed provider,
        bytes32 outputCommitment,
        bytes32 outputDigest,
        uint256 deadline
    );
    /// @notice The result was proved.
    event ResultProved(uint256 indexed jobId, address indexed provider, bytes32 context);
    /// @notice The job was paid.
    event JobSettled(uint256 indexed jobId, address indexed provider, address indexed requester, Legs legs);
    /// @notice `provider` missed the deadline of `state`; `slashed` LAT (wei) was taken; `reporter` reported it.
    event ProviderTimedOut(
        uint256 indexed jobId,
        address indexed provider,
        address indexed reporter,
        JobState state,
        uint256 slashed
    );
    /// @notice The result was convicted in the dispute game on a report of `reporter`; `slashed` LAT (wei) was taken.
    event ResultPunished(uint256 indexed jobId, address indexed provider, address indexed reporter, uint256 slashed);
    /// @notice The input that `provider` demanded was published; the result must be committed by `deadline`.
    event InputPublished(uint256 indexed jobId, address indexed provider, uint256 deadline);
    /// @notice Nobody published the input that `provider` demanded, so it is paid as if it had delivered.
    event InputWithheld(uint256 indexed jobId, address indexed provider);
    /// @notice `provider` gave the job back before its commitment was due.
    event JobDeclined(uint256 indexed jobId, address indexed provider);
    /// @notice The job is open for a draw again, from the seed of `drawEpoch`.
    event JobReassigned(uint256 indexed jobId, uint256 attempt, uint256 drawEpoch);
    /// @notice The whole locked amount returned to `payer`: the requester or its sponsor.
    event JobRefunded(uint256 indexed jobId, address indexed payer, uint256 amount);

    /// @notice The very same order was posted before; another nonce makes it another order.
    error JobMarketAlreadyPosted(uint256 jobId, JobState state);
    /// @notice The named provider is not registered, takes no work, or lacks the class that the model requires.
    error JobMarketProviderUnavailable(address provider, bytes32 modelVersion);
    /// @notice The job is not in a state from which this is possible.
    error JobMarketWrongState(uint256 jobId, JobState state);
    /// @notice Orders are posted by their requester.
    error JobMarketNotRequester(address requester, address caller);
    /// @notice The caller is not the job's provider.
    error JobMarketNotProvider(uint256 jobId, address provider, address caller);
    /// @notice The commitment is zero or, for tier Zk, not below the scalar field order.
    error JobMarketInvalidCommitment(bytes32 commitment);
    /// @notice Only orders that are settled in batches name an epoch.
    error JobMarketEpochNotUsed(uint256 epoch);
    /// @notice There is nothing to prove.
    error JobMarketNoOrders();
    /// @notice Jobs that are proved together share a model version.
    error JobMarketModelMismatch(uint256 jobId, bytes32 expected, bytes32 given);
    /// @notice Results of this tier are not proved.
    error JobMarketNotProvable(uint256 jobId, Tier tier);
    /// @notice Bidding closed, so the order can no longer be cancelled.
    error JobMarketBiddingClosed(uint256 jobId, uint256 closesAt);
    /// @notice The call does not fit the order's assignment mode.
    error JobMarketWrongMode(uint256 jobId, AssignmentMode mode);
    /// @notice The deadline passed.
    error JobMarketDeadlinePassed(uint256 jobId, uint256 deadline);
    /// @notice The deadline has not passed.
    error JobMarketDeadlineNotPassed(uint256 jobId, uint256 deadline);
    /// @notice Somebody may know the seed, so the order can no longer be cancelled.
    error JobMarketDrawStarted(uint256 jobId, uint256 drawEpoch);
    /// @notice The proof does not verify.
    error JobMarketInvalidProof(uint256 jobId);

    /// @notice Posts the caller's order and locks its maximum price in the escrow, from the requester's deposit or its
    /// sponsor's.
    function post(Order calldata order) external returns (uint256 jobId);

    /// @notice Posts an order that its requester signed (EIP-712, or ERC-1271 for contracts). Uses up its nonce. Anyone
    /// may call.
    function postSigned(Order calldata order, bytes calldata signature) external returns (uint256 jobId);

    /// @notice Draws the provider of a posted job from the seed of its epoch. Anyone may call. For mode Draw, and for
    /// auctions that were opened again.
    function assign(Order calldata order) external;

    /// @notice Draws the winner of an auction by stake and price once bidding closed; without a bidder that can take the
    /// job, a provider of the pool, as in mode Draw. Anyone may call.
    /// @param closingEpoch The epoch that was current when bidding closed; the seed three epochs later draws.
    function award(Order calldata order, uint256 closingEpoch) external;

    /// @notice Accepts a direct order at the price it names. Called by the named provider.
    function accept(Order calldata order) external;

    /// @notice Accepts a direct order of tier Zk, proves its result and is paid, in one call of the named provider. Nothing
    /// is promised, so no collateral is locked; and nothing begins, so a pause of new work does not stop it.
    function deliver(
        Order calldata order,
        bytes32 outputCommitment,
        bytes32 outputDigest,
        uint256[8] calldata proof
    ) external;

    /// @notice Commits the result. Called by the provider.
    /// @param outputCommitment For tier Zk the Poseidon commitment of the output tensor; for Optimistic the result root.
    /// @param outputDigest SHA-256 of the output artifact's bytes.
    function commit(Order calldata order, bytes32 outputCommitment, bytes32 outputDigest) external;

    /// @notice Proves the committed result and pays for it. Anyone may carry the proof: it is bound to job and provider.
    function prove(Order calldata order, uint256[8] calldata proof) external;

    /// @notice Proves the committed results of several jobs of one model version with one proof, and pays for all of
    /// them. Anyone may carry the proof. As many jobs as the version's circuit takes at a time, in the proof's order.
    function proveMany(Order[] calldata orders, uint256[8] calldata proof) external;

    /// @notice Pays for a bonded result once its challenge window passed. Anyone may call.
    function settle(Order calldata order) external;

    /// @notice After a missed commitment or proof: slashes the provider, then draws again or refunds. The caller earns the bounty.
    /// @dev When the model's verifier was stopped, or the market may no longer slash, nobody is slashed and the
    /// requester is refunded.
    function timeOut(Order calldata order) external;

    /// @notice Takes the collateral behind a convicted result and refunds the requester. Called by the dispute game.
    /// @dev When the market may no longer slash, the collateral is only freed.
    function punish(Order calldata order, address reporter) external;

    /// @notice Has a bonded job go on after its input was published, with the time to commit that was left when it was
    /// demanded; or pays its provider when nobody published it. Called by the dispute game.
    /// @param demandedAt Unix seconds since which the job waited.
    function concludeInput(Order calldata order, bool published, uint256 demandedAt) external;

    /// @notice Gives an assigned job back, without a slash, then draws again or refunds. Called by the provider before
    /// its commitment is due.
    /// @dev For inputs that cannot be had, or are not what the order commits to: without it a requester could withhold
    /// an input and collect compensation from whoever is drawn (SLA-4).
    function decline(Order calldata order) external;

    /// @notice Refunds a job that stayed unassigned past its deadline. Anyone may call.
    function refund(Order calldata order) external;

    /// @notice Takes back an order: one for a draw before anyone may know its seed, an auction while bidding is open, a
    /// direct one before it is accepted. Called by the requester.
    function cancel(Order calldata order) external;

    /// @notice State of the job with this id: `uint256(hashOrder(order))`.
    function jobOf(uint256 jobId) external view returns (Job memory);

    /// @notice EIP-712 struct hash of an order.
    function hashOrder(Order calldata order) external pure returns (bytes32);

    /// @notice First public input of a proof: keccak256 of {chain, market, order, provider, model version},
    /// reduced into the scalar field.
    function proofContext(bytes32 orderHash, address provider, bytes32 modelVersion) external view returns (uint256);
}
