// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {SumTree} from "../../../contracts/libraries/SumTree.sol";
import {SumTreeHarness} from "../../../contracts/mocks/SumTreeHarness.sol";
import {LatticeTest} from "../../helpers/solidity/LatticeTest.sol";

/// @title SumTreeTest: the packed tree against a table of every leaf's weight in every epoch
contract SumTreeTest is LatticeTest {
    uint256 private constant EPOCHS = 64;
    uint256 private constant STEPS = 40;

    SumTreeHarness private _tree;
    uint256 private _leaves;
    uint256 private _epoch;
    uint256 private _random;
    mapping(uint256 leaf => mapping(uint256 epoch => uint256 weight)) private _weights;

    function setUp() public {
        _tree = new SumTreeHarness();
    }

    function testFuzz_Set_AgreesWithTable(uint256 seed) public {
        _random = seed;
        for (uint256 step = 0; step < STEPS; ++step) {
            if (_next(4) == 0 || _leaves == 0) _grow(1 + _next(step == STEPS / 2 ? 40 : 4));
            if (_next(3) == 0 && _epoch + 9 < EPOCHS) _epoch += 1 + _next(4);
            _write(_next(_leaves), _next(5) == 0 ? 0 : _next(SumTree.MAX_LEAF_WEIGHT + 1));
            if (step % 8 == 7) _compare();
        }
    }

    function testFuzz_Set_CountsFromTwoEpochsLater(uint256 epoch, uint256 first, uint256 second) public {
        epoch = bound(epoch, 0, 1e9);
        first = bound(first, 1, SumTree.MAX_LEAF_WEIGHT);
        second = bound(second, 0, SumTree.MAX_LEAF_WEIGHT);
        _tree.addLeaves(3);
        assertTrue(_tree.set(1, epoch, first), "changed");
        assertEq(_tree.total(epoch + 1), 0, "not before");
        assertEq(_tree.total(epoch + 2), first, "from the second epoch on");
        _tree.set(1, epoch + 1, second);
        assertEq(_tree.total(epoch + 2), first, "a later write does not reach back");
        assertEq(_tree.total(epoch + 3), second, "two epochs after the later write");
        assertTrue(!_tree.set(1, epoch + 7, second), "same weight");
    }

    function test_Set_OverwritesWithinEpoch() public {
        _tree.addLeaves(2);
        _tree.set(0, 5, 100);
        _tree.set(0, 5, 70);
        _tree.set(1, 5, 30);
        assertEq(_tree.total(6), 0, "not before");
        assertEq(_tree.total(7), 100, "last writes only");
    }

    function test_Total_HoldsHeaviestTree() public {
        uint256 count = 1 << SumTree.MAX_DEPTH;
        _tree.addLeaves(count);
        (uint256 leafCount, uint256 depth) = _tree.shape();
        assertEq(leafCount, count, "leaves");
        assertEq(depth, SumTree.MAX_DEPTH, "depth");
        // The heaviest leaves at both ends carry through every level of the packed sums.
        _tree.set(0, 3, SumTree.MAX_LEAF_WEIGHT);
        _tree.set(count - 1, 3, SumTree.MAX_LEAF_WEIGHT);
        assertEq(_tree.total(5), 2 * SumTree.MAX_LEAF_WEIGHT, "total");
        assertEq(_tree.draw(5, SumTree.MAX_LEAF_WEIGHT - 1), 0, "first");
        assertEq(_tree.draw(5, SumTree.MAX_LEAF_WEIGHT), count - 1, "last");

        vm.expectRevert(abi.encodeWithSelector(SumTree.SumTreeFull.selector, count));
        _tree.addLeaves(1);
    }

    function test_Set_RevertWhen_TooHeavy() public {
        _tree.addLeaves(1);
        uint256 max = SumTree.MAX_LEAF_WEIGHT;
        vm.expectRevert(abi.encodeWithSelector(SumTree.SumTreeWeightTooLarge.selector, max + 1, max));
        _tree.set(0, 0, max + 1);
    }

    function test_Set_RevertWhen_LeafUnknown() public {
        _tree.addLeaves(3);
        vm.expectRevert(abi.encodeWithSelector(SumTree.SumTreeUnknownLeaf.selector, 3, 3));
        _tree.set(3, 0, 1);
    }

    function test_Set_RevertWhen_EpochPassed() public {
        _tree.addLeaves(1);
        _tree.set(0, 9, 1);
        vm.expectRevert(abi.encodeWithSelector(SumTree.SumTreeWriteInPast.selector, 8, 9));
        _tree.set(0, 8, 2);
    }

    function test_Read_RevertWhen_HistoryExpired() public {
        _tree.addLeaves(2);
        _tree.set(0, 4, 5);
        _tree.set(0, 9, 6);
        assertEq(_tree.total(8), 5, "the epoch before the last write");
        bytes memory expired = abi.encodeWithSelector(SumTree.SumTreeHistoryExpired.selector, 7, 8);
        vm.expectRevert(expired);
        _tree.total(7);
        vm.expectRevert(expired);
        _tree.weightAt(0, 7);
        vm.expectRevert(expired);
        _tree.draw(7, 0);
    }

    function test_Draw_RevertWhen_TicketOutOfRange() public {
        _tree.addLeaves(2);
        vm.expectRevert(abi.encodeWithSelector(SumTree.SumTreeTicketOutOfRange.selector, 0, 0));
        _tree.draw(2, 0);
        _tree.set(1, 0, 8);
        vm.expectRevert(abi.encodeWithSelector(SumTree.SumTreeTicketOutOfRange.selector, 8, 8));
        _tree.draw(2, 8);
    }

    function _grow(uint256 count) private {
        _tree.addLeaves(count);
        _leaves += count;
    }

    function _write(uint256 leaf, uint256 weight) private {
        _tree.set(leaf, _epoch, weight);
        for (uint256 epoch = _epoch + 2; epoch < EPOCHS; ++epoch) _weights[leaf][epoch] = weight;
    }

    function _compare() private {
        for (uint256 epoch = _epoch == 0 ? 0 : _epoch - 1; epoch < _epoch + 5; ++epoch) {
            uint256 total;
            for (uint256 leaf = 0; leaf < _leaves; ++leaf) {
                assertEq(_tree.weightAt(leaf, epoch), _weights[leaf][epoch], "weight");
                total += _weights[leaf][epoch];
            }
            assertEq(_tree.total(epoch), total, "total");
            if (total == 0) continue;
            for (uint256 i = 0; i < 3; ++i) {
                uint256 ticket = _next(total);
                assertEq(_tree.draw(epoch, ticket), _scan(epoch, ticket), "drawn leaf");
            }
        }
    }

    function _scan(uint256 epoch, uint256 ticket) private view returns (uint256 leaf) {
        while (ticket >= _weights[leaf][epoch]) ticket -= _weights[leaf++][epoch];
    }

    function _next(uint256 below) private returns (uint256) {
        _random = uint256(keccak256(abi.encode(_random)));
        return _random % below;
    }
}
