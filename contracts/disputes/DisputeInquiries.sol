// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IDisputeGame} from "../interfaces/IDisputeGame.sol";
import {OpenedNodes} from "../libraries/OpenedNodes.sol";
import {DisputedResult, Ground, Inquiry, Place, Turn} from "../types/Dispute.sol";
import {Parameter} from "../types/Parameter.sol";
import {Case, Finding} from "./DisputeStorage.sol";
import {DisputeVerdicts} from "./DisputeVerdicts.sol";

/// @title DisputeInquiries: a provider answers for its trace, 16 nodes a round
/// @dev An inquiry walks down one path: tree over tensors, tensor, tree over its chunks, chunk. Each answer takes it up to
/// four levels down, so that it ends after at most 14 of them, whatever number of tensors the provider states; a model of a
/// hundred million elements needs 8. Neither the verdict nor the market is asked on the way: who errs loses by time alone.
abstract contract DisputeInquiries is DisputeVerdicts {
    bytes1 private constant LEAF = 0x00;
    bytes1 private constant TENSOR = 0x02;
    bytes1 private constant TRACE = 0x05;
    uint256 private constant COUNT_BYTES = 4;

    // Inquirer

    /// @inheritdoc IDisputeGame
    function inquire(address market, bytes calldata claim) external nonReentrant {
        DisputedResult memory result = _listedReader(market).read(market, claim);
        _requireWindow(market, result);
        Case storage dispute = _caseOf(market, result.subject);
        _requireUnconvicted(market, result.subject, dispute);
        if (dispute.inquiries[msg.sender].turn != Turn.None) {
            revert DisputeGameAlreadyInquired(market, result.subject, msg.sender);
        }

        // Within its bounds, below 2^80.
        uint80 bond = uint80(PARAMETERS.get(Parameter.ChallengeBond));
        uint32 moveSeconds = _moveSeconds();
        uint40 deadline = _deadlineIn(moveSeconds);
        dispute.inquiries[msg.sender] = Inquiry({
            uncoveredAt: 0,
            deadline: deadline,
            turn: Turn.Provider,
            place: Place.Trace,
            height: 0,
            moveSeconds: moveSeconds,
            leaves: 0,
            index: 0,
            target: result.traceRoot,
            bond: bond
        });
        _beginMatter(market, dispute, result.provider, result.hold);
        emit InquiryOpened(market, result.subject, msg.sender, result.provider, bond, deadline);
        _takeBond(msg.sender, bond);
    }

    /// @inheritdoc IDisputeGame
    function ask(address market, bytes32 subject, uint256 child, bytes32[] calldata nodes) external {
        Inquiry storage stored = _caseOf(market, subject).inquiries[msg.sender];
        Inquiry memory inquiry = stored;
        if (inquiry.turn != Turn.Inquirer) revert DisputeGameNotYourTurn(market, subject, msg.sender);
        if (block.timestamp >= inquiry.deadline) revert DisputeGameDeadlinePassed(inquiry.deadline);
        if (!_isQuestion(inquiry, child, nodes)) revert DisputeGameInvalidQuestion(child, nodes.length);

        inquiry.target = nodes[child];
        // Below 2^32: it was found to be, or it is a leaf of which there are fewer.
        inquiry.index += uint32(child << inquiry.height);
        if (inquiry.height == 0) inquiry.place = inquiry.place == Place.Tensors ? Place.Tensor : Place.Chunk;
        inquiry.turn = Turn.Provider;
        inquiry.deadline = _deadlineIn(inquiry.moveSeconds);
        _store(stored, inquiry);
        emit QuestionAsked(
            market,
            subject,
            msg.sender,
            inquiry.place,
            inquiry.height,
            child,
            inquiry.target,
            inquiry.deadline
        );
    }

    // Provider

    /// @inheritdoc IDisputeGame
    function answer(
        address market,
        bytes32 subject,
        address inquirer,
        bytes32[] calldata nodes,
        bytes calldata data
    ) external {
        Inquiry storage stored = _caseOf(market, subject).inquiries[inquirer];
        Inquiry memory inquiry = stored;
        if (inquiry.turn != Turn.Provider) revert DisputeGameNotYourTurn(market, subject, inquirer);
        if (block.timestamp >= inquiry.deadline) revert DisputeGameDeadlinePassed(inquiry.deadline);
        if (!_follow(inquiry, nodes, data)) revert DisputeGameInvalidAnswer(stored.place, stored.target);

        if (inquiry.place == Place.Chunk) inquiry.uncoveredAt = uint40(block.timestamp);
        inquiry.target = keccak256(abi.encodePacked(nodes));
        inquiry.turn = Turn.Inquirer;
        inquiry.deadline = _deadlineIn(inquiry.moveSeconds);
        _emitAnswered(market, subject, inquirer, stored, inquiry.deadline, nodes, data);
        _store(stored, inquiry);
    }

    // Anyone

    /// @inheritdoc IDisputeGame
    function claimSilence(address market, bytes calldata claim, address inquirer) external nonReentrant {
        DisputedResult memory result;
        (result.subject, , ) = _lastReader(market).identify(market, claim);
        Case storage dispute = _caseOf(market, result.subject);
        Inquiry storage inquiry = dispute.inquiries[inquirer];
        if (inquiry.turn != Turn.Provider) revert DisputeGameNotYourTurn(market, result.subject, inquirer);
        if (block.timestamp < inquiry.deadline) revert DisputeGameDeadlineNotPassed(inquiry.deadline);

        (result.provider, result.hold) = (dispute.matters.provider, dispute.hold);
        // Silence is found out when the time is over, whenever it is claimed.
        _convict(market, result, inquirer, inquiry.deadline, Ground.Silence, false);
        _endInquiry(market, result.subject, inquirer, true);
    }

    /// @inheritdoc IDisputeGame
    function closeInquiry(address market, bytes32 subject, address inquirer) external nonReentrant {
        Case storage dispute = _caseOf(market, subject);
        Inquiry storage inquiry = dispute.inquiries[inquirer];
        if (!_isOpen(inquiry)) revert DisputeGameNotYourTurn(market, subject, inquirer);
        Finding memory finding = dispute.finding;
        bool byInquirer = msg.sender == inquirer;
        if (finding.ground != Ground.None) {
            if (!byInquirer && block.timestamp < finding.executableAt) {
                revert DisputeGameNotExecutable(market, subject, finding.executableAt);
            }
            return _endInquiry(market, subject, inquirer, true);
        }
        // Silence that could be taken back would be kept ready by the guilty: it counts from before whoever finds them out.
        bool isSilent = inquiry.turn == Turn.Provider && block.timestamp >= inquiry.deadline;
        if (!byInquirer || isSilent) {
            if (inquiry.turn != Turn.Inquirer) revert DisputeGameNotYourTurn(market, subject, inquirer);
            if (block.timestamp < inquiry.deadline) revert DisputeGameDeadlineNotPassed(inquiry.deadline);
        }
        _endInquiry(market, subject, inquirer, false);
    }

    // Questions

    /// @dev True when there is something to ask below node `child` of the last answer.
    function _isQuestion(Inquiry memory inquiry, uint256 child, bytes32[] calldata nodes) private pure returns (bool) {
        if (inquiry.place == Place.Chunk || child >= nodes.length) return false;
        if (keccak256(abi.encodePacked(nodes)) != inquiry.target) return false;
        // A leaf behind the last holds nothing. What it is the nodes say, so it needs no answer.
        return inquiry.height != 0 || inquiry.index + child < inquiry.leaves;
    }

    // Answers

    /// @dev Checks the answer, and moves the inquiry to its nodes. False when they do not open the target.
    function _follow(
        Inquiry memory inquiry,
        bytes32[] calldata nodes,
        bytes calldata data
    ) private pure returns (bool) {
        if (inquiry.place == Place.Trace) return _followTrace(inquiry, nodes, data);
        if (inquiry.place == Place.Tensor) return _followTensor(inquiry, nodes, data);
        if (inquiry.place == Place.Chunk) return _isChunk(inquiry.target, nodes, data);
        return data.length == 0 && inquiry.target != 0 && _openNodes(inquiry, nodes) == inquiry.target;
    }

    function _followTrace(
        Inquiry memory inquiry,
        bytes32[] calldata nodes,
        bytes calldata data
    ) private pure returns (bool) {
        if (data.length != COUNT_BYTES) return false;
        uint32 count = uint32(bytes4(data));
        if (count == 0) return false;
        _enter(inquiry, Place.Tensors, count);
        bytes32 tree = _openNodes(inquiry, nodes);
        return tree != 0 && keccak256(abi.encodePacked(TRACE, data, tree)) == inquiry.target;
    }

    function _followTensor(
        Inquiry memory inquiry,
        bytes32[] calldata nodes,
        bytes calldata data
    ) private pure returns (bool) {
        uint32 chunks = OpenedNodes.chunksOf(data);
        if (chunks == 0) return false;
        _enter(inquiry, Place.Chunks, chunks);
        bytes32 tree = _openNodes(inquiry, nodes);
        bytes32 tensorRoot = keccak256(abi.encodePacked(TENSOR, data, tree));
        return tree != 0 && keccak256(abi.encodePacked(LEAF, tensorRoot)) == inquiry.target;
    }

    function _isChunk(bytes32 target, bytes32[] calldata nodes, bytes calldata data) private pure returns (bool) {
        return
            nodes.length == 0 &&
            data.length == OpenedNodes.CHUNK_BYTES &&
            keccak256(abi.encodePacked(LEAF, data)) == target;
    }

    /// @dev Moves the inquiry to the root of a tree over `leaves`.
    function _enter(Inquiry memory inquiry, Place place, uint32 leaves) private pure {
        (inquiry.place, inquiry.leaves, inquiry.index) = (place, leaves, 0);
        inquiry.height = OpenedNodes.depthOf(leaves);
    }

    /// @dev Root over the nodes, at which the inquiry stands from then on; zero for another number of them. Nothing hashes to
    /// zero, but a provider can state it as a root: callers refuse it, else any nodes would open it.
    function _openNodes(Inquiry memory inquiry, bytes32[] memory nodes) private pure returns (bytes32) {
        uint8 levels = OpenedNodes.levelsOf(inquiry.height);
        if (nodes.length != 1 << levels) return 0;
        inquiry.height -= levels;
        return OpenedNodes.rootOf(nodes);
    }

    function _emitAnswered(
        address market,
        bytes32 subject,
        address inquirer,
        Inquiry storage question,
        uint256 deadline,
        bytes32[] memory nodes,
        bytes memory data
    ) private {
        emit QuestionAnswered(market, subject, inquirer, question.place, question.height, nodes, data, deadline);
    }

    // Storage

    /// @dev Member by member, so that the compiler joins them: two slots.
    function _store(Inquiry storage stored, Inquiry memory inquiry) private {
        stored.uncoveredAt = inquiry.uncoveredAt;
        stored.deadline = inquiry.deadline;
        stored.turn = inquiry.turn;
        stored.place = inquiry.place;
        stored.height = inquiry.height;
        stored.leaves = inquiry.leaves;
        stored.index = inquiry.index;
        stored.target = inquiry.target;
    }

    /// @dev The inquiry is over. Its bond returns when the provider was convicted; otherwise half of it is the provider's, rounded
    /// down, and the rest burns, so that a provider pays for inquiring into itself.
    function _endInquiry(address market, bytes32 subject, address inquirer, bool isConvicted) private {
        Case storage dispute = _caseOf(market, subject);
        Inquiry storage inquiry = dispute.inquiries[inquirer];
        uint80 bond = inquiry.bond;
        uint80 paid = isConvicted ? bond : bond / 2;
        address bondTo = isConvicted ? inquirer : dispute.matters.provider;
        (inquiry.turn, inquiry.bond, inquiry.target) = (Turn.Closed, 0, 0);
        _endMatter(market, dispute);
        emit InquiryClosed(market, subject, inquirer, bondTo, paid, bond - paid);
        _payBond(bondTo, paid);
        if (!isConvicted) _burnBond(bond - paid);
    }
}
