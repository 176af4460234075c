// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Demand, Inquiry, Turn, Verdict} from "../../../contracts/types/Dispute.sol";
import {Job, JobState} from "../../../contracts/types/Job.sol";
import {AssignmentMode, Order, Tier} from "../../../contracts/types/Order.sol";
import {ActionLog} from "../../helpers/solidity/ActionLog.sol";
import {LatticeTest} from "../../helpers/solidity/LatticeTest.sol";
import {World} from "../../helpers/solidity/MarketWorld.sol";

/// @title DisputeBooks: the jobs of a dispute handler, who challenges them, and the traces that were committed
/// @dev Every trace is one tensor of one chunk: three rounds lead to its bytes.
abstract contract DisputeBooks is LatticeTest, ActionLog {
    uint256 internal constant MAX_JOBS = 10;
    uint96 internal constant COLLATERAL = 20 ether;
    uint256 internal constant CHALLENGE_SECONDS = 3_000;
    uint256 internal constant COMMITMENT_SECONDS = 30 minutes;
    bytes internal constant HEADER = hex"01000100000010";

    /// @param number Of the job.
    /// @param challenger Index of who committed.
    /// @param salt Also says which commitment it is.
    /// @param madeAt Unix seconds.
    /// @param bond LAT (wei) that the challenger paid; zero once it returned or burned.
    struct Promised {
        uint256 number;
        uint256 challenger;
        bytes32 salt;
        bytes32 commitment;
        uint256 madeAt;
        uint256 bond;
    }

    World internal _world;
    address[3] internal _challengers;
    Order[] private _orders;
    Promised[] internal _promises;
    string public violation;

    constructor(World memory world) {
        _world = world;
        for (uint256 i = 0; i < 3; ++i) {
            _challengers[i] = address(uint160(uint256(keccak256(abi.encode("challenger", i)))));
        }
    }

    // Views

    function jobs() public view returns (uint256) {
        return _orders.length;
    }

    function orderOf(uint256 number) public view returns (Order memory) {
        return _orders[number];
    }

    function challengerOf(uint256 i) public view returns (address) {
        return _challengers[i];
    }

    function jobOf(uint256 number) public view returns (Job memory) {
        return _world.market.jobOf(uint256(subjectOf(number)));
    }

    function subjectOf(uint256 number) public view returns (bytes32) {
        return _world.market.hashOrder(_orders[number]);
    }

    function claimOf(uint256 number) public view returns (bytes memory) {
        return abi.encode(_orders[number]);
    }

    function verdictOf(uint256 number) public view returns (Verdict memory) {
        return _world.disputes.verdictOf(address(_world.market), subjectOf(number));
    }

    function inquiryOf(uint256 number, uint256 challenger) public view returns (Inquiry memory) {
        return _world.disputes.inquiryOf(address(_world.market), subjectOf(number), _challengers[challenger]);
    }

    function demandOf(uint256 number, bool isInput) public view returns (Demand memory) {
        return _world.disputes.demandOf(address(_world.market), subjectOf(number), isInput);
    }

    function promises() public view returns (uint256) {
        return _promises.length;
    }

    function promiseAt(uint256 i) public view returns (Promised memory) {
        return _promises[i];
    }

    /// @notice Bonds that lie in the game: of open inquiries, demands and commitments.
    function bonds() public view returns (uint256 sum) {
        for (uint256 number = 0; number < _orders.length; ++number) {
            for (uint256 i = 0; i < 3; ++i) sum += inquiryOf(number, i).bond;
            sum += demandOf(number, true).bond;
            sum += demandOf(number, false).bond;
        }
        for (uint256 i = 0; i < _promises.length; ++i) sum += _promises[i].bond;
    }

    /// @notice Inquiries and demands of the job that are open, and the verdict while it is not carried out.
    function mattersOf(uint256 number) public view returns (uint256 open) {
        for (uint256 i = 0; i < 3; ++i) {
            Turn turn = inquiryOf(number, i).turn;
            if (turn == Turn.Provider || turn == Turn.Inquirer) ++open;
        }
        if (demandOf(number, true).asker != address(0)) ++open;
        if (demandOf(number, false).asker != address(0)) ++open;
        Verdict memory verdict = verdictOf(number);
        if (verdict.reporter != address(0) && !verdict.executed) ++open;
    }

    /// @notice Collateral of the provider's jobs that are not over.
    function collateralOf(address provider) public view returns (uint256 sum) {
        for (uint256 number = 0; number < _orders.length; ++number) {
            Job memory job = jobOf(number);
            bool open = job.state == JobState.Assigned || job.state == JobState.Challengeable;
            if (open && job.provider == provider) sum += COLLATERAL;
        }
    }

    // Traces

    function chunkOf(uint256 number) public pure returns (bytes memory) {
        return abi.encodePacked(number, new bytes(992));
    }

    function chunkLeafOf(uint256 number) public pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0x00), chunkOf(number)));
    }

    function tensorRootOf(uint256 number) public pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0x02), HEADER, chunkLeafOf(number)));
    }

    function traceTreeOf(uint256 number) public pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0x00), tensorRootOf(number)));
    }

    function traceRootOf(uint256 number) public pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0x05), uint32(1), traceTreeOf(number)));
    }

    // Records

    function _expect(bool holds, string memory what) internal {
        if (!holds && bytes(violation).length == 0) violation = what;
    }

    /// @dev The next order: of a requester, to a provider that it names at that provider's ask.
    function _nextOrder(uint256 seed) internal returns (Order memory order) {
        uint256 number = _orders.length;
        order.requester = _world.requesters[seed % 2];
        order.nonce = uint64(number);
        order.validUntil = type(uint40).max;
        order.modelVersion = _world.modelVersions[0];
        order.inputCommitment = tensorRootOf(number);
        order.inputDigest = keccak256("input");
        order.paymentToken = address(_world.lat);
        order.maxPrice = 2 ether;
        order.collateral = COLLATERAL;
        order.tier = Tier.Optimistic;
        order.mode = AssignmentMode.Direct;
        order.provider = _world.providers[(seed >> 1) % 3];
        order.redundancy = 1;
        order.assignSeconds = 600;
        order.commitSeconds = 600;
        order.challengeSeconds = uint32(CHALLENGE_SECONDS);
        _orders.push(order);
    }
}
