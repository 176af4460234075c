// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Job, JobState} from "../types/Job.sol";
import {AssignmentMode, Order, Tier} from "../types/Order.sol";

/// @title IJobMarket: orders become jobs, jobs become results, results are paid
/// @notice Every call on a job passes its order again. Every state that is not final has an exit that anyone can
/// call once its deadline passed.
interface IJobMarket {
    /// @notice How the locked maximum was split; the legs add up to it exactly.
    /// @param provider Earned by the provider's payout address.
    /// @param publisher Royalty.
    /// @param treasury Protocol fee less what burns.
    /// @param burn Credited to the burner; zero unless the payment token is LAT.
    /// @param refund Returned to the requester's deposit.
    struct Legs {
        uint128 provider;
        uint128 publisher;
        uint128 treasury;
        uint128 burn;
        uint128 refund;
    }

    /// @notice `order` was posted as `jobId`; its maximum price is locked.
    event JobPosted(uint256 indexed jobId, address indexed requester, bytes32 indexed modelVersion, Order order);
    /// @notice `provider` was drawn (draw `pick` of the seed of `epoch`) or accepted, at `price`; it must commit by `commitBy`.
    event JobAssigned(
        uint256 indexed jobId,
        address indexed provider,
        uint96 price,
        uint256 epoch,
        uint256 pick,
        uint256 commitBy
    );
    /// @notice `provider` committed a result; it must be proved by `proveBy`.
    event ResultCommitted(
        uint256 indexed jobId,
        address indexed provider,
        bytes32 outputCommitment,
        bytes32 outputDigest,
        uint256 proveBy
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
    /// @notice `provider` gave the job back before its commitment was due.
    event JobDeclined(uint256 indexed jobId, address indexed provider);
    /// @notice The job is open for a draw again, from the seed of `drawEpoch`.
    event JobReassigned(uint256 indexed jobId, uint256 attempt, uint256 drawEpoch);
    /// @notice The whole locked amount returned to the requester.
    event JobRefunded(uint256 indexed jobId, address indexed requester, uint256 amount);
    /// @notice `token` is, or no longer is, accepted for new orders.
    event PaymentTokenSet(address indexed token, bool allowed);
    /// @notice New work was stopped or resumed.
    event NewWorkPaused(bool paused);

    /// @notice The order given is not the job's.
    error JobMarketOrderMismatch(uint256 jobId, bytes32 expected, bytes32 given);
    /// @notice The job is not in a state from which this is possible.
    error JobMarketWrongState(uint256 jobId, JobState state);
    /// @notice Orders are posted by their requester.
    error JobMarketNotRequester(address requester, address caller);
    /// @notice The caller is not the job's provider.
    error JobMarketNotProvider(uint256 jobId, address provider, address caller);
    /// @notice New work is stopped.
    error JobMarketNewWorkPaused();
    /// @notice The token is not accepted.
    error JobMarketTokenNotAllowed(address token);
    /// @notice The price is zero.
    error JobMarketZeroPrice();
    /// @notice The collateral is below the floor of its tier.
    error JobMarketCollateralTooLow(uint256 collateral, uint256 floor);
    /// @notice A window lies outside of its bounds; `window` is 0 assign, 1 commit, 2 prove.
    error JobMarketInvalidWindow(uint8 window, uint256 given, uint256 min, uint256 max);
    /// @notice The model version is retired.
    error JobMarketModelRetired(bytes32 modelVersion);
    /// @notice The model version does not support the tier.
    error JobMarketTierUnsupported(bytes32 modelVersion, Tier tier);
    /// @notice The model's verifier was stopped.
    error JobMarketVerifierStopped(bytes4 verifierSelector);
    /// @notice The commitment is zero or not below the scalar field order.
    error JobMarketInvalidCommitment(bytes32 commitment);
    /// @notice Direct orders name a provider; drawn ones do not.
    error JobMarketInvalidProvider(AssignmentMode mode, address provider);
    /// @notice The call does not fit the order's assignment mode.
    error JobMarketWrongMode(uint256 jobId, AssignmentMode mode);
    /// @notice The deadline passed.
    error JobMarketDeadlinePassed(uint256 jobId, uint256 deadline);
    /// @notice The deadline has not passed.
    error JobMarketDeadlineNotPassed(uint256 jobId, uint256 deadline);
    /// @notice The seed of `drawEpoch` does not exist yet.
    error JobMarketDrawTooEarly(uint256 jobId, uint256 drawEpoch, uint256 currentEpoch);
    /// @notice No seed in the job's window may draw it.
    error JobMarketDrawWindowPassed(uint256 jobId, uint256 drawEpoch, uint256 currentEpoch);
    /// @notice No drawn provider is available, affordable and has the collateral free.
    error JobMarketNoEligibleProvider(uint256 jobId, uint256 picks);
    /// @notice The seed exists, so the order can no longer be cancelled.
    error JobMarketDrawStarted(uint256 jobId, uint256 drawEpoch);
    /// @notice The named provider is draining, jailed, does not offer the model or asks more than the maximum.
    error JobMarketProviderUnavailable(address provider, bytes32 modelVersion);
    /// @notice The proof does not verify.
    error JobMarketInvalidProof(uint256 jobId);

    /// @notice Posts the caller's order and locks its maximum price in the escrow.
    function post(Order calldata order) external returns (uint256 jobId);

    /// @notice Draws the provider of a posted job from the seed of its epoch. Anyone may call.
    function assign(uint256 jobId, Order calldata order) external;

    /// @notice Accepts a direct order. Called by the named provider.
    function accept(uint256 jobId, Order calldata order) external;

    /// @notice Commits the result. Called by the provider.
    /// @param outputCommitment For tier Zk the Poseidon commitment of the output tensor.
    /// @param outputDigest SHA-256 of the output artifact's bytes.
    function commit(uint256 jobId, Order calldata order, bytes32 outputCommitment, bytes32 outputDigest) external;

    /// @notice Proves the committed result. Anyone may carry the proof: it is bound to job and provider.
    function prove(uint256 jobId, Order calldata order, uint256[8] calldata proof) external;

    /// @notice Pays a proved job. Anyone may call.
    function settle(uint256 jobId, Order calldata order) external;

    /// @notice After a missed commitment or proof: slashes the provider, then draws again or refunds. The caller earns the bounty.
    /// @dev When the model's verifier was stopped, or the market may no longer slash, nobody is slashed and the
    /// requester is refunded.
    function timeOut(uint256 jobId, Order calldata order) external;

    /// @notice Gives an assigned job back, without a slash, then draws again or refunds. Called by the provider before
    /// its commitment is due.
    /// @dev For inputs that cannot be had, or are not what the order commits to: without it a requester could withhold
    /// an input and collect compensation from whoever is drawn (SLA-4).
    function decline(uint256 jobId, Order calldata order) external;

    /// @notice Refunds a job that stayed unassigned past its deadline. Anyone may call.
    function refund(uint256 jobId, Order calldata order) external;

    /// @notice Takes back an order before its draw's seed exists, or a direct one before it is accepted.
    function cancel(uint256 jobId, Order calldata order) external;

    /// @notice Accepts or refuses a payment token for new orders. Restricted to the timelock.
    function setPaymentToken(address token, bool allowed) external;

    /// @notice Stops or resumes posting and accepting. Restricted to the guardian and the timelock.
    function setNewWorkPaused(bool paused) external;

    /// @notice State of a job.
    function jobOf(uint256 jobId) external view returns (Job memory);

    /// @notice Number of jobs posted; ids run from 1.
    function jobCount() external view returns (uint256);

    /// @notice EIP-712 struct hash of an order.
    function hashOrder(Order calldata order) external pure returns (bytes32);

    /// @notice First public input of a proof: keccak256 of {chain, market, job, order, provider, model version}, reduced into the scalar field.
    function proofContext(
        uint256 jobId,
        bytes32 orderHash,
        address provider,
        bytes32 modelVersion
    ) external view returns (uint256);

    /// @notice Randomness of one pick: keccak256 of {seed, market, job, attempt, pick}.
    function drawRandomness(bytes32 seed, uint256 jobId, uint256 attempt, uint256 pick) external view returns (uint256);

    /// @notice How `price` splits within `locked` for the given rates; rounding favours the requester first, then the protocol.
    function splitPrice(
        uint256 price,
        uint256 locked,
        uint256 royaltyPpm,
        uint256 protocolFeePpm,
        uint256 burnSharePpm
    ) external pure returns (Legs memory);

    /// @notice True when the token is accepted for new orders.
    function isPaymentTokenAllowed(address token) external view returns (bool);

    /// @notice True while new work is stopped.
    function isNewWorkPaused() external view returns (bool);
}
