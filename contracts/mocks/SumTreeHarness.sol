// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {SumTree} from "../libraries/SumTree.sol";

/// @title SumTreeHarness: exposes the library to tests
contract SumTreeHarness {
    using SumTree for SumTree.Tree;

    SumTree.Tree private _tree;

    function addLeaves(uint256 count) external {
        for (uint256 i = 0; i < count; ++i) _tree.addLeaf();
    }

    function set(uint256 index, uint256 epoch, uint256 weight) external returns (bool) {
        return _tree.set(index, epoch, weight);
    }

    function setMany(uint256 first, uint256 epoch, uint256[] calldata weights) external {
        for (uint256 i = 0; i < weights.length; ++i) _tree.set(first + i, epoch, weights[i]);
    }

    function total(uint256 epoch) external view returns (uint256) {
        return _tree.total(epoch);
    }

    function weightAt(uint256 index, uint256 epoch) external view returns (uint256) {
        return _tree.weightAt(index, epoch);
    }

    function draw(uint256 epoch, uint256 ticket) external view returns (uint256) {
        return _tree.draw(epoch, ticket);
    }

    /// @notice Gas that one draw uses inside of the contract.
    function drawGas(uint256 epoch, uint256 ticket) external view returns (uint256) {
        uint256 before = gasleft();
        _tree.draw(epoch, ticket);
        return before - gasleft();
    }

    function shape() external view returns (uint256 leafCount, uint256 depth) {
        return (_tree.leafCount, _tree.depth);
    }
}
