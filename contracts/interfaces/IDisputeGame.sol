// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Demand, DisputedResult, Ground, Inquiry, Place, Verdict} from "../types/Dispute.sol";
import {ProgramOpening, TensorOpening} from "../types/Trace.sol";
import {IDisputeHolds} from "./IDisputeHolds.sol";

/// @title IDisputeGame: disputes without a judge
/// @notice A bonded result commits its provider to every tensor of the run. Whoever recomputed the run and found another
/// element shows it, with what it is computed from, and a referee recomputes it: that is the whole trial. Who does not have
/// the provider's trace asks for it in an inquiry, 16 nodes of its tree an answer, and silence loses. Nothing is decided by
/// anybody's judgement.
///
/// Evidence can be copied out of the public mempool. A challenger that minds commits to its evidence first: whoever's
/// evidence counts earliest gets the bounty, which a verdict keeps open for `PRIORITY_SECONDS`.
/// @dev Bonds are LAT and lie here. `market` is always a lane that governance listed, `claim` what its reader understands
/// (IClaimReader).
interface IDisputeGame is IDisputeHolds {
    /// @notice The game judges the results of `market`, as `reader` reads them; with a zero reader nothing new there.
    event LaneSet(address indexed market, address indexed reader);
    /// @notice `challenger` committed to evidence that it has not shown, with a bond of LAT (wei).
    event EvidenceCommitted(address indexed challenger, bytes32 indexed commitment, uint96 bond);
    /// @notice `challenger` showed the evidence in time, and its bond returned.
    event CommitmentRedeemed(address indexed challenger, bytes32 indexed commitment, uint96 bond);
    /// @notice `challenger` did not show the evidence in time, and its bond burned.
    event CommitmentBurned(address indexed challenger, bytes32 indexed commitment, uint96 bond);
    /// @notice `provider` was found guilty; the slash can be carried out from `executableAt`.
    event ResultConvicted(
        address indexed market,
        bytes32 indexed subject,
        address indexed provider,
        address reporter,
        Ground ground,
        uint256 foundAt,
        uint256 executableAt
    );
    /// @notice `reporter` showed that its evidence counts earlier, and gets the bounty instead of `previous`.
    event ReporterReplaced(
        address indexed market,
        bytes32 indexed subject,
        address indexed reporter,
        address previous,
        uint256 foundAt
    );
    /// @notice The slash was carried out.
    event VerdictExecuted(
        address indexed market,
        bytes32 indexed subject,
        address indexed provider,
        address reporter,
        Ground ground
    );
    /// @notice `inquirer` has `provider` answer for its trace; the first question is the trace root.
    event InquiryOpened(
        address indexed market,
        bytes32 indexed subject,
        address indexed inquirer,
        address provider,
        uint96 bond,
        uint256 deadline
    );
    /// @notice The inquirer asked what lies below `target`.
    event QuestionAsked(
        address indexed market,
        bytes32 indexed subject,
        address indexed inquirer,
        Place place,
        uint8 height,
        uint256 child,
        bytes32 target,
        uint256 deadline
    );
    /// @notice The provider answered with these nodes; `data` is the number of tensors (Trace), the header (Tensor) or the
    /// chunk (Chunk).
    event QuestionAnswered(
        address indexed market,
        bytes32 indexed subject,
        address indexed inquirer,
        Place place,
        uint8 height,
        bytes32[] nodes,
        bytes data,
        uint256 deadline
    );
    /// @notice The inquiry is over; of its bond `paid` LAT (wei) went to `bondTo`, and `burned` burned.
    event InquiryClosed(
        address indexed market,
        bytes32 indexed subject,
        address indexed inquirer,
        address bondTo,
        uint96 paid,
        uint96 burned
    );
    /// @notice `asker` demands chunks `firstChunk` to `firstChunk + chunkCount` of the input, or of the output.
    event ChunksDemanded(
        address indexed market,
        bytes32 indexed subject,
        address indexed asker,
        bool isInput,
        uint32 firstChunk,
        uint32 chunkCount,
        uint96 bond,
        uint256 deadline
    );
    /// @notice `publisher` published what was demanded, and got the bond.
    event ChunksPublished(
        address indexed market,
        bytes32 indexed subject,
        address indexed publisher,
        bool isInput,
        uint32 firstChunk,
        bytes chunks
    );
    /// @notice Nobody published what was demanded; the bond went back to the asker.
    event DemandUnanswered(address indexed market, bytes32 indexed subject, address indexed asker, bool isInput);

    /// @notice Governance has listed no reader for this market.
    error DisputeGameUnknownMarket(address market);
    /// @notice The result can no longer, or not yet, be called into question.
    error DisputeGameNotChallengeable(address market, bytes32 subject, uint256 challengeableUntil);
    /// @notice A verdict was found before, on evidence that counts at least as early, or too long ago.
    error DisputeGameAlreadyConvicted(address market, bytes32 subject, address reporter, uint256 foundAt);
    /// @notice What the evidence opens is in order.
    error DisputeGameNotWrong(address market, bytes32 subject);
    /// @notice Nothing was found against this result.
    error DisputeGameNotConvicted(address market, bytes32 subject);
    /// @notice The slash waits for an earlier finder until then.
    error DisputeGameNotExecutable(address market, bytes32 subject, uint256 executableAt);
    /// @notice The slash was carried out before.
    error DisputeGameAlreadyExecuted(address market, bytes32 subject);
    /// @notice The reporter is an address of the provider now: no bounty is paid to it, and it could be anyone's. The slash
    /// waits until `until`, in which time the provider's earnings are the reporter's; from then on it is carried out all the
    /// same.
    error DisputeGameOwnAddress(address provider, address reporter, uint256 until);
    /// @notice This evidence was committed to before.
    error DisputeGameAlreadyCommitted(address challenger, bytes32 commitment);
    /// @notice There is no such commitment, or its bond is gone.
    error DisputeGameNoCommitment(address challenger, bytes32 commitment);
    /// @notice There is an inquiry of this inquirer already.
    error DisputeGameAlreadyInquired(address market, bytes32 subject, address inquirer);
    /// @notice It is somebody else's turn, or nobody's.
    error DisputeGameNotYourTurn(address market, bytes32 subject, address inquirer);
    /// @notice The window is over: at `block.timestamp == deadline` whoever's turn it was has lost.
    error DisputeGameDeadlinePassed(uint256 deadline);
    /// @notice The window is not over.
    error DisputeGameDeadlineNotPassed(uint256 deadline);
    /// @notice The nodes are not those of the last answer, or there is no such child, or nothing lies below it: it is a leaf
    /// behind the last, or the answer was a chunk.
    error DisputeGameInvalidQuestion(uint256 child, uint256 nodes);
    /// @notice The answer does not open the question's target.
    error DisputeGameInvalidAnswer(Place place, bytes32 target);
    /// @notice The caller may not demand this.
    error DisputeGameNotParty(address market, bytes32 subject, address caller);
    /// @notice A demand of this kind is open already, or asks for no chunks, too many, or others than those after the last that were published.
    error DisputeGameInvalidDemand(address market, bytes32 subject, uint32 firstChunk, uint32 chunkCount);
    /// @notice There is no demand of this kind.
    error DisputeGameNoDemand(address market, bytes32 subject, bool isInput);

    // Evidence

    /// @notice Commits the caller to evidence: keccak256(abi.encode(caller, market, subject, keccak256(evidence), salt)), with a
    /// salt that is not zero. Takes a bond, which returns when the evidence is shown within `COMMITMENT_SECONDS`.
    /// @dev A commitment without a bond, or without an end, would serve the guilty best: they know the evidence first, and could
    /// wait with it for an honest challenger, whose bounty they would take.
    function commit(bytes32 commitment) external;

    /// @notice Burns the bond of evidence that was not shown in time. Anyone may.
    function burnCommitment(address challenger, bytes32 commitment) external;

    /// @notice Convicts with one element of the trace that is not what its node computes. Anyone may, while the result can
    /// be challenged or an inquiry of the caller is open. Committed to in time, with this salt, the evidence counts from
    /// then; uncovered in the caller's inquiry, from one second before the answer that uncovered it. Salt zero: no commitment.
    /// @param evidence ABI-encoded StepEvidence.
    function challengeStep(address market, bytes calldata claim, bytes calldata evidence, bytes32 salt) external;

    /// @notice Likewise with another fault of the trace.
    /// @param evidence ABI-encoded TraceEvidence.
    function challengeTrace(address market, bytes calldata claim, bytes calldata evidence, bytes32 salt) external;

    /// @notice Likewise with a proof of another output, which is bound to the caller and so needs no commitment.
    /// @param evidence ABI-encoded ProofEvidence.
    function challengeProof(address market, bytes calldata claim, bytes calldata evidence) external;

    /// @notice Convicts a provider that was reported for two signed results of this subject. The bounty is the reporter's.
    function challengeEquivocation(address market, bytes calldata claim) external;

    /// @notice Carries out the slash of a verdict. Anyone may.
    /// @dev A reporter that is the provider itself gets no bounty. Of one whose address the provider declared its own, see
    /// DisputeGameOwnAddress.
    function execute(address market, bytes calldata claim) external;

    // Inquiries

    /// @notice Has the provider answer for its trace. Takes the bond from the caller; it returns if anyone convicts the
    /// provider. Otherwise half of it is the provider's, and the rest burns.
    function inquire(address market, bytes calldata claim) external;

    /// @notice Asks what lies below one of the nodes of the last answer.
    function ask(address market, bytes32 subject, uint256 child, bytes32[] calldata nodes) external;

    /// @notice Answers the question of `inquirer`. The provider does, or anyone for it.
    /// @param nodes Those of the tree `min(4, height)` levels below the target, from left to right; none for a chunk.
    /// @param data The number of tensors (Place.Trace, 4 bytes), the value header (Place.Tensor), the chunk (Place.Chunk).
    function answer(
        address market,
        bytes32 subject,
        address inquirer,
        bytes32[] calldata nodes,
        bytes calldata data
    ) external;

    /// @notice Convicts a provider that did not answer in time. Anyone may; the bounty is the inquirer's.
    function claimSilence(address market, bytes calldata claim, address inquirer) external;

    /// @notice Ends an inquiry: whose inquirer let its time pass, or gives up, and half the bond is the provider's; or of a result
    /// that was convicted, and it returns. The latter is for the inquirer, and for anyone once no finder can replace another:
    /// until then the inquiry says how early its inquirer was. A provider's silence past its deadline convicts, and nobody
    /// may give that up.
    function closeInquiry(address market, bytes32 subject, address inquirer) external;

    // Availability

    /// @notice Demands chunks of the input from the requester, or whoever has them. The provider may, while it owes the
    /// result.
    function demandInput(address market, bytes calldata claim, uint32 firstChunk, uint32 chunkCount) external;

    /// @notice Publishes what was demanded of the input, for the bond. Of chunks behind the last none are opened; when all are,
    /// the last chunk is, which shows that it is the last.
    function publishInput(address market, bytes calldata claim, TensorOpening calldata input) external;

    /// @notice Demands chunks of the output from the provider. The requester may, while the result can be challenged.
    function demandOutput(address market, bytes calldata claim, uint32 firstChunk, uint32 chunkCount) external;

    /// @notice Publishes what was demanded of the output, for the bond. Chunks behind the last are as with the input.
    function publishOutput(
        address market,
        bytes calldata claim,
        ProgramOpening calldata program,
        bytes32 traceTree,
        TensorOpening calldata output
    ) external;

    /// @notice Ends a demand that nobody answered in time: for the input the job ends in the provider's favour, for the output
    /// the provider is convicted. Anyone may.
    function claimUnanswered(address market, bytes calldata claim, bool isInput) external;

    // Governance

    /// @notice Lists a lane, or with a zero reader takes it off for new disputes.
    function setLane(address market, address reader) external;

    // Views

    /// @notice Reader of the lane; zero when there is none.
    function readerOf(address market) external view returns (address);

    /// @notice The result that `claim` names.
    function resultOf(address market, bytes calldata claim) external view returns (DisputedResult memory);

    /// @notice What became of the result.
    function verdictOf(address market, bytes32 subject) external view returns (Verdict memory);

    /// @notice The inquiry of `inquirer` into the result.
    function inquiryOf(address market, bytes32 subject, address inquirer) external view returns (Inquiry memory);

    /// @notice The open demand of this kind.
    function demandOf(address market, bytes32 subject, bool isInput) external view returns (Demand memory);

    /// @notice Unix seconds at which `challenger` committed; zero when it did not.
    function committedAt(address challenger, bytes32 commitment) external view returns (uint256);

    /// @notice What a challenger commits to.
    function commitmentOf(
        address challenger,
        address market,
        bytes32 subject,
        bytes32 evidenceHash,
        bytes32 salt
    ) external pure returns (bytes32);

    /// @notice First public input of a proof that `challenger` brings against the result.
    function proofContext(
        address market,
        bytes32 subject,
        address challenger,
        bytes32 modelVersion
    ) external view returns (uint256);
}
