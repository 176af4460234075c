// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IOrderSettlement} from "../interfaces/IOrderSettlement.sol";
import {Bn254} from "../libraries/Bn254.sol";
import {CommitteeSlot} from "../libraries/CommitteeSlot.sol";
import {JobsRoot} from "../libraries/JobsRoot.sol";
import {OrderHash} from "../libraries/OrderHash.sol";
import {SignerCheck} from "../libraries/SignerCheck.sol";
import {BatchItem, BatchTerms, Rejection} from "../types/Batch.sol";
import {AssignmentMode, Tier} from "../types/Order.sol";
import {OrderRules} from "../types/Parameter.sol";
import {MarketStorage} from "./MarketStorage.sol";
import {SignedOrders} from "./SignedOrders.sol";

/// @notice A batch under way; in memory only.
/// @param price Of each order: the provider's ask.
/// @param drawn True in mode Draw.
/// @param slots Slots of the committee that the provider holds.
/// @param seed By which orders fall into slots.
/// @param freeStake What is left to back collateral; without bound where nothing is locked.
/// @param hashes Struct hash of each item's order.
/// @param provenItems Bit i: the proof of item i holds. All ones where nothing is proved.
/// @param leaves Of accepted items, `count` of them.
/// @param accepted Bit i: item i was accepted.
/// @param challengeSeconds Longest window of an accepted item.
struct Batch {
    uint256 id;
    bytes32 domainSeparator;
    Tier tier;
    address token;
    uint96 price;
    bool drawn;
    uint256 slots;
    bytes32 seed;
    OrderRules rules;
    uint256 freeStake;
    bytes32[] hashes;
    uint256 provenItems;
    bytes32[] leaves;
    uint256 count;
    uint256 accepted;
    uint256 collateral;
    uint256 challengeSeconds;
}

/// @notice Neighbouring items of one requester and payer whose nonces lie in one word: they are locked and used up
/// together.
/// @param used Nonces of the word that are used, those of the run's good items included.
/// @param indices Of good items, `count` of them.
/// @param collateral Of good items.
struct Run {
    address requester;
    address sponsor;
    uint256 word;
    uint256 used;
    uint256[] indices;
    uint256 count;
    uint256 collateral;
}

/// @title BatchIntake: which items of a batch are good, and what becomes of them
/// @dev An item is judged without consequence; what it consumes is consumed only after its payment is locked, so an
/// item that is left out left nothing behind (PAY-4). The escrow calls nobody, so it may be called in between.
abstract contract BatchIntake is IOrderSettlement, SignedOrders {
    /// @dev Places of the members of Order among the words that are hashed, after the type hash.
    uint256 private constant WORDS = 21;

    // Hashes

    /// @dev The words of an order of this batch, those of its item left zero. Windows that this lane does not have are
    /// zero, and one provider is asked.
    function _orderWords(
        BatchTerms calldata terms,
        Tier tier,
        address provider
    ) internal pure returns (uint256[WORDS] memory words) {
        words[0] = uint256(OrderHash.TYPEHASH);
        words[5] = uint256(terms.modelVersion);
        words[8] = uint160(terms.paymentToken);
        words[11] = uint8(tier);
        words[12] = uint8(terms.mode);
        words[13] = terms.mode == AssignmentMode.Direct ? uint160(provider) : 0;
        words[14] = terms.epoch;
        words[15] = 1;
    }

    /// @dev OrderHash of the order. Writes the item's members into `words`, and hashes them where they lie.
    function _hashWords(
        uint256[WORDS] memory words,
        BatchItem calldata item
    ) internal pure returns (bytes32 orderHash) {
        words[1] = uint160(item.requester);
        words[2] = uint160(item.sponsor);
        words[3] = item.nonce;
        words[4] = item.validUntil;
        words[6] = uint256(item.inputCommitment);
        words[7] = uint256(item.inputDigest);
        words[9] = item.maxPrice;
        words[10] = item.collateral;
        words[20] = item.challengeSeconds;
        assembly ("memory-safe") {
            orderHash := keccak256(words, mul(WORDS, 0x20))
        }
    }

    function _hashItems(
        BatchTerms calldata terms,
        BatchItem[] calldata items,
        Tier tier
    ) internal view returns (bytes32[] memory hashes) {
        hashes = new bytes32[](items.length);
        uint256[WORDS] memory words = _orderWords(terms, tier, msg.sender);
        for (uint256 i = 0; i < items.length; ++i) hashes[i] = _hashWords(words, items[i]);
    }

    // Intake

    /// @dev Judges all items and consumes the good ones.
    function _take(Batch memory batch, BatchItem[] calldata items, bytes[] calldata walletSignatures) internal {
        batch.leaves = new bytes32[](items.length);
        Run memory run;
        run.indices = new uint256[](items.length);
        uint256 i;
        while (i < items.length) {
            _begin(run, items[i]);
            do {
                Rejection reason = _judge(batch, run, items[i], i, walletSignatures);
                if (reason == Rejection.None) _join(run, items[i], i);
                else emit ItemRejected(batch.id, i, reason);
                ++i;
            } while (i < items.length && _continues(run, items[i]));
            if (run.count != 0) _consume(batch, run, items);
        }
    }

    function _begin(Run memory run, BatchItem calldata item) private view {
        run.requester = item.requester;
        run.sponsor = item.sponsor;
        run.word = item.nonce >> 8;
        run.used = MarketStorage.load().nonces[item.requester][run.word];
        run.count = 0;
        run.collateral = 0;
    }

    function _continues(Run memory run, BatchItem calldata item) private pure returns (bool) {
        return item.requester == run.requester && item.sponsor == run.sponsor && item.nonce >> 8 == run.word;
    }

    function _join(Run memory run, BatchItem calldata item, uint256 index) private pure {
        run.indices[run.count++] = index;
        run.used |= _bitOf(item);
        run.collateral += item.collateral;
    }

    function _bitOf(BatchItem calldata item) private pure returns (uint256) {
        return 1 << (item.nonce & 0xff);
    }

    // Judgement

    /// @dev What is cheap to judge comes first, the signature last.
    function _judge(
        Batch memory batch,
        Run memory run,
        BatchItem calldata item,
        uint256 index,
        bytes[] calldata walletSignatures
    ) private view returns (Rejection reason) {
        reason = _judgeTerms(batch, item);
        if (reason != Rejection.None) return reason;
        if (run.used & _bitOf(item) != 0) return Rejection.NonceUsed;
        // Sums of at most 128 collaterals of 96 bits.
        if (batch.collateral + run.collateral + item.collateral > batch.freeStake) return Rejection.StakeTooLow;
        if ((batch.provenItems >> index) & 1 == 0) return Rejection.InvalidProof;
        bytes32 digest = _digest(batch.domainSeparator, batch.hashes[index]);
        if (batch.drawn && (batch.slots >> CommitteeSlot.slotOf(digest, batch.seed)) & 1 == 0) {
            return Rejection.WrongSlot;
        }
        if (!_isSigned(item, digest, walletSignatures)) return Rejection.InvalidSignature;
    }

    function _judgeTerms(Batch memory batch, BatchItem calldata item) private view returns (Rejection) {
        if (block.timestamp >= item.validUntil) return Rejection.Expired;
        if (item.maxPrice < batch.price) return Rejection.PriceAboveMaximum;
        if (item.collateral < batch.rules.collateralFloor) return Rejection.CollateralTooLow;
        bool proven = batch.tier == Tier.Zk;
        if (!_isWindow(batch.rules, item.challengeSeconds, proven)) return Rejection.InvalidWindow;
        if (!_isCommitment(item.inputCommitment, proven)) return Rejection.InvalidInput;
        if (!_isCommitment(item.outputCommitment, proven)) return Rejection.InvalidOutput;
        return Rejection.None;
    }

    function _isWindow(OrderRules memory rules, uint256 challengeSeconds, bool proven) private pure returns (bool) {
        if (proven) return challengeSeconds == 0;
        return challengeSeconds >= rules.minChallengeSeconds && challengeSeconds <= rules.maxWindowSeconds;
    }

    /// @dev Proven tensors have Poseidon commitments, bonded ones any root but zero.
    function _isCommitment(bytes32 commitment, bool proven) internal pure returns (bool) {
        return proven ? Bn254.isCommitment(commitment) : commitment != bytes32(0);
    }

    function _isSigned(
        BatchItem calldata item,
        bytes32 digest,
        bytes[] calldata walletSignatures
    ) private view returns (bool) {
        if (item.r != 0) {
            (address signer, ECDSA.RecoverError failure, ) = ECDSA.tryRecover(digest, item.r, item.vs);
            return failure == ECDSA.RecoverError.NoError && signer == item.requester;
        }
        uint256 index = uint256(item.vs);
        return index < walletSignatures.length && SignerCheck.isValid(item.requester, digest, walletSignatures[index]);
    }

    // Consequences

    /// @dev Locks the price of as many of the run's good items as their payer covers, and uses up their nonces; the
    /// others are left out.
    function _consume(Batch memory batch, Run memory run, BatchItem[] calldata items) private {
        (uint256 funded, Rejection shortage) = _fund(batch, run);
        uint256 mask;
        for (uint256 k = 0; k < run.count; ++k) {
            uint256 index = run.indices[k];
            if (k < funded) {
                mask |= _bitOf(items[index]);
                _accept(batch, items[index], index);
            } else {
                emit ItemRejected(batch.id, index, shortage);
            }
        }
        if (mask == 0) return;
        MarketStorage.load().nonces[run.requester][run.word] |= mask;
        emit NoncesUsed(run.requester, run.word, mask);
    }

    /// @dev Number of items that were paid for, and what the next one lacked.
    function _fund(Batch memory batch, Run memory run) private returns (uint256 funded, Rejection shortage) {
        bool sponsored = run.sponsor != address(0) && run.sponsor != run.requester;
        address payer = sponsored ? run.sponsor : run.requester;
        uint256 most = run.count;
        if (sponsored) {
            uint256 allowed =
                MarketStorage.load().sponsorships[payer][run.requester][batch.token] / uint256(batch.price);
            if (allowed < most) (most, shortage) = (allowed, Rejection.SponsorshipTooLow);
            if (most == 0) return (0, shortage);
        }
        funded = ESCROW.lockUnits(batch.token, payer, batch.price, most);
        if (sponsored && funded != 0) {
            _useSponsorship(payer, run.requester, batch.token, funded * uint256(batch.price));
        }
        if (funded < most) {
            bool allowed = ESCROW.isMarketAllowed(payer, address(this));
            shortage = allowed ? Rejection.DepositTooLow : Rejection.LaneNotAllowed;
        }
    }

    function _accept(Batch memory batch, BatchItem calldata item, uint256 index) private pure {
        uint256 place = batch.count++;
        batch.leaves[place] = JobsRoot.leaf(place, batch.hashes[index], item.outputCommitment, item.outputDigest);
        batch.accepted |= 1 << index;
        batch.collateral += item.collateral;
        if (item.challengeSeconds > batch.challengeSeconds) batch.challengeSeconds = item.challengeSeconds;
    }
}
