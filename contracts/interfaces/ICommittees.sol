// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title ICommittees: who takes the drawn orders of an epoch
/// @notice Once an epoch, sixteen slots of a pool are drawn by stake, with replacement. An order that names the epoch
/// belongs to one of them: hash of its digest and the seed, mod sixteen. So a draw costs an order one hash.
/// @dev What a requester can do. An order should be signed before the epoch that it names begins; nothing can check
/// that, and nothing needs to. Who signs later, or leads the epoch and knows its seed before others, can try nonces
/// until the order falls to the provider it wants. It gains what mode Direct gives everyone for the asking, at the same
/// ask, and gives up only its own wish for a provider that nobody chose.
/// What a provider can do. It holds slots in proportion to its stake in the pool two epochs before, which nobody can
/// place after the seed: weights of an epoch are fixed when its seed is still the secret of a key that does not know
/// who will sign what. It cannot move an order to its slot, since the digest is the requester's. It can leave an order
/// undone, which costs it the price; the requester then signs another. As a leader it can withhold a seed, which costs
/// it stake and hands the epoch to the next leader.
interface ICommittees {
    /// @notice The committee of `pool` in `epoch` was drawn: the holder of each slot.
    event CommitteeSeated(bytes32 indexed pool, uint256 indexed epoch, address[16] members);

    /// @notice The committee was drawn before.
    error CommitteesAlreadySeated(bytes32 pool, uint256 epoch);
    /// @notice The epoch has not begun, or pools no longer know its weights: only this epoch and the one before can be
    /// seated.
    error CommitteesEpochNotSeatable(bytes32 pool, uint256 epoch, uint256 currentEpoch);
    /// @notice The epoch's seed draws nobody: it was not a leader's.
    error CommitteesSeedNotDrawable(bytes32 pool, uint256 epoch);
    /// @notice Nobody has drawn the committee.
    error CommitteesNotSeated(bytes32 pool, uint256 epoch);

    /// @notice Draws the committee of `pool` in `epoch`. Anyone may, and everyone draws the same.
    function seat(bytes32 pool, uint256 epoch) external;

    /// @notice The provider to which the order with this EIP-712 digest belongs.
    function memberOf(bytes32 pool, uint256 epoch, bytes32 orderDigest) external view returns (address);

    /// @notice Holder of each slot.
    function membersOf(bytes32 pool, uint256 epoch) external view returns (address[16] memory);

    /// @notice Slots that `provider` holds, bit i for slot i, and the seed by which orders fall into slots.
    function slotsOf(bytes32 pool, uint256 epoch, address provider) external view returns (uint256 slots, bytes32 seed);

    /// @notice True once the committee was drawn.
    function isSeated(bytes32 pool, uint256 epoch) external view returns (bool);

    /// @notice Slot of the order with this EIP-712 digest under `seed`.
    function slotOf(bytes32 orderDigest, bytes32 seed) external pure returns (uint256);

    /// @notice The 256 bits that draw `slot`.
    function slotRandomness(bytes32 seed, bytes32 pool, uint256 slot) external pure returns (uint256);
}
