// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IOrderSettlement} from "../interfaces/IOrderSettlement.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
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

/// @notice A batch under way; in memory only. Bit i of a set of items stands for item i.
/// @param words Members of the order at hand, as they are hashed: the type hash first.
/// @param price Of each order: the provider's ask.
/// @param isProven True for tier Zk.
/// @param isDrawn True in mode Draw.
/// @param slots Slots of the committee that the provider holds.
/// @param seed By which orders fall into slots.
/// @param provenItems Set of items whose proof holds; all where nothing is proved.
/// @param freeStake What backs collateral; without bound where nothing is locked.
/// @param hashes Struct hash of each item's order.
/// @param accepted Set of good items.
/// @param collateral Of good items, LAT wei.
/// @param locks What is asked of the escrow, one entry a run.
/// @param runItems Set of good items of each run.
/// @param runs Number of runs with good items.
struct Batch {
    uint256[21] words;
    bytes32 domainSeparator;
    address token;
    uint96 price;
    bool isProven;
    bool isDrawn;
    uint256 slots;
    bytes32 seed;
    OrderRules rules;
    uint256 provenItems;
    uint256 freeStake;
    bytes32[] hashes;
    uint256 accepted;
    uint256 collateral;
    IPaymentEscrow.UnitLock[] locks;
    uint256[] runItems;
    uint256 runs;
}

/// @notice Neighbouring items of one requester and sponsor whose nonces lie in one word: they are paid and used up
/// together.
/// @param word Which word.
/// @param used Its used nonces, those of the run's good items included.
/// @param items Set of its good items, `count` of them.
struct Run {
    uint256 requester;
    uint256 sponsor;
    uint256 word;
    uint256 used;
    uint256 items;
    uint256 count;
}

/// @title BatchIntake: which items of a batch are good, and what they consume
/// @dev First every item is judged, and good ones use up their nonces and their share of a sponsorship. Then the escrow
/// locks the price of each run in one call. It calls nobody, and says for how many items a payer's deposit sufficed:
/// those beyond give back what they used, so an item that is left out consumed nothing (PAY-4).
abstract contract BatchIntake is IOrderSettlement, SignedOrders {
    /// @dev Bits of the short members that share words in BatchItem.
    uint256 private constant AMOUNT_BITS = 96;
    uint256 private constant VALID_UNTIL_SHIFT = 32;
    uint256 private constant NONCE_SHIFT = 72;

    // Orders

    /// @dev The words of an order of this batch, those of its item left zero. Windows that this lane does not have are
    /// zero, and one provider is asked.
    function _orderWords(
        BatchTerms calldata terms,
        Tier tier,
        address provider
    ) internal pure returns (uint256[21] memory words) {
        words[0] = uint256(OrderHash.TYPEHASH);
        words[5] = uint256(terms.modelVersion);
        words[8] = uint160(terms.paymentToken);
        words[11] = uint8(tier);
        words[12] = uint8(terms.mode);
        words[13] = terms.mode == AssignmentMode.Direct ? uint160(provider) : 0;
        words[14] = terms.epoch;
        words[15] = 1;
    }

    /// @dev OrderHash of the order: writes the item's members into `words`, and hashes them where they lie.
    function _hashWords(uint256[21] memory words, BatchItem calldata item) internal pure returns (bytes32 orderHash) {
        uint256 payment = item.payment;
        uint256 backing = item.backing;
        uint256 limits = item.limits;
        words[1] = payment >> AMOUNT_BITS;
        words[2] = backing >> AMOUNT_BITS;
        words[3] = uint64(limits >> NONCE_SHIFT);
        words[4] = uint40(limits >> VALID_UNTIL_SHIFT);
        words[6] = uint256(item.inputCommitment);
        words[7] = uint256(item.inputDigest);
        words[9] = uint96(payment);
        words[10] = uint96(backing);
        words[20] = uint32(limits);
        assembly ("memory-safe") {
            orderHash := keccak256(words, 0x2a0)
        }
    }

    // Intake

    /// @dev Judges all items and consumes the good ones.
    function _take(Batch memory batch, BatchItem[] calldata items, bytes[] calldata walletSignatures) internal {
        _judgeAll(batch, items, walletSignatures);
        uint256 runs = batch.runs;
        if (runs == 0) return;
        IPaymentEscrow.UnitLock[] memory locks = batch.locks;
        assembly ("memory-safe") {
            // There are at most as many runs as items.
            mstore(locks, runs)
        }
        uint256[] memory funded = ESCROW.lockUnits(batch.token, batch.price, locks);
        for (uint256 run = 0; run < runs; ++run) {
            if (funded[run] < locks[run].most) _giveBack(batch, items, run, locks[run].most - funded[run]);
        }
    }

    function _judgeAll(Batch memory batch, BatchItem[] calldata items, bytes[] calldata walletSignatures) private {
        uint256 length = items.length;
        batch.hashes = new bytes32[](length);
        batch.locks = new IPaymentEscrow.UnitLock[](length);
        batch.runItems = new uint256[](length);
        Run memory run;
        for (uint256 i = 0; i < length; ++i) {
            BatchItem calldata item = items[i];
            bytes32 orderHash = _hashWords(batch.words, item);
            batch.hashes[i] = orderHash;
            if (!_continues(run, batch.words)) {
                _close(batch, run, items);
                _begin(run, batch.words);
            }
            Rejection reason = _judge(batch, run, item, i, walletSignatures);
            if (reason == Rejection.None) _join(batch, run, i);
            else emit ItemRejected(msg.sender, orderHash, i, reason);
        }
        _close(batch, run, items);
    }

    // Runs

    function _continues(Run memory run, uint256[21] memory words) private pure returns (bool) {
        return words[1] == run.requester && words[2] == run.sponsor && words[3] >> 8 == run.word;
    }

    function _begin(Run memory run, uint256[21] memory words) private view {
        run.requester = words[1];
        run.sponsor = words[2];
        run.word = words[3] >> 8;
        run.used = MarketStorage.load().nonces[address(uint160(run.requester))][run.word];
        run.items = 0;
        run.count = 0;
    }

    /// @dev Sums stay small: at most 128 items of 96 bits.
    function _join(Batch memory batch, Run memory run, uint256 index) private pure {
        unchecked {
            run.items |= 1 << index;
            run.used |= 1 << (batch.words[3] & 0xff);
            ++run.count;
            batch.accepted |= 1 << index;
            batch.collateral += batch.words[10];
        }
    }

    /// @dev Uses up the nonces of a run, and what its sponsor pays for it.
    function _close(Batch memory batch, Run memory run, BatchItem[] calldata items) private {
        if (run.count == 0) return;
        address requester = address(uint160(run.requester));
        address payer = requester;
        if (run.sponsor != 0 && run.sponsor != run.requester) {
            payer = address(uint160(run.sponsor));
            _useShare(batch, run, items, requester, payer);
            if (run.count == 0) return;
        }
        MarketStorage.load().nonces[requester][run.word] = run.used;
        IPaymentEscrow.UnitLock memory lock = batch.locks[batch.runs];
        lock.owner = payer;
        // At most 128.
        lock.most = uint96(run.count);
        batch.runItems[batch.runs++] = run.items;
    }

    /// @dev Takes the price of the run off what the sponsor pays; items beyond it are left out.
    function _useShare(
        Batch memory batch,
        Run memory run,
        BatchItem[] calldata items,
        address requester,
        address sponsor
    ) private {
        uint256 price = batch.price;
        uint256 covered = MarketStorage.load().sponsorships[sponsor][requester][batch.token] / price;
        if (covered < run.count) {
            uint256 excess = run.count - covered;
            run.used &= ~_leaveOut(batch, items, run.items, excess, Rejection.SponsorshipTooLow);
            run.items &= batch.accepted;
            run.count = covered;
        }
        if (run.count != 0) _useSponsorship(sponsor, requester, batch.token, run.count * price);
    }

    /// @dev Undoes what the last `excess` items of a run used up: their payer's deposit did not suffice.
    function _giveBack(Batch memory batch, BatchItem[] calldata items, uint256 run, uint256 excess) private {
        address payer = batch.locks[run].owner;
        bool allowed = ESCROW.isMarketAllowed(payer, address(this));
        Rejection reason = allowed ? Rejection.DepositTooLow : Rejection.LaneNotAllowed;
        uint256 members = batch.runItems[run];
        uint256 nonces = _leaveOut(batch, items, members, excess, reason);

        uint256 first;
        while ((members >> first) & 1 == 0) ++first;
        address requester = address(uint160(items[first].payment >> AMOUNT_BITS));
        uint256 word = uint64(items[first].limits >> NONCE_SHIFT) >> 8;
        MarketStorage.load().nonces[requester][word] &= ~nonces;
        if (payer != requester) {
            MarketStorage.load().sponsorships[payer][requester][batch.token] += excess * uint256(batch.price);
        }
    }

    /// @dev Leaves out the last `excess` items of the set `members`.
    /// @return nonces Their bits in their word of nonces.
    function _leaveOut(
        Batch memory batch,
        BatchItem[] calldata items,
        uint256 members,
        uint256 excess,
        Rejection reason
    ) private returns (uint256 nonces) {
        for (uint256 i = items.length; excess != 0; ) {
            --i;
            if ((members >> i) & 1 == 0) continue;
            --excess;
            nonces |= 1 << ((items[i].limits >> NONCE_SHIFT) & 0xff);
            batch.accepted &= ~(1 << i);
            batch.collateral -= uint96(items[i].backing);
            emit ItemRejected(msg.sender, batch.hashes[i], i, reason);
        }
    }

    // Judgement

    /// @dev What is cheap to judge comes first, the signature last.
    function _judge(
        Batch memory batch,
        Run memory run,
        BatchItem calldata item,
        uint256 index,
        bytes[] calldata walletSignatures
    ) private view returns (Rejection) {
        uint256[21] memory words = batch.words;
        if (block.timestamp >= words[4]) return Rejection.Expired;
        if (words[9] < batch.price) return Rejection.PriceAboveMaximum;
        if (words[10] < batch.rules.collateralFloor) return Rejection.CollateralTooLow;
        if (!_isWindow(batch, words[20])) return Rejection.InvalidWindow;
        if (!_isCommitment(item.inputCommitment, batch.isProven)) return Rejection.InvalidInput;
        if (!_isCommitment(item.outputCommitment, batch.isProven)) return Rejection.InvalidOutput;
        if ((run.used >> (words[3] & 0xff)) & 1 != 0) return Rejection.NonceUsed;
        unchecked {
            // At most 129 collaterals of 96 bits.
            if (batch.collateral + words[10] > batch.freeStake) return Rejection.StakeTooLow;
        }
        if ((batch.provenItems >> index) & 1 == 0) return Rejection.InvalidProof;
        bytes32 digest = MessageHashUtils.toTypedDataHash(batch.domainSeparator, batch.hashes[index]);
        if (batch.isDrawn && (batch.slots >> CommitteeSlot.slotOf(digest, batch.seed)) & 1 == 0) {
            return Rejection.WrongSlot;
        }
        bool signed = _isSigned(address(uint160(words[1])), item, digest, walletSignatures);
        return signed ? Rejection.None : Rejection.InvalidSignature;
    }

    function _isWindow(Batch memory batch, uint256 challengeSeconds) private pure returns (bool) {
        if (batch.isProven) return challengeSeconds == 0;
        OrderRules memory rules = batch.rules;
        return challengeSeconds >= rules.minChallengeSeconds && challengeSeconds <= rules.maxWindowSeconds;
    }

    /// @dev Proven tensors have Poseidon commitments, bonded ones any root but zero.
    function _isCommitment(bytes32 commitment, bool proven) internal pure returns (bool) {
        return proven ? Bn254.isCommitment(commitment) : commitment != bytes32(0);
    }

    function _isSigned(
        address requester,
        BatchItem calldata item,
        bytes32 digest,
        bytes[] calldata walletSignatures
    ) private view returns (bool) {
        if (item.r != 0) {
            (address signer, ECDSA.RecoverError failure, ) = ECDSA.tryRecover(digest, item.r, item.vs);
            return failure == ECDSA.RecoverError.NoError && signer == requester;
        }
        uint256 index = uint256(item.vs);
        return index < walletSignatures.length && SignerCheck.isValid(requester, digest, walletSignatures[index]);
    }

    // Jobs

    /// @dev Root over the accepted jobs, their number, and their longest window.
    function _summarise(
        Batch memory batch,
        BatchItem[] calldata items
    ) internal pure returns (bytes32 jobsRoot, uint256 count, uint256 challengeSeconds) {
        bytes32[] memory leaves = new bytes32[](items.length);
        for (uint256 i = 0; i < items.length; ++i) {
            if ((batch.accepted >> i) & 1 == 0) continue;
            BatchItem calldata item = items[i];
            leaves[count] = JobsRoot.leaf(count, batch.hashes[i], item.outputCommitment, item.outputDigest);
            ++count;
            uint256 window = uint32(item.limits);
            if (window > challengeSeconds) challengeSeconds = window;
        }
        jobsRoot = JobsRoot.compute(leaves, count);
    }
}
