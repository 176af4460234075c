// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IClaimReader} from "../interfaces/IClaimReader.sol";
import {IDisputeGame} from "../interfaces/IDisputeGame.sol";
import {IDisputeHolds} from "../interfaces/IDisputeHolds.sol";
import {IEquivocation} from "../interfaces/IEquivocation.sol";
import {ILatticeToken} from "../interfaces/ILatticeToken.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IOperatorReferee} from "../interfaces/IOperatorReferee.sol";
import {IProofReferee} from "../interfaces/IProofReferee.sol";
import {IProtocolParameters} from "../interfaces/IProtocolParameters.sol";
import {IProviderRegistry} from "../interfaces/IProviderRegistry.sol";
import {ITraceReferee} from "../interfaces/ITraceReferee.sol";
import {Demand, DisputedResult, Ground, Inquiry, Turn, Verdict} from "../types/Dispute.sol";
import {Parameter} from "../types/Parameter.sol";
import {Roots} from "../types/Trace.sol";

/// @notice Contracts that the game works with, fixed in its code.
struct DisputePeers {
    ILatticeToken lat;
    IProtocolParameters parameters;
    IModelRegistry models;
    IProviderRegistry registry;
    IEquivocation equivocation;
    IOperatorReferee operatorReferee;
    ITraceReferee traceReferee;
    IProofReferee proofReferee;
}

/// @notice What was found against a result. One slot; members are those of Verdict.
struct Finding {
    address reporter;
    uint40 foundAt;
    uint40 executableAt;
    Ground ground;
    bool executed;
}

/// @notice What is open about a result. One slot.
/// @param provider Who answers.
/// @param open Inquiries and demands that are not over.
/// @param inputEnd Chunk behind the last of the input that was demanded.
/// @param outputEnd Chunk behind the last of the output that was demanded.
struct Matters {
    address provider;
    uint32 open;
    uint32 inputEnd;
    uint32 outputEnd;
}

/// @notice All that the game knows of one result.
/// @param hold What its market holds while a matter is open.
struct Case {
    Finding finding;
    Matters matters;
    bytes32 hold;
    mapping(address inquirer => Inquiry) inquiries;
    mapping(bool isInput => Demand) demands;
}

/// @title DisputeStorage: lanes, cases and what is held
/// @dev A verdict that is not carried out, an inquiry and a demand each hold the result once.
abstract contract DisputeStorage is IDisputeGame, AccessManaged, ReentrancyGuardTransient {
    using SafeERC20 for ILatticeToken;

    ILatticeToken public immutable LAT;
    IProtocolParameters public immutable PARAMETERS;
    IModelRegistry public immutable MODELS;
    IProviderRegistry public immutable REGISTRY;
    IEquivocation public immutable EQUIVOCATION;
    IOperatorReferee public immutable OPERATOR_REFEREE;
    ITraceReferee public immutable TRACE_REFEREE;
    IProofReferee public immutable PROOF_REFEREE;

    /// @param isListed New disputes are taken.
    /// @param reader Stays when the lane is taken off, for the disputes that are open.
    struct DisputeLane {
        IClaimReader reader;
        bool isListed;
    }

    mapping(address market => DisputeLane) private _lanes;
    mapping(address market => mapping(bytes32 subject => Case)) private _cases;
    mapping(address market => mapping(bytes32 hold => uint256 matters)) private _holds;

    constructor(address accessManager, DisputePeers memory peers) AccessManaged(accessManager) {
        LAT = peers.lat;
        PARAMETERS = peers.parameters;
        MODELS = peers.models;
        REGISTRY = peers.registry;
        EQUIVOCATION = peers.equivocation;
        OPERATOR_REFEREE = peers.operatorReferee;
        TRACE_REFEREE = peers.traceReferee;
        PROOF_REFEREE = peers.proofReferee;
    }

    // Governance

    /// @inheritdoc IDisputeGame
    function setLane(address market, address reader) external restricted {
        DisputeLane storage lane = _lanes[market];
        lane.isListed = reader != address(0);
        if (reader != address(0)) lane.reader = IClaimReader(reader);
        emit LaneSet(market, reader);
    }

    // Views

    /// @inheritdoc IDisputeHolds
    function isHeld(address market, bytes32 hold) external view returns (bool) {
        return _holds[market][hold] != 0;
    }

    /// @inheritdoc IDisputeGame
    function readerOf(address market) external view returns (address) {
        DisputeLane storage lane = _lanes[market];
        return lane.isListed ? address(lane.reader) : address(0);
    }

    /// @inheritdoc IDisputeGame
    function resultOf(address market, bytes calldata claim) external view returns (DisputedResult memory) {
        return _lastReader(market).read(market, claim);
    }

    /// @inheritdoc IDisputeGame
    function verdictOf(address market, bytes32 subject) external view returns (Verdict memory verdict) {
        Case storage dispute = _cases[market][subject];
        Finding memory finding = dispute.finding;
        verdict.reporter = finding.reporter;
        verdict.foundAt = finding.foundAt;
        verdict.executableAt = finding.executableAt;
        verdict.openInquiries = dispute.matters.open;
        verdict.ground = finding.ground;
        verdict.executed = finding.executed;
    }

    /// @inheritdoc IDisputeGame
    function inquiryOf(address market, bytes32 subject, address inquirer) external view returns (Inquiry memory) {
        return _cases[market][subject].inquiries[inquirer];
    }

    /// @inheritdoc IDisputeGame
    function demandOf(address market, bytes32 subject, bool isInput) external view returns (Demand memory) {
        return _cases[market][subject].demands[isInput];
    }

    // Lanes

    /// @dev Reader of a lane that takes new disputes.
    function _listedReader(address market) internal view returns (IClaimReader) {
        DisputeLane storage lane = _lanes[market];
        if (!lane.isListed) revert DisputeGameUnknownMarket(market);
        return lane.reader;
    }

    /// @dev Reader of a lane that takes disputes or did.
    function _lastReader(address market) internal view returns (IClaimReader reader) {
        reader = _lanes[market].reader;
        if (address(reader) == address(0)) revert DisputeGameUnknownMarket(market);
    }

    // Cases

    function _caseOf(address market, bytes32 subject) internal view returns (Case storage) {
        return _cases[market][subject];
    }

    /// @dev True while the inquiry is not over.
    function _isOpen(Inquiry storage inquiry) internal view returns (bool) {
        Turn turn = inquiry.turn;
        return turn == Turn.Provider || turn == Turn.Inquirer;
    }

    /// @dev True while the inquiry goes on: open, and the inquirer not late.
    function _isLive(Inquiry storage inquiry) internal view returns (bool) {
        return _isOpen(inquiry) && (inquiry.turn == Turn.Provider || block.timestamp < inquiry.deadline);
    }

    /// @dev Reverts when a verdict was found.
    function _requireUnconvicted(address market, bytes32 subject, Case storage dispute) internal view {
        Finding memory finding = dispute.finding;
        if (finding.ground != Ground.None) {
            revert DisputeGameAlreadyConvicted(market, subject, finding.reporter, finding.foundAt);
        }
    }

    function _requireWindow(address market, DisputedResult memory result) internal view {
        if (block.timestamp >= result.challengeableUntil) {
            revert DisputeGameNotChallengeable(market, result.subject, result.challengeableUntil);
        }
    }

    /// @dev An inquiry or a demand begins.
    function _beginMatter(address market, Case storage dispute, address provider, bytes32 hold) internal {
        dispute.matters.provider = provider;
        ++dispute.matters.open;
        dispute.hold = hold;
        _addHold(market, hold);
    }

    function _endMatter(address market, Case storage dispute) internal {
        --dispute.matters.open;
        _dropHold(market, dispute.hold);
    }

    function _addHold(address market, bytes32 hold) internal {
        ++_holds[market][hold];
    }

    function _dropHold(address market, bytes32 hold) internal {
        --_holds[market][hold];
    }

    /// @dev What a trace is held against. Roots of the model are read where a referee asks for them.
    function _rootsOf(DisputedResult memory result) internal view returns (Roots memory roots, bytes4 verifier) {
        (roots.program, roots.weights, verifier) = MODELS.commitmentsOf(result.modelVersion);
        roots.inputRoot = result.inputRoot;
        roots.outputRoot = result.outputRoot;
        roots.trace = result.traceRoot;
    }

    // Bonds

    /// @dev Seconds that a move may take. Within its bounds, below 2^32.
    function _moveSeconds() internal view returns (uint32) {
        return uint32(PARAMETERS.get(Parameter.ResponseSeconds));
    }

    /// @dev Unix seconds at which a window that begins now ends. Fits: 2^40 seconds are 34 000 years.
    function _deadlineIn(uint32 windowSeconds) internal view returns (uint40) {
        return uint40(block.timestamp + windowSeconds);
    }

    function _takeBond(address from, uint256 amount) internal {
        LAT.safeTransferFrom(from, address(this), amount);
    }

    function _payBond(address to, uint256 amount) internal {
        LAT.safeTransfer(to, amount);
    }

    function _burnBond(uint256 amount) internal {
        LAT.burn(amount);
    }
}
