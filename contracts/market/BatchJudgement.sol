// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IOrderSettlement} from "../interfaces/IOrderSettlement.sol";
import {BatchOrder, OrderWords} from "../libraries/BatchOrder.sol";
import {CommitteeSlot} from "../libraries/CommitteeSlot.sol";
import {SignerCheck} from "../libraries/SignerCheck.sol";
import {BatchItem, BatchRequester, BatchTerms, Rejection} from "../types/Batch.sol";
import {Tier} from "../types/Order.sol";
import {DisputedLane} from "./DisputedLane.sol";

/// @notice A batch under way; in memory only. Bit i of a set of items stands for item i.
/// @param words The order at hand (BatchOrder).
/// @param envelope What is signed of an order (EIP-712): prefix and domain, then room for the order's hash.
/// @param requesterStart Where the requesters of the terms lie in calldata.
/// @param requesterCount How many they are.
/// @param price Of each order: the provider's ask.
/// @param protocolFeePpm Protocol fee, millionths of the price.
/// @param collateralFloor Least collateral of an order.
/// @param minWindow Shortest challenge window of an order.
/// @param maxWindow Longest one.
/// @param maxCommitment Highest value that commits to a tensor; zero never does.
/// @param isDrawn True in mode Draw.
/// @param slots Slots of the committee that the provider holds.
/// @param seed By which orders fall into slots.
/// @param provenItems Set of items whose proof holds; all where nothing is proved.
/// @param freeStake What backs collateral; without bound where nothing is locked.
/// @param accepted Set of good items.
/// @param collateral Of good items, LAT wei.
/// @param leaves Of the jobs that good items are (JobsRoot).
/// @param longestWindow Of good items, seconds.
/// @param locks What is asked of the escrow, one entry a run of good items: the payer, and its good items in the lower 96 bits.
struct Batch {
    OrderWords words;
    bytes envelope;
    uint256 requesterStart;
    uint256 requesterCount;
    address token;
    uint256 price;
    uint32 protocolFeePpm;
    uint256 collateralFloor;
    uint256 minWindow;
    uint256 maxWindow;
    uint256 maxCommitment;
    bool isDrawn;
    uint256 slots;
    bytes32 seed;
    uint256 provenItems;
    uint256 freeStake;
    uint256 accepted;
    uint256 collateral;
    bytes32[] leaves;
    uint256 longestWindow;
    uint256[] locks;
}

/// @notice Neighbouring items of one requester whose nonces lie in one word: they are paid and used up together.
/// @param key What its items share (BatchOrder).
/// @param slot Where its word of nonces lies in storage.
/// @param used The word's used nonces, those of the run's good items included.
/// @param countBefore Number of good items of the batch before it.
/// @param isSponsored True when another than the requester pays.
/// @param countCovered Number of good items of the batch up to which the sponsor pays; without bound where there is none.
struct Run {
    uint256 key;
    bytes32 slot;
    uint256 used;
    uint256 countBefore;
    bool isSponsored;
    uint256 countCovered;
}

/// @title BatchJudgement: the orders of a batch, and whether each is good
/// @dev Items are many, so what they share is kept ready in memory, and checks that cannot fail are left out.
abstract contract BatchJudgement is IOrderSettlement, DisputedLane {
    uint256 private constant S_MASK = (1 << 255) - 1;

    // Orders

    /// @dev Sets what orders of these terms share, and where their requesters lie.
    function _setTerms(Batch memory batch, BatchTerms calldata terms, Tier tier) internal view {
        batch.words = BatchOrder.begin(terms, tier, msg.sender);
        batch.envelope = abi.encodePacked(hex"1901", _domainSeparator(), bytes32(0));
        batch.token = terms.paymentToken;
        BatchRequester[] calldata requesters = terms.requesters;
        uint256 start;
        assembly ("memory-safe") {
            start := requesters.offset
        }
        batch.requesterStart = start;
        batch.requesterCount = requesters.length;
    }

    /// @dev The digest that a requester signs: writes the order's hash into the last of the envelope's 66 bytes.
    function _seal(bytes memory envelope, bytes32 orderHash) private pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            mstore(add(envelope, 0x42), orderHash)
            digest := keccak256(add(envelope, 0x20), 0x42)
        }
    }

    /// @dev Writes an item's order into the batch's words, whichever was there.
    function _setOrder(Batch memory batch, BatchItem calldata item) internal pure returns (bytes32 orderHash) {
        BatchOrder.setRequester(batch.words, _requesterOf(batch, BatchOrder.runOf(item)));
        return BatchOrder.setItem(batch.words, item);
    }

    function _requesterOf(Batch memory batch, uint256 run) internal pure returns (BatchRequester calldata requester) {
        uint256 index = BatchOrder.requesterOf(run);
        uint256 count = batch.requesterCount;
        if (index >= count) revert OrderSettlementUnknownRequester(index, count);
        uint256 start = batch.requesterStart;
        assembly ("memory-safe") {
            // Two words each.
            requester := add(start, shl(6, index))
        }
    }

    // Judgement

    /// @dev What is cheap to judge comes first, the signature last.
    function _judge(
        Batch memory batch,
        Run memory run,
        BatchItem calldata item,
        uint256 index,
        bytes32 orderHash,
        bytes[] calldata walletSignatures
    ) internal view returns (Rejection) {
        OrderWords memory words = batch.words;
        if (block.timestamp >= words.validUntil) return Rejection.Expired;
        if (words.maxPrice < batch.price) return Rejection.PriceAboveMaximum;
        if (words.collateral < batch.collateralFloor) return Rejection.CollateralTooLow;
        if (words.challengeSeconds < batch.minWindow) return Rejection.InvalidWindow;
        if (words.challengeSeconds > batch.maxWindow) return Rejection.InvalidWindow;
        if (!_commits(item.inputCommitment, batch.maxCommitment)) return Rejection.InvalidInput;
        if (!_commits(item.outputCommitment, batch.maxCommitment)) return Rejection.InvalidOutput;
        if ((run.used >> (words.nonce & 0xff)) & 1 != 0) return Rejection.NonceUsed;
        if (words.collateral > batch.freeStake) return Rejection.StakeTooLow;
        if (batch.leaves.length >= run.countCovered) return Rejection.SponsorshipTooLow;
        if ((batch.provenItems >> index) & 1 == 0) return Rejection.InvalidProof;
        bytes32 digest = _seal(batch.envelope, orderHash);
        if (batch.isDrawn) {
            if ((batch.slots >> CommitteeSlot.slotOf(digest, batch.seed)) & 1 == 0) return Rejection.WrongSlot;
        }
        bool signed = _isSigned(words.requester, item, digest, walletSignatures);
        return signed ? Rejection.None : Rejection.InvalidSignature;
    }

    /// @dev True from one to `highest`: one less than zero is the highest number there is.
    function _commits(bytes32 commitment, uint256 highest) private pure returns (bool) {
        unchecked {
            return uint256(commitment) - 1 < highest;
        }
    }

    function _isSigned(
        uint256 requester,
        BatchItem calldata item,
        bytes32 digest,
        bytes[] calldata walletSignatures
    ) private view returns (bool) {
        if (item.r != 0) {
            uint256 vs = uint256(item.vs);
            // EIP-2098: the highest bit is the parity. A signature has a second form, which is worth nothing: the order's
            // nonce is used once. Zero is what a failed recovery answers, and no requester.
            address signer = ecrecover(digest, uint8(27 + (vs >> 255)), item.r, bytes32(vs & S_MASK));
            return uint160(signer) == requester && requester != 0;
        }
        uint256 index = uint256(item.vs);
        if (index >= walletSignatures.length) return false;
        return SignerCheck.isValid(address(uint160(requester)), digest, walletSignatures[index]);
    }
}
