// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {BatchItem, BatchRequester, BatchTerms} from "../types/Batch.sol";
import {AssignmentMode, Tier} from "../types/Order.sol";
import {OrderHash} from "./OrderHash.sol";

/// @notice An order as it is hashed: the type hash, then the members of Order in one word each. In memory only.
struct OrderWords {
    uint256 typehash;
    uint256 requester;
    uint256 sponsor;
    uint256 nonce;
    uint256 validUntil;
    uint256 modelVersion;
    uint256 inputCommitment;
    uint256 inputDigest;
    uint256 paymentToken;
    uint256 maxPrice;
    uint256 collateral;
    uint256 tier;
    uint256 mode;
    uint256 provider;
    uint256 epoch;
    uint256 redundancy;
    uint256 bidSeconds;
    uint256 assignSeconds;
    uint256 commitSeconds;
    uint256 proveSeconds;
    uint256 challengeSeconds;
}

/// @title BatchOrder: the order that terms, requester and item of a batch are together
/// @notice Of neighbouring orders, only the words in which they differ are written anew.
library BatchOrder {
    /// @dev Bytes of OrderWords.
    uint256 private constant WORDS_BYTES = 21 * 32;

    /// @dev Bits of the short members that share words in calldata.
    uint256 private constant AMOUNT_BITS = 96;
    uint256 private constant VALID_UNTIL_SHIFT = 32;
    uint256 private constant NONCE_SHIFT = 72;
    /// @dev Where the nonce's bit in its word ends: above lie the number of the word, and the index of the requester.
    uint256 private constant RUN_SHIFT = NONCE_SHIFT + 8;
    uint256 private constant NONCE_WORD_BITS = 56;

    /// @notice An order with these terms; what requester and item say is zero. Windows that the lane does not have are zero,
    /// and one provider is asked.
    function begin(
        BatchTerms calldata terms,
        Tier tier,
        address provider
    ) internal pure returns (OrderWords memory words) {
        words.typehash = uint256(OrderHash.TYPEHASH);
        words.modelVersion = uint256(terms.modelVersion);
        words.paymentToken = uint160(terms.paymentToken);
        words.tier = uint8(tier);
        words.mode = uint8(terms.mode);
        words.provider = terms.mode == AssignmentMode.Direct ? uint160(provider) : 0;
        words.epoch = terms.epoch;
        words.redundancy = 1;
    }

    /// @notice Writes what orders of one requester share.
    function setRequester(OrderWords memory words, BatchRequester calldata requester) internal pure {
        uint256 payment = requester.payment;
        uint256 backing = requester.backing;
        words.requester = payment >> AMOUNT_BITS;
        words.sponsor = backing >> AMOUNT_BITS;
        words.maxPrice = uint96(payment);
        words.collateral = uint96(backing);
    }

    /// @notice Writes what the item says, and hashes the order (OrderHash) where it lies.
    function setItem(OrderWords memory words, BatchItem calldata item) internal pure returns (bytes32 orderHash) {
        uint256 limits = item.limits;
        words.nonce = uint64(limits >> NONCE_SHIFT);
        words.validUntil = uint40(limits >> VALID_UNTIL_SHIFT);
        words.inputCommitment = uint256(item.inputCommitment);
        words.inputDigest = uint256(item.inputDigest);
        words.challengeSeconds = uint32(limits);
        assembly ("memory-safe") {
            orderHash := keccak256(words, WORDS_BYTES)
        }
    }

    /// @notice What an item shares with those that are paid and used up together with it: its requester, and the word of
    /// the requester's nonces.
    function runOf(BatchItem calldata item) internal pure returns (uint256) {
        return uint64(item.limits >> RUN_SHIFT);
    }

    /// @notice Index of the requester of such a run, among those of the terms.
    function requesterOf(uint256 run) internal pure returns (uint256) {
        return run >> NONCE_WORD_BITS;
    }

    /// @notice Which word of the requester's nonces such a run uses up.
    function nonceWordOf(uint256 run) internal pure returns (uint256) {
        return uint56(run);
    }

    /// @notice Collateral of each order of the requester.
    function collateralOf(BatchRequester calldata requester) internal pure returns (uint256) {
        return uint96(requester.backing);
    }
}
