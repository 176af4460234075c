// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {StorageSlot} from "@openzeppelin/contracts/utils/StorageSlot.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {BatchOrder, OrderWords} from "../libraries/BatchOrder.sol";
import {JobsRoot} from "../libraries/JobsRoot.sol";
import {BatchItem, Rejection} from "../types/Batch.sol";
import {Batch, BatchJudgement, Run} from "./BatchJudgement.sol";
import {MarketStorage} from "./MarketStorage.sol";

/// @title BatchIntake: which items of a batch are good, and what they consume
/// @dev First every item is judged, and good ones use up their nonces and their share of a sponsorship. Then the escrow
/// locks the price of all runs in one call. It calls nobody, and says for how many items a payer's deposit sufficed:
/// those beyond give back what they used, so an item that is left out consumed nothing (PAY-4). What the provider's
/// stake can back is shared out only then, among items that are paid for. The loop over items does without checks that
/// cannot fail: there are at most 128, amounts have 96 bits, and arrays have an entry for each item.
abstract contract BatchIntake is BatchJudgement {
    /// @dev Of the number of units in an entry of `lockUnits`; the payer lies above.
    uint256 private constant UNITS_BITS = 96;
    /// @dev Of no item: keys have 64 bits.
    uint256 private constant NO_RUN = type(uint256).max;

    // Intake

    /// @dev Judges all items and consumes the good ones.
    function _take(Batch memory batch, BatchItem[] calldata items, bytes[] calldata walletSignatures) internal {
        batch.leaves = JobsRoot.list(items.length);
        batch.locks = new uint256[](items.length);
        _judgeAll(batch, items, walletSignatures);
        if (batch.accepted == 0) return;
        // The ask has 96 bits.
        uint256[] memory missing = ESCROW.lockUnits(batch.token, uint96(batch.price), batch.locks);
        if (missing.length != 0) _leaveOutUnpaid(batch, items, missing);
        bool unbacked = batch.collateral > batch.freeStake;
        if (unbacked) _leaveOutUnbacked(batch, items);
        if (unbacked || missing.length != 0) _listAnew(batch, items);
    }

    function _judgeAll(Batch memory batch, BatchItem[] calldata items, bytes[] calldata walletSignatures) private {
        uint256[] memory locks = batch.locks;
        assembly ("memory-safe") {
            // Empty, with room for as many runs as there are items.
            mstore(locks, 0)
        }
        Run memory run;
        run.key = NO_RUN;
        for (uint256 i = 0; i < items.length; ++i) {
            BatchItem calldata item = items[i];
            uint256 key = BatchOrder.runOf(item);
            if (key != run.key) {
                _close(batch, run);
                _begin(batch, run, key);
            }
            bytes32 orderHash = BatchOrder.setItem(batch.words, item);
            Rejection reason = _judge(batch, run, item, i, orderHash, walletSignatures);
            if (reason == Rejection.None) {
                _join(batch, run, i);
                _list(batch, item, orderHash);
            } else {
                emit ItemRejected(msg.sender, orderHash, i, reason);
            }
        }
        _close(batch, run);
    }

    // Runs

    function _begin(Batch memory batch, Run memory run, uint256 key) private view {
        OrderWords memory words = batch.words;
        BatchOrder.setRequester(words, _requesterOf(batch, key));
        (address requester, address sponsor) = _partiesOf(words);
        run.key = key;
        run.slot = _nonceSlot(requester, BatchOrder.nonceWordOf(key));
        run.used = StorageSlot.getUint256Slot(run.slot).value;
        run.countBefore = batch.leaves.length;
        run.countCovered = type(uint256).max;
        run.isSponsored = _isSponsored(requester, sponsor);
        if (run.isSponsored) {
            uint256 allowance = MarketStorage.load().sponsorships[sponsor][requester][batch.token];
            run.countCovered = Math.saturatingAdd(run.countBefore, allowance / batch.price);
        }
    }

    function _join(Batch memory batch, Run memory run, uint256 index) private pure {
        unchecked {
            run.used |= 1 << (batch.words.nonce & 0xff);
            batch.accepted |= 1 << index;
            batch.collateral += batch.words.collateral;
        }
    }

    /// @dev Uses up the nonces of a run, and what its sponsor pays for it. The requester's words are still those of the run.
    function _close(Batch memory batch, Run memory run) private {
        uint256 count;
        unchecked {
            count = batch.leaves.length - run.countBefore;
        }
        if (count == 0) return;
        StorageSlot.getUint256Slot(run.slot).value = run.used;
        uint256 payer = batch.words.requester;
        if (run.isSponsored) {
            payer = batch.words.sponsor;
            (address requester, address sponsor) = _partiesOf(batch.words);
            _useSponsorship(sponsor, requester, batch.token, count * batch.price);
        }
        uint256 entry = (payer << UNITS_BITS) | count;
        uint256[] memory locks = batch.locks;
        assembly ("memory-safe") {
            // There is room for as many runs as there are items.
            let runs := add(mload(locks), 1)
            mstore(locks, runs)
            mstore(add(locks, shl(5, runs)), entry)
        }
    }

    function _partiesOf(OrderWords memory words) private pure returns (address requester, address sponsor) {
        // Addresses have 160 bits.
        requester = address(uint160(words.requester));
        sponsor = address(uint160(words.sponsor));
    }

    function _isSponsored(address requester, address sponsor) private pure returns (bool) {
        return sponsor != address(0) && sponsor != requester;
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

    /// @dev Leaves out the last items of each run for which their payer's deposit did not suffice.
    function _leaveOutUnpaid(Batch memory batch, BatchItem[] calldata items, uint256[] memory missing) private {
        uint256 accepted = batch.accepted;
        uint256 index;
        for (uint256 run = 0; run < missing.length; ++run) {
            uint256 count = uint96(batch.locks[run]);
            Rejection reason = missing[run] == 0 ? Rejection.None : _reasonUnpaid(batch.locks[run] >> UNITS_BITS);
            for (; count != 0; ++index) {
                if ((accepted >> index) & 1 == 0) continue;
                if (count <= missing[run]) _leaveOut(batch, items[index], index, reason);
                --count;
            }
        }
    }

    function _reasonUnpaid(uint256 payer) private view returns (Rejection) {
        bool allowed = ESCROW.isMarketAllowed(address(uint160(payer)), address(this));
        return allowed ? Rejection.DepositTooLow : Rejection.LaneNotAllowed;
    }

    /// @dev Leaves out the items that the provider's stake does not cover beside those before them, and returns what was
    /// locked for them.
    function _leaveOutUnbacked(Batch memory batch, BatchItem[] calldata items) private {
        uint256 backed;
        IPaymentEscrow.Leg[] memory refunds = new IPaymentEscrow.Leg[](items.length);
        for (uint256 i = 0; i < items.length; ++i) {
            if ((batch.accepted >> i) & 1 == 0) continue;
            uint256 collateral = BatchOrder.collateralOf(_requesterOf(batch, BatchOrder.runOf(items[i])));
            if (backed + collateral <= batch.freeStake) {
                backed += collateral;
                continue;
            }
            address payer = _leaveOut(batch, items[i], i, Rejection.StakeTooLow);
            refunds[i] = IPaymentEscrow.Leg({recipient: payer, amount: uint96(batch.price), toDeposit: true});
        }
        // Legs of items that stay are zero, and skipped.
        _disburse(batch.token, refunds);
    }

    /// @dev Gives back what an item used up.
    function _leaveOut(
        Batch memory batch,
        BatchItem calldata item,
        uint256 index,
        Rejection reason
    ) private returns (address payer) {
        bytes32 orderHash = _setOrder(batch, item);
        batch.accepted &= ~(1 << index);
        batch.collateral -= batch.words.collateral;
        uint256 nonce = batch.words.nonce;
        (address requester, address sponsor) = _partiesOf(batch.words);
        payer = requester;
        StorageSlot.getUint256Slot(_nonceSlot(requester, nonce >> 8)).value &= ~(1 << (nonce & 0xff));
        if (_isSponsored(requester, sponsor)) {
            MarketStorage.load().sponsorships[sponsor][requester][batch.token] += batch.price;
            payer = sponsor;
        }
        emit ItemRejected(msg.sender, orderHash, index, reason);
    }

    // Payments

    function _disburse(address token, IPaymentEscrow.Leg[] memory legs) internal {
        ESCROW.pay(token, legs);
    }

    // Jobs

    /// @dev Lists a good item as the next job.
    function _list(Batch memory batch, BatchItem calldata item, bytes32 orderHash) private pure {
        JobsRoot.append(batch.leaves, orderHash, item.outputCommitment, item.outputDigest);
        uint256 window = batch.words.challengeSeconds;
        if (window > batch.longestWindow) batch.longestWindow = window;
    }

    /// @dev Lists what is left, once items that were listed were left out.
    function _listAnew(Batch memory batch, BatchItem[] calldata items) private pure {
        batch.leaves = JobsRoot.list(items.length);
        batch.longestWindow = 0;
        for (uint256 i = 0; i < items.length; ++i) {
            if ((batch.accepted >> i) & 1 != 0) _list(batch, items[i], _setOrder(batch, items[i]));
        }
    }
}
