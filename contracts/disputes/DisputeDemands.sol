// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IClaimReader} from "../interfaces/IClaimReader.sol";
import {IDisputeGame} from "../interfaces/IDisputeGame.sol";
import {OpenedNodes} from "../libraries/OpenedNodes.sol";
import {Demand, DisputedResult, Ground} from "../types/Dispute.sol";
import {Parameter} from "../types/Parameter.sol";
import {ProgramOpening, Roots, TensorOpening} from "../types/Trace.sol";
import {Case} from "./DisputeStorage.sol";
import {DisputeInquiries} from "./DisputeInquiries.sol";

/// @title DisputeDemands: inputs and outputs that nobody would hand over are published on-chain
/// @dev Chunks are demanded in their order, each once, so demands delay a job for a bounded time. The asker pays for what it
/// asks; and what was published is there for everyone, so whoever takes over a job need not ask again.
abstract contract DisputeDemands is DisputeInquiries {
    using Address for address;

    /// @notice Most chunks of one demand: 16 KiB.
    uint32 public constant MAX_CHUNKS = 16;

    /// @dev Of a tensor whose last chunk was published: more than any has.
    uint32 private constant ALL_PUBLISHED = type(uint32).max;

    // Provider's demand

    /// @inheritdoc IDisputeGame
    function demandInput(
        address market,
        bytes calldata claim,
        uint32 firstChunk,
        uint32 chunkCount
    ) external nonReentrant {
        IClaimReader reader = _listedReader(market);
        (bytes32 subject, bytes32 hold, address provider, , uint256 dueAt) = reader.readInput(market, claim);
        if (msg.sender != provider) revert DisputeGameNotParty(market, subject, msg.sender);
        if (block.timestamp >= dueAt) revert DisputeGameDeadlinePassed(dueAt);
        _beginMatter(market, _caseOf(market, subject), provider, hold);
        _demand(market, subject, true, firstChunk, chunkCount);
    }

    /// @inheritdoc IDisputeGame
    function publishInput(address market, bytes calldata claim, TensorOpening calldata input) external nonReentrant {
        IClaimReader reader = _lastReader(market);
        (bytes32 subject, , , bytes32 inputRoot, ) = reader.readInput(market, claim);
        Demand memory demand = _openDemand(market, subject, true);
        _publish(market, subject, true, demand, inputRoot, input);
        market.functionCall(reader.inputOutcome(market, claim, true, demand.madeAt));
    }

    // Requester's demand

    /// @inheritdoc IDisputeGame
    function demandOutput(
        address market,
        bytes calldata claim,
        uint32 firstChunk,
        uint32 chunkCount
    ) external nonReentrant {
        DisputedResult memory result = _listedReader(market).read(market, claim);
        if (msg.sender != result.requester) revert DisputeGameNotParty(market, result.subject, msg.sender);
        _requireWindow(market, result);
        Case storage dispute = _caseOf(market, result.subject);
        _requireUnconvicted(market, result.subject, dispute);
        _beginMatter(market, dispute, result.provider, result.hold);
        _demand(market, result.subject, false, firstChunk, chunkCount);
    }

    /// @inheritdoc IDisputeGame
    function publishOutput(
        address market,
        bytes calldata claim,
        ProgramOpening calldata program,
        bytes32 traceTree,
        TensorOpening calldata output
    ) external nonReentrant {
        DisputedResult memory result = _lastReader(market).read(market, claim);
        Demand memory demand = _openDemand(market, result.subject, false);
        (Roots memory roots, ) = _rootsOf(result);
        bytes32 outputRoot = TRACE_REFEREE.openOutput(roots, program, traceTree, output);
        _publish(market, result.subject, false, demand, outputRoot, output);
    }

    // Anyone

    /// @inheritdoc IDisputeGame
    function claimUnanswered(address market, bytes calldata claim, bool isInput) external nonReentrant {
        IClaimReader reader = _lastReader(market);
        DisputedResult memory result;
        (result.subject, , ) = reader.identify(market, claim);
        Case storage dispute = _caseOf(market, result.subject);
        Demand memory demand = dispute.demands[isInput];
        if (demand.asker == address(0)) revert DisputeGameNoDemand(market, result.subject, isInput);
        if (block.timestamp < demand.deadline) revert DisputeGameDeadlineNotPassed(demand.deadline);

        delete dispute.demands[isInput];
        if (!isInput && !_isConvicted(dispute)) {
            (result.provider, result.hold) = (dispute.matters.provider, dispute.hold);
            _convict(market, result, demand.asker, uint40(block.timestamp), Ground.Silence, false);
        }
        _endMatter(market, dispute);
        emit DemandUnanswered(market, result.subject, demand.asker, isInput);
        _payBond(demand.asker, demand.bond);
        if (isInput) market.functionCall(reader.inputOutcome(market, claim, false, demand.madeAt));
    }

    // Internals

    /// @dev Stores the demand and takes its bond.
    function _demand(address market, bytes32 subject, bool isInput, uint32 firstChunk, uint32 chunkCount) private {
        Case storage dispute = _caseOf(market, subject);
        uint32 next = isInput ? dispute.matters.inputEnd : dispute.matters.outputEnd;
        bool valid = chunkCount != 0 && chunkCount <= MAX_CHUNKS && firstChunk == next && next != ALL_PUBLISHED;
        if (!valid || dispute.demands[isInput].asker != address(0)) {
            revert DisputeGameInvalidDemand(market, subject, firstChunk, chunkCount);
        }

        Demand memory demand;
        demand.asker = msg.sender;
        demand.madeAt = uint40(block.timestamp);
        demand.deadline = _deadlineIn(_moveSeconds());
        // Below 2^84: the bond of a chunk is below 2^80 by its bounds.
        demand.bond = uint96(PARAMETERS.get(Parameter.OpeningBond) * chunkCount);
        (demand.firstChunk, demand.chunkCount) = (firstChunk, chunkCount);
        dispute.demands[isInput] = demand;
        _emitDemanded(market, subject, isInput, demand);
        _takeBond(msg.sender, demand.bond);
    }

    function _emitDemanded(address market, bytes32 subject, bool isInput, Demand memory demand) private {
        emit ChunksDemanded(
            market,
            subject,
            demand.asker,
            isInput,
            demand.firstChunk,
            demand.chunkCount,
            demand.bond,
            demand.deadline
        );
    }

    function _openDemand(address market, bytes32 subject, bool isInput) private view returns (Demand memory demand) {
        demand = _caseOf(market, subject).demands[isInput];
        if (demand.asker == address(0)) revert DisputeGameNoDemand(market, subject, isInput);
        if (block.timestamp >= demand.deadline) revert DisputeGameDeadlinePassed(demand.deadline);
    }

    /// @dev Checks that `tensor` opens what was demanded, ends the demand and pays its bond.
    function _publish(
        address market,
        bytes32 subject,
        bool isInput,
        Demand memory demand,
        bytes32 tensorRoot,
        TensorOpening calldata tensor
    ) private {
        (uint32 first, uint32 count, uint32 end) = _existing(demand, OpenedNodes.chunksOf(tensor.header));
        TRACE_REFEREE.requireChunks(tensorRoot, tensor, first, count);
        Case storage dispute = _caseOf(market, subject);
        delete dispute.demands[isInput];
        if (isInput) dispute.matters.inputEnd = end;
        else dispute.matters.outputEnd = end;
        _endMatter(market, dispute);
        emit ChunksPublished(market, subject, msg.sender, isInput, first, tensor.chunks);
        // An output is the provider's to publish: whoever copies its transaction does its work for nothing.
        _payBond(isInput ? msg.sender : dispute.matters.provider, demand.bond);
    }

    /// @dev The demanded chunks that a tensor of `chunks` has, its last when it has none of them; and which can be demanded
    /// next. A header of no value has no chunks, and leaves the demand to the referee, which refuses it.
    function _existing(
        Demand memory demand,
        uint32 chunks
    ) private pure returns (uint32 first, uint32 count, uint32 end) {
        (first, count) = (demand.firstChunk, demand.chunkCount);
        end = first + count;
        if (chunks == 0 || end < chunks) return (first, count, end);
        if (first >= chunks) return (chunks - 1, 1, ALL_PUBLISHED);
        return (first, chunks - first, ALL_PUBLISHED);
    }

    function _isConvicted(Case storage dispute) private view returns (bool) {
        return dispute.finding.ground != Ground.None;
    }
}
