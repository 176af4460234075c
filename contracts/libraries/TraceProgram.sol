// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ProgramOpening} from "../types/Trace.sol";
import {MerkleOpening} from "./MerkleOpening.sol";

/// @title TraceProgram: what a program root commits to
/// @notice See types/Trace.sol for the formats.
library TraceProgram {
    /// @notice The opening is that of another program.
    error TraceProgramRoot(bytes32 computed, bytes32 expected);
    /// @notice No program has such a header.
    error TraceProgramHeader(uint256 length, uint256 inputs, uint256 nodes, uint256 outputs);
    /// @notice These are not the program's value headers, or not its nodes.
    error TraceProgramOpening(bytes32 computed, bytes32 expected);
    /// @notice A node with so many operands and parameters has another length.
    error TraceProgramNodeLength(uint256 length, uint256 expected);
    /// @notice The node's output has another id, or an operand does not come before it.
    error TraceProgramValue(uint256 id, uint256 limit);

    /// @param values Root over the value headers.
    /// @param nodeTree Root over the nodes.
    struct Program {
        uint256 inputs;
        uint256 constants;
        uint256 nodes;
        uint256 firstOutput;
        bytes32 values;
        bytes32 nodeTree;
    }

    struct Node {
        uint256 code;
        uint256 output;
        uint256[] operands;
        int256[] parameters;
    }

    uint256 private constant HEADER_BYTES = 16;
    uint256 private constant NODE_BYTES = 7;

    /// @notice Opens a program.
    function open(ProgramOpening calldata opening, bytes32 root) internal pure returns (Program memory program) {
        bytes calldata header = opening.header;
        bytes32 computed = keccak256(abi.encodePacked(bytes1(0x03), header, opening.values, opening.nodes));
        if (computed != root) revert TraceProgramRoot(computed, root);
        program.inputs = _number(header, 0);
        program.constants = _number(header, 4);
        program.nodes = _number(header, 8);
        uint256 outputs = _number(header, 12);
        bool empty = program.inputs == 0 || program.nodes == 0 || outputs == 0;
        if (empty || header.length != HEADER_BYTES + 4 * outputs) {
            revert TraceProgramHeader(header.length, program.inputs, program.nodes, outputs);
        }
        program.firstOutput = _number(header, HEADER_BYTES);
        program.values = opening.values;
        program.nodeTree = opening.nodes;
    }

    /// @notice Opens and reads the node at `index`.
    function nodeAt(
        Program memory program,
        uint256 index,
        bytes calldata data,
        bytes32[] calldata siblings
    ) internal pure returns (Node memory node) {
        bytes32 tree = MerkleOpening.root(MerkleOpening.leafOf(data), index, program.nodes, siblings);
        if (tree != program.nodeTree) revert TraceProgramOpening(tree, program.nodeTree);
        uint256 operands = _byte(data, 5);
        uint256 parameters = _byte(data, 6 + 4 * operands);
        uint256 length = NODE_BYTES + 4 * operands + 8 * parameters;
        if (data.length != length) revert TraceProgramNodeLength(data.length, length);
        node.code = _byte(data, 0);
        node.output = _number(data, 1);
        uint256 output = program.inputs + program.constants + index;
        if (node.output != output) revert TraceProgramValue(node.output, output);
        node.operands = new uint256[](operands);
        for (uint256 i = 0; i < operands; ++i) {
            uint256 id = _number(data, 6 + 4 * i);
            if (id >= output) revert TraceProgramValue(id, output);
            node.operands[i] = id;
        }
        node.parameters = new int256[](parameters);
        for (uint256 i = 0; i < parameters; ++i) {
            node.parameters[i] = _parameter(data, NODE_BYTES + 4 * operands + 8 * i);
        }
    }

    /// @notice Reverts unless `header` is that of the value.
    function requireHeader(
        Program memory program,
        uint256 id,
        bytes calldata header,
        bytes32[] calldata siblings
    ) internal pure {
        uint256 count = program.inputs + program.constants + program.nodes;
        bytes32 tree = MerkleOpening.root(MerkleOpening.leafOf(header), id, count, siblings);
        if (tree != program.values) revert TraceProgramOpening(tree, program.values);
    }

    function isConstant(Program memory program, uint256 id) internal pure returns (bool) {
        return id >= program.inputs && id < program.inputs + program.constants;
    }

    /// @notice Place of a value, which is no constant, in the trace.
    function entryOf(Program memory program, uint256 id) internal pure returns (uint256) {
        return id < program.inputs ? id : id - program.constants;
    }

    /// @notice How many tensors the trace has.
    function entries(Program memory program) internal pure returns (uint256) {
        return program.inputs + program.nodes;
    }

    /// @notice Root of a trace of `count` tensors.
    function traceRoot(uint256 count, bytes32 tree) internal pure returns (bytes32) {
        // A count takes 4 bytes in a program's header, and in evidence.
        return keccak256(abi.encodePacked(bytes1(0x05), uint32(count), tree));
    }

    /// @notice Root of the weights of a program.
    function weightsRoot(Program memory program, bytes32 tree) internal pure returns (bytes32) {
        // Read from 4 bytes.
        return keccak256(abi.encodePacked(bytes1(0x04), uint32(program.constants), tree));
    }

    /// @notice Root of an opened tensor.
    function tensorRoot(bytes calldata header, bytes32 chunkRoot) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0x02), header, chunkRoot));
    }

    /// @dev Zeros stand for what is missing; lengths are checked by whoever reads.
    function _byte(bytes calldata data, uint256 at) private pure returns (uint256) {
        return at < data.length ? uint8(data[at]) : 0;
    }

    function _number(bytes calldata data, uint256 at) private pure returns (uint256 value) {
        if (at + 4 > data.length) return 0;
        assembly ("memory-safe") {
            value := shr(224, calldataload(add(data.offset, at)))
        }
    }

    function _parameter(bytes calldata data, uint256 at) private pure returns (int256 parameter) {
        assembly ("memory-safe") {
            parameter := signextend(7, shr(192, calldataload(add(data.offset, at))))
        }
    }
}
