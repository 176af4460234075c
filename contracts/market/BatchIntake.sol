// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {StorageSlot} from "@openzeppelin/contracts/utils/StorageSlot.sol";
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
/// @param locks What is asked of the escrow, one entry a run: the payer, and its good items in the lower 96 bits.
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
    uint256[] locks;
    uint256[] runItems;
    uint256 runs;
}

/// @notice Neighbouring items of one requester and sponsor whose nonces lie in one word: they are paid and used up
/// together.
/// @param word Which word.
/// @param slot Where it lies in storage.
/// @param used Its used nonces, those of the run's good items included.
/// @param covered Number of items that the sponsor pays for; without bound where there is none.
/// @param items Set of its good items, `count` of them.
struct Run {
    uint256 requester;
    uint256 sponsor;
    uint256 word;
    bytes32 slot;
    uint256 used;
    uint256 covered;
    uint256 items;
    uint256 count;
}

/// @title BatchIntake: which items of a batch are good, and what they consume
/// @dev First every item is judged, and good ones use up their nonces and their share of a sponsorship. Then the escrow
/// locks the price of all runs in one call. It calls nobody, and says for how many items a payer's deposit sufficed:
/// those beyond give back what they used, so an item that is left out consumed nothing (PAY-4). What the provider's
/// stake can back is shared out only then, among items that are paid for.
abstract contract BatchIntake is IOrderSettlement, SignedOrders {
    /// @dev Bits of the short members that share words in BatchItem.
    uint256 private constant AMOUNT_BITS = 96;
    uint256 private constant VALID_UNTIL_SHIFT = 32;
    uint256 private constant NONCE_SHIFT = 72;

    uint256 private constant S_MASK = (1 << 255) - 1;

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
        uint256[] memory locks = batch.locks;
        assembly ("memory-safe") {
            // There are at most as many runs as items.
            mstore(locks, runs)
        }
        uint256[] memory missing = ESCROW.lockUnits(batch.token, batch.price, locks);
        for (uint256 run = 0; run < missing.length; ++run) {
            if (missing[run] != 0) _leaveOutUnpaid(batch, items, run, missing[run]);
        }
        if (batch.collateral > batch.freeStake) _leaveOutUnbacked(batch, items);
    }

    function _judgeAll(Batch memory batch, BatchItem[] calldata items, bytes[] calldata walletSignatures) private {
        uint256 length = items.length;
        batch.hashes = new bytes32[](length);
        batch.locks = new uint256[](length);
        batch.runItems = new uint256[](length);
        Run memory run;
        for (uint256 i = 0; i < length; ++i) {
            BatchItem calldata item = items[i];
            bytes32 orderHash = _hashWords(batch.words, item);
            batch.hashes[i] = orderHash;
            if (!_continues(run, batch.words)) {
                _close(batch, run);
                _begin(batch, run);
            }
            Rejection reason = _judge(batch, run, item, i, walletSignatures);
            if (reason == Rejection.None) _join(batch, run, i);
            else emit ItemRejected(msg.sender, orderHash, i, reason);
        }
        _close(batch, run);
    }

    // Runs

    function _continues(Run memory run, uint256[21] memory words) private pure returns (bool) {
        return words[1] == run.requester && words[2] == run.sponsor && words[3] >> 8 == run.word;
    }

    function _begin(Batch memory batch, Run memory run) private view {
        uint256[21] memory words = batch.words;
        run.requester = words[1];
        run.sponsor = words[2];
        run.word = words[3] >> 8;
        bytes32 slot = _nonceSlot(address(uint160(words[1])), run.word);
        run.slot = slot;
        run.used = StorageSlot.getUint256Slot(slot).value;
        run.covered = type(uint256).max;
        if (_isSponsored(words[1], words[2])) {
            address sponsor = address(uint160(words[2]));
            mapping(address token => uint256) storage allowances = MarketStorage.load().sponsorships[sponsor][
                address(uint160(words[1]))
            ];
            run.covered = allowances[batch.token] / batch.price;
        }
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
    function _close(Batch memory batch, Run memory run) private {
        uint256 count = run.count;
        if (count == 0) return;
        address payer = address(uint160(run.requester));
        if (_isSponsored(run.requester, run.sponsor)) {
            payer = address(uint160(run.sponsor));
            _useSponsorship(payer, address(uint160(run.requester)), batch.token, count * batch.price);
        }
        StorageSlot.getUint256Slot(run.slot).value = run.used;
        uint256 index = batch.runs++;
        batch.locks[index] = (uint256(uint160(payer)) << AMOUNT_BITS) | count;
        batch.runItems[index] = run.items;
    }

    function _isSponsored(uint256 requester, uint256 sponsor) private pure returns (bool) {
        return sponsor != 0 && sponsor != requester;
    }

    /// @dev Where a word of used nonces lies. A run reads and writes it, so its place is derived once.
    function _nonceSlot(address requester, uint256 word) private view returns (bytes32 slot) {
        mapping(uint256 word => uint256 bits) storage words = MarketStorage.load().nonces[requester];
        assembly ("memory-safe") {
            mstore(0x00, word)
            mstore(0x20, words.slot)
            slot := keccak256(0x00, 0x40)
        }
    }

    // Items that are left out after all

    /// @dev Leaves out the last `count` items of a run, for which their payer's deposit did not suffice.
    function _leaveOutUnpaid(Batch memory batch, BatchItem[] calldata items, uint256 run, uint256 count) private {
        address payer = address(uint160(batch.locks[run] >> AMOUNT_BITS));
        bool allowed = ESCROW.isMarketAllowed(payer, address(this));
        Rejection reason = allowed ? Rejection.DepositTooLow : Rejection.LaneNotAllowed;
        uint256 members = batch.runItems[run];
        for (uint256 i = items.length; count != 0;) {
            --i;
            if ((members >> i) & 1 == 0) continue;
            --count;
            _leaveOut(batch, items[i], i, reason);
        }
    }

    /// @dev Leaves out the items that the provider's stake does not cover beside those before them, and returns what was
    /// locked for them.
    function _leaveOutUnbacked(Batch memory batch, BatchItem[] calldata items) private {
        uint256 backed;
        IPaymentEscrow.Leg[] memory refunds = new IPaymentEscrow.Leg[](items.length);
        for (uint256 i = 0; i < items.length; ++i) {
            if ((batch.accepted >> i) & 1 == 0) continue;
            uint256 collateral = uint96(items[i].backing);
            if (backed + collateral <= batch.freeStake) {
                backed += collateral;
                continue;
            }
            address payer = _leaveOut(batch, items[i], i, Rejection.StakeTooLow);
            refunds[i] = IPaymentEscrow.Leg({recipient: payer, amount: batch.price, toDeposit: true});
        }
        // Legs of items that stay are zero, and skipped.
        ESCROW.pay(batch.token, refunds);
    }

    /// @dev Gives back what an item used up.
    function _leaveOut(
        Batch memory batch,
        BatchItem calldata item,
        uint256 index,
        Rejection reason
    ) private returns (address payer) {
        batch.accepted &= ~(1 << index);
        batch.collateral -= uint96(item.backing);
        uint256 requester = item.payment >> AMOUNT_BITS;
        uint256 sponsor = item.backing >> AMOUNT_BITS;
        uint256 nonce = uint64(item.limits >> NONCE_SHIFT);
        payer = address(uint160(requester));
        StorageSlot.getUint256Slot(_nonceSlot(payer, nonce >> 8)).value &= ~(1 << (nonce & 0xff));
        if (_isSponsored(requester, sponsor)) {
            mapping(address token => uint256) storage allowances = MarketStorage.load().sponsorships[
                address(uint160(sponsor))
            ][payer];
            allowances[batch.token] += batch.price;
            payer = address(uint160(sponsor));
        }
        emit ItemRejected(msg.sender, batch.hashes[index], index, reason);
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
        if (words[10] > batch.freeStake) return Rejection.StakeTooLow;
        if (run.count >= run.covered) return Rejection.SponsorshipTooLow;
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
            uint256 vs = uint256(item.vs);
            // EIP-2098: the highest bit is the parity. A signature has a second form, which is worth nothing: the order's
            // nonce is used once. Zero is what a failed recovery answers, and no requester.
            address signer = ecrecover(digest, uint8(27 + (vs >> 255)), item.r, bytes32(vs & S_MASK));
            return signer == requester && signer != address(0);
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
