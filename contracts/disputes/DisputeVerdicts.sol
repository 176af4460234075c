// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IClaimReader} from "../interfaces/IClaimReader.sol";
import {IDisputeGame} from "../interfaces/IDisputeGame.sol";
import {DisputedResult, Ground, Inquiry} from "../types/Dispute.sol";
import {Parameter} from "../types/Parameter.sol";
import {Roots} from "../types/Trace.sol";
import {Case, DisputeStorage, Finding} from "./DisputeStorage.sol";

/// @title DisputeVerdicts: evidence, whose it was first, and the slash
abstract contract DisputeVerdicts is DisputeStorage {
    using Address for address;

    /// @notice How long a verdict waits for a finder whose evidence counts earlier, seconds.
    uint256 public constant PRIORITY_SECONDS = 1 hours;
    /// @notice How much longer it waits, seconds, for a provider that calls its reporter's address its own to stop that.
    uint256 public constant OWN_ADDRESS_SECONDS = 7 days;

    /// @notice How long evidence that was committed to counts from then, seconds. Long enough to show it, and too short for who
    /// keeps evidence against itself ready: each further time has a bond.
    uint256 public constant COMMITMENT_SECONDS = 30 minutes;

    /// @param madeAt Unix seconds.
    /// @param bond LAT (wei); zero once it returned or burned.
    struct Commitment {
        uint40 madeAt;
        uint80 bond;
    }

    mapping(address challenger => mapping(bytes32 commitment => Commitment)) private _commitments;

    // Challenger

    /// @inheritdoc IDisputeGame
    function commit(bytes32 commitment) external nonReentrant {
        Commitment storage made = _commitments[msg.sender][commitment];
        if (made.madeAt != 0) revert DisputeGameAlreadyCommitted(msg.sender, commitment);
        // Within its bounds, below 2^80.
        uint80 bond = uint80(PARAMETERS.get(Parameter.ChallengeBond));
        (made.madeAt, made.bond) = (uint40(block.timestamp), bond);
        emit EvidenceCommitted(msg.sender, commitment, bond);
        _takeBond(msg.sender, bond);
    }

    /// @inheritdoc IDisputeGame
    function challengeStep(
        address market,
        bytes calldata claim,
        bytes calldata evidence,
        bytes32 salt
    ) external nonReentrant {
        DisputedResult memory result = _readChallengeable(market, claim);
        (Roots memory roots, ) = _rootsOf(result);
        bool wrong = OPERATOR_REFEREE.isWrongStep(roots, evidence);
        if (!wrong) revert DisputeGameNotWrong(market, result.subject);
        _convictFinder(market, result, keccak256(evidence), salt, Ground.WrongStep);
    }

    /// @inheritdoc IDisputeGame
    function challengeTrace(
        address market,
        bytes calldata claim,
        bytes calldata evidence,
        bytes32 salt
    ) external nonReentrant {
        DisputedResult memory result = _readChallengeable(market, claim);
        (Roots memory roots, ) = _rootsOf(result);
        bool wrong = TRACE_REFEREE.isWrongTrace(roots, evidence);
        if (!wrong) revert DisputeGameNotWrong(market, result.subject);
        _convictFinder(market, result, keccak256(evidence), salt, Ground.WrongTrace);
    }

    /// @inheritdoc IDisputeGame
    function challengeProof(address market, bytes calldata claim, bytes calldata evidence) external {
        DisputedResult memory result = _readChallengeable(market, claim);
        (Roots memory roots, bytes4 verifier) = _rootsOf(result);
        uint256 context = proofContext(market, result.subject, msg.sender, result.modelVersion);
        bool wrong = PROOF_REFEREE.contradicts(roots, verifier, context, evidence);
        if (!wrong) revert DisputeGameNotWrong(market, result.subject);
        _convictFinder(market, result, 0, 0, Ground.ContradictingProof);
    }

    // Anyone

    /// @inheritdoc IDisputeGame
    function burnCommitment(address challenger, bytes32 commitment) external nonReentrant {
        Commitment storage made = _commitments[challenger][commitment];
        uint80 bond = made.bond;
        if (bond == 0) revert DisputeGameNoCommitment(challenger, commitment);
        uint256 until = made.madeAt + COMMITMENT_SECONDS;
        if (block.timestamp < until) revert DisputeGameDeadlineNotPassed(until);
        made.bond = 0;
        emit CommitmentBurned(challenger, commitment, bond);
        _burnBond(bond);
    }

    /// @inheritdoc IDisputeGame
    function challengeEquivocation(address market, bytes calldata claim) external {
        DisputedResult memory result = _readChallengeable(market, claim);
        address reporter = EQUIVOCATION.reportOf(result.provider, market, result.subject).reporter;
        if (reporter == address(0)) revert DisputeGameNotWrong(market, result.subject);
        _convict(market, result, reporter, uint40(block.timestamp), Ground.Equivocation, false);
    }

    /// @inheritdoc IDisputeGame
    function execute(address market, bytes calldata claim) external nonReentrant {
        IClaimReader reader = _lastReader(market);
        (bytes32 subject, bytes32 hold, address provider) = reader.identify(market, claim);
        Finding storage stored = _caseOf(market, subject).finding;
        Finding memory finding = stored;
        _requireExecutable(market, subject, provider, finding);

        stored.executed = true;
        _dropHold(market, hold);
        emit VerdictExecuted(market, subject, provider, finding.reporter, finding.ground);
        bytes memory call = reader.punishment(market, claim, finding.reporter);
        if (call.length != 0) market.functionCall(call);
    }

    // Views

    /// @inheritdoc IDisputeGame
    function committedAt(address challenger, bytes32 commitment) external view returns (uint256) {
        return _commitments[challenger][commitment].madeAt;
    }

    /// @inheritdoc IDisputeGame
    function commitmentOf(
        address challenger,
        address market,
        bytes32 subject,
        bytes32 evidenceHash,
        bytes32 salt
    ) public pure returns (bytes32) {
        return keccak256(abi.encode(challenger, market, subject, evidenceHash, salt));
    }

    /// @inheritdoc IDisputeGame
    function proofContext(
        address market,
        bytes32 subject,
        address challenger,
        bytes32 modelVersion
    ) public view virtual returns (uint256);

    // Challenges

    /// @dev The result, which can be challenged now: by anyone in its window, by who inquires into it until its inquiry is
    /// over, and by an earlier finder until the verdict is carried out.
    function _readChallengeable(
        address market,
        bytes calldata claim
    ) private view returns (DisputedResult memory result) {
        result = _lastReader(market).read(market, claim);
        Case storage dispute = _caseOf(market, result.subject);
        if (_isLive(dispute.inquiries[msg.sender])) return result;
        if (dispute.finding.ground != Ground.None) return result;
        _listedReader(market);
        _requireWindow(market, result);
    }

    /// @dev Convicts on the caller's evidence, which counts from when it committed to it, or from when its inquiry uncovered it.
    /// Who committed and shows it in time has its bond back, though another's counts earlier.
    function _convictFinder(
        address market,
        DisputedResult memory result,
        bytes32 evidenceHash,
        bytes32 salt,
        Ground ground
    ) private {
        (uint40 foundAt, uint80 bond) = _redeem(market, result.subject, evidenceHash, salt);
        Inquiry storage inquiry = _caseOf(market, result.subject).inquiries[msg.sender];
        uint40 uncoveredAt = inquiry.uncoveredAt;
        // A block's time is above one.
        if (uncoveredAt != 0 && uncoveredAt <= foundAt && _isLive(inquiry)) foundAt = uncoveredAt - 1;
        _convict(market, result, msg.sender, foundAt, ground, bond != 0);
        if (bond != 0) _payBond(msg.sender, bond);
    }

    /// @dev Takes up the caller's commitment to the evidence, if there is one that still counts.
    /// @return foundAt Unix seconds from which the evidence counts.
    /// @return bond LAT (wei) that returns.
    function _redeem(
        address market,
        bytes32 subject,
        bytes32 evidenceHash,
        bytes32 salt
    ) private returns (uint40 foundAt, uint80 bond) {
        foundAt = uint40(block.timestamp);
        if (salt == 0) return (foundAt, 0);
        bytes32 commitment = commitmentOf(msg.sender, market, subject, evidenceHash, salt);
        Commitment storage made = _commitments[msg.sender][commitment];
        uint40 madeAt = made.madeAt;
        if (madeAt == 0 || block.timestamp >= madeAt + COMMITMENT_SECONDS) return (foundAt, 0);
        (foundAt, bond) = (madeAt, made.bond);
        made.bond = 0;
        emit CommitmentRedeemed(msg.sender, commitment, bond);
    }

    // Verdicts

    /// @dev Stores the verdict, which holds the result from now on; or who found it earlier. Of the result, subject, hold and
    /// provider are read.
    /// @param mayBeLater True when evidence that counts later changes nothing; otherwise it reverts.
    function _convict(
        address market,
        DisputedResult memory result,
        address reporter,
        uint40 foundAt,
        Ground ground,
        bool mayBeLater
    ) internal {
        Case storage dispute = _caseOf(market, result.subject);
        Finding memory finding = dispute.finding;
        (address previous, uint40 previousAt) = (finding.reporter, finding.foundAt);
        bool isFirst = finding.ground == Ground.None;
        if (isFirst) {
            finding.executableAt = uint40(block.timestamp + PRIORITY_SECONDS);
            _addHold(market, result.hold);
        } else if (foundAt >= previousAt || block.timestamp >= finding.executableAt) {
            if (mayBeLater) return;
            revert DisputeGameAlreadyConvicted(market, result.subject, previous, previousAt);
        }
        (finding.reporter, finding.foundAt, finding.ground) = (reporter, foundAt, ground);
        dispute.finding = finding;
        if (isFirst) {
            _emitConvicted(market, result, finding);
        } else {
            emit ReporterReplaced(market, result.subject, reporter, previous, foundAt);
        }
    }

    function _emitConvicted(address market, DisputedResult memory result, Finding memory finding) private {
        emit ResultConvicted(
            market,
            result.subject,
            result.provider,
            finding.reporter,
            finding.ground,
            finding.foundAt,
            finding.executableAt
        );
    }

    function _requireExecutable(
        address market,
        bytes32 subject,
        address provider,
        Finding memory finding
    ) private view {
        if (finding.ground == Ground.None) revert DisputeGameNotConvicted(market, subject);
        if (finding.executed) revert DisputeGameAlreadyExecuted(market, subject);
        if (block.timestamp < finding.executableAt) {
            revert DisputeGameNotExecutable(market, subject, finding.executableAt);
        }
        address reporter = finding.reporter;
        uint256 until = finding.executableAt + OWN_ADDRESS_SECONDS;
        if (reporter != provider && block.timestamp < until && REGISTRY.isOwnAddress(provider, reporter)) {
            revert DisputeGameOwnAddress(provider, reporter, until);
        }
    }
}
