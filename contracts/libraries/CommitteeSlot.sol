// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title CommitteeSlot: which slot of a committee an order belongs to
library CommitteeSlot {
    /// @notice Slots of a committee. A power of two, so that the remainder is without bias.
    uint256 internal constant SLOTS = 16;

    /// @notice keccak256 of the order's EIP-712 digest and the epoch's seed, mod the number of slots.
    /// @dev The digest binds chain and lane, so the same order in another lane belongs to another slot.
    function slotOf(bytes32 orderDigest, bytes32 seed) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(orderDigest, seed))) % SLOTS;
    }
}
