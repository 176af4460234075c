// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ICommittees} from "../interfaces/ICommittees.sol";
import {IEpochBeacon} from "../interfaces/IEpochBeacon.sol";
import {IProviderRegistry} from "../interfaces/IProviderRegistry.sol";
import {CommitteeSlot} from "../libraries/CommitteeSlot.sol";

/// @title Committees: who takes the drawn orders of an epoch
/// @notice See ICommittees.
/// @dev Holds no funds and no rights, and cannot be upgraded. A committee takes one word: sixteen slots of sixteen bits,
/// each the number of a provider within its pool, given when it is first drawn. Numbers begin at one, so a word of a
/// drawn committee is never zero.
contract Committees is ICommittees {
    bytes32 private constant SEAT_DOMAIN = keccak256("LATTICE-V3-COMMITTEE");
    uint256 private constant SLOTS = CommitteeSlot.SLOTS;
    uint256 private constant NUMBER_BITS = 16;
    uint256 private constant NUMBER_MASK = (1 << NUMBER_BITS) - 1;

    IProviderRegistry public immutable REGISTRY;
    IEpochBeacon public immutable BEACON;

    /// @param count Numbers given so far.
    struct Roll {
        uint256 count;
        mapping(address provider => uint256 number) numbers;
        mapping(uint256 number => address provider) providers;
    }

    mapping(bytes32 pool => Roll) private _rolls;
    mapping(bytes32 pool => mapping(uint256 epoch => uint256 seats)) private _seats;

    constructor(IProviderRegistry registry, IEpochBeacon beacon) {
        REGISTRY = registry;
        BEACON = beacon;
    }

    // Anyone

    /// @inheritdoc ICommittees
    function seat(bytes32 pool, uint256 epoch) external {
        if (_seats[pool][epoch] != 0) revert CommitteesAlreadySeated(pool, epoch);
        uint256 current = BEACON.currentEpoch();
        if (epoch > current || epoch + 1 < current) revert CommitteesEpochNotSeatable(pool, epoch, current);
        (bytes32 seed, bool drawable) = BEACON.drawSeed(epoch);
        if (!drawable) revert CommitteesSeedNotDrawable(pool, epoch);

        uint256 seats;
        address[16] memory members;
        for (uint256 slot = 0; slot < SLOTS; ++slot) {
            members[slot] = REGISTRY.draw(pool, epoch, slotRandomness(seed, pool, slot));
            seats |= _numberOf(pool, members[slot]) << (slot * NUMBER_BITS);
        }
        _seats[pool][epoch] = seats;
        emit CommitteeSeated(pool, epoch, members);
    }

    // Views

    /// @inheritdoc ICommittees
    function memberOf(bytes32 pool, uint256 epoch, bytes32 orderDigest) external view returns (address) {
        (bytes32 seed, ) = BEACON.drawSeed(epoch);
        return _holder(pool, _seatsOf(pool, epoch), slotOf(orderDigest, seed));
    }

    /// @inheritdoc ICommittees
    function membersOf(bytes32 pool, uint256 epoch) external view returns (address[16] memory members) {
        uint256 seats = _seatsOf(pool, epoch);
        for (uint256 slot = 0; slot < SLOTS; ++slot) members[slot] = _holder(pool, seats, slot);
    }

    /// @inheritdoc ICommittees
    function slotsOf(
        bytes32 pool,
        uint256 epoch,
        address provider
    ) external view returns (uint256 slots, bytes32 seed) {
        uint256 seats = _seatsOf(pool, epoch);
        (seed, ) = BEACON.drawSeed(epoch);
        // Zero for who was never drawn, and no slot holds zero.
        uint256 number = _rolls[pool].numbers[provider];
        for (uint256 slot = 0; slot < SLOTS; ++slot) {
            if ((seats >> (slot * NUMBER_BITS)) & NUMBER_MASK == number) slots |= 1 << slot;
        }
    }

    /// @inheritdoc ICommittees
    function isSeated(bytes32 pool, uint256 epoch) external view returns (bool) {
        return _seats[pool][epoch] != 0;
    }

    /// @inheritdoc ICommittees
    function slotOf(bytes32 orderDigest, bytes32 seed) public pure returns (uint256) {
        return CommitteeSlot.slotOf(orderDigest, seed);
    }

    /// @inheritdoc ICommittees
    function slotRandomness(bytes32 seed, bytes32 pool, uint256 slot) public pure returns (uint256) {
        return uint256(keccak256(abi.encode(SEAT_DOMAIN, seed, pool, slot)));
    }

    // Internals

    /// @dev Pools hold 65 536 providers; should all be drawn some day, the last finds no number, and committees with it
    /// are not seated.
    function _numberOf(bytes32 pool, address provider) private returns (uint256 number) {
        Roll storage roll = _rolls[pool];
        number = roll.numbers[provider];
        if (number != 0) return number;
        number = SafeCast.toUint16(roll.count + 1);
        roll.count = number;
        roll.numbers[provider] = number;
        roll.providers[number] = provider;
    }

    function _seatsOf(bytes32 pool, uint256 epoch) private view returns (uint256 seats) {
        seats = _seats[pool][epoch];
        if (seats == 0) revert CommitteesNotSeated(pool, epoch);
    }

    function _holder(bytes32 pool, uint256 seats, uint256 slot) private view returns (address) {
        return _rolls[pool].providers[(seats >> (slot * NUMBER_BITS)) & NUMBER_MASK];
    }
}
