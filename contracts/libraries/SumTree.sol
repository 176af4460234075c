// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title SumTree: weighted draws over weights that change with a delay
/// @notice A binary tree in which every node holds the sum of its leaves, so a ticket below the total finds its leaf
/// in one walk from the root. Each node remembers the sums of four epochs in one slot: a weight written in epoch c
/// counts from epoch c + 2, while draws for epochs c − 1, c and c + 1 still see what they saw before.
/// @dev A node is {uint40 base, 4 × uint54}: the values of epochs base − 1, base, base + 1, and base + 2 onwards.
/// Level 0 holds the leaves; node (level, i) is the sum of (level − 1, 2i) and (level − 1, 2i + 1).
library SumTree {
    /// @param leafCount Number of leaves ever added.
    /// @param depth Level of the root.
    /// @param nodes Packed node at key `level << 32 | index`.
    struct Tree {
        uint32 leafCount;
        uint8 depth;
        mapping(uint256 key => uint256 node) nodes;
    }

    /// @notice The tree holds `leafCount` leaves and cannot grow.
    error SumTreeFull(uint256 leafCount);
    /// @notice A leaf may weigh at most `max`.
    error SumTreeWeightTooLarge(uint256 weight, uint256 max);
    /// @notice There is no leaf `index`.
    error SumTreeUnknownLeaf(uint256 index, uint256 leafCount);
    /// @notice The tree no longer knows the weights of `epoch`; it remembers them from epoch `oldest` on.
    error SumTreeHistoryExpired(uint256 epoch, uint256 oldest);
    /// @notice A node was already written in epoch `base`, which is after `epoch`.
    error SumTreeWriteInPast(uint256 epoch, uint256 base);
    /// @notice Tickets run from 0 to `total` − 1.
    error SumTreeTicketOutOfRange(uint256 ticket, uint256 total);

    /// @notice Highest level of a root: 65 536 leaves.
    uint256 internal constant MAX_DEPTH = 16;

    /// @notice Heaviest leaf. 2^16 leaves of it stay below 2^54, so no sum overflows its field.
    uint256 internal constant MAX_LEAF_WEIGHT = (1 << 38) - 1;

    uint256 private constant VALUE_BITS = 54;
    uint256 private constant VALUE_MASK = (1 << VALUE_BITS) - 1;
    uint256 private constant LATEST_SHIFT = 3 * VALUE_BITS;
    uint256 private constant BASE_SHIFT = 4 * VALUE_BITS;

    /// @notice Adds a leaf of weight zero.
    /// @return index Position of the leaf, counted from 0.
    function addLeaf(Tree storage self) internal returns (uint256 index) {
        index = self.leafCount;
        uint256 depth = self.depth;
        if (index == 1 << depth) {
            if (depth == MAX_DEPTH) revert SumTreeFull(index);
            // The old root becomes the left child of a root that, so far, has the same sums.
            self.nodes[_key(depth + 1, 0)] = self.nodes[_key(depth, 0)];
            // Cannot overflow: at most MAX_DEPTH.
            self.depth = uint8(depth + 1);
        }
        // Cannot overflow: at most 2^16.
        self.leafCount = uint32(index + 1);
    }

    /// @notice Writes, in epoch `epoch`, the weight that leaf `index` has from epoch `epoch` + 2 on.
    /// @return changed False when the leaf had that weight already; nothing is written then.
    function set(Tree storage self, uint256 index, uint256 epoch, uint256 weight) internal returns (bool changed) {
        if (weight > MAX_LEAF_WEIGHT) revert SumTreeWeightTooLarge(weight, MAX_LEAF_WEIGHT);
        uint256 leafCount = self.leafCount;
        if (index >= leafCount) revert SumTreeUnknownLeaf(index, leafCount);

        uint256 old = _latest(self.nodes[_key(0, index)]);
        if (old == weight) return false;

        uint256 depth = self.depth;
        for (uint256 level = 0; level <= depth; ++level) {
            uint256 key = _key(level, index >> level);
            uint256 node = self.nodes[key];
            // No underflow: a node's sum includes the leaf's old weight.
            self.nodes[key] = _rebase(node, epoch, _latest(node) + weight - old);
        }
        return true;
    }

    /// @notice Sum of all weights that count in `epoch`.
    function total(Tree storage self, uint256 epoch) internal view returns (uint256) {
        return _read(self.nodes[_key(self.depth, 0)], epoch);
    }

    /// @notice Weight of leaf `index` that counts in `epoch`.
    function weightAt(Tree storage self, uint256 index, uint256 epoch) internal view returns (uint256) {
        return _read(self.nodes[_key(0, index)], epoch);
    }

    /// @notice The leaf that `ticket` hits: the first one up to which the weights add up to more than the ticket.
    /// @param ticket Below `total(epoch)`.
    function draw(Tree storage self, uint256 epoch, uint256 ticket) internal view returns (uint256 index) {
        uint256 level = self.depth;
        uint256 sum = _read(self.nodes[_key(level, 0)], epoch);
        if (ticket >= sum) revert SumTreeTicketOutOfRange(ticket, sum);
        while (level != 0) {
            --level;
            index <<= 1;
            uint256 left = _read(self.nodes[_key(level, index)], epoch);
            if (ticket >= left) {
                ticket -= left;
                index |= 1;
            }
        }
    }

    function _key(uint256 level, uint256 index) private pure returns (uint256) {
        return (level << 32) | index;
    }

    function _latest(uint256 node) private pure returns (uint256) {
        return (node >> LATEST_SHIFT) & VALUE_MASK;
    }

    function _read(uint256 node, uint256 epoch) private pure returns (uint256) {
        uint256 base = node >> BASE_SHIFT;
        if (epoch + 1 < base) revert SumTreeHistoryExpired(epoch, base - 1);
        uint256 position = epoch + 1 - base;
        return (node >> (position > 3 ? LATEST_SHIFT : position * VALUE_BITS)) & VALUE_MASK;
    }

    /// @dev The node as seen from `epoch`: values of the epoch before, this one and the next are kept, later ones
    /// become `latest`. In epoch 0 the first value stands for no epoch and is never read.
    function _rebase(uint256 node, uint256 epoch, uint256 latest) private pure returns (uint256 rebased) {
        uint256 base = node >> BASE_SHIFT;
        if (epoch < base) revert SumTreeWriteInPast(epoch, base);
        uint256 age = epoch - base;
        rebased = (epoch << BASE_SHIFT) | (latest << LATEST_SHIFT);
        for (uint256 i = 0; i < 3; ++i) {
            uint256 position = i + age;
            uint256 value = (node >> (position > 3 ? LATEST_SHIFT : position * VALUE_BITS)) & VALUE_MASK;
            rebased |= value << (i * VALUE_BITS);
        }
    }
}
