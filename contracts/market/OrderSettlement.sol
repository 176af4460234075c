// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IAttestationGate} from "../interfaces/IAttestationGate.sol";
import {ICommittees} from "../interfaces/ICommittees.sol";
import {IDisputeHolds} from "../interfaces/IDisputeHolds.sol";
import {IOrderSettlement} from "../interfaces/IOrderSettlement.sol";
import {BatchOrder, OrderWords} from "../libraries/BatchOrder.sol";
import {Bn254} from "../libraries/Bn254.sol";
import {FeeSplit} from "../libraries/FeeSplit.sol";
import {JobsRoot} from "../libraries/JobsRoot.sol";
import {ProofContext} from "../libraries/ProofContext.sol";
import {BatchItem, BatchRecord, BatchTerms} from "../types/Batch.sol";
import {ModelTerms} from "../types/Model.sol";
import {AssignmentMode, Tier} from "../types/Order.sol";
import {OrderRules} from "../types/Parameter.sol";
import {Legs} from "../types/Payment.sol";
import {Batch} from "./BatchJudgement.sol";
import {BatchSettlement} from "./BatchSettlement.sol";
import {DisputedLane} from "./DisputedLane.sol";
import {MarketBase, MarketPeers} from "./MarketBase.sol";
import {SettlementStorage} from "./SettlementStorage.sol";

/// @title OrderSettlement: many signed orders settled in one transaction
/// @notice See IOrderSettlement. Which items are good is in BatchJudgement, what they consume in BatchIntake, and how claimed
/// batches end in BatchSettlement.
contract OrderSettlement is BatchSettlement {
    /// @notice Most items of a batch: what one word has bits for twice over, and a block has gas for (LIV-3).
    uint256 public constant MAX_ITEMS = 128;
    /// @notice Most proven items of a batch: their verification takes less than 2.5 million gas.
    uint256 public constant MAX_PROVEN_ITEMS = 32;

    ICommittees public immutable COMMITTEES;
    IAttestationGate public immutable GATE;

    /// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
    constructor(
        MarketPeers memory peers,
        ICommittees committees,
        IAttestationGate gate,
        IDisputeHolds disputes
    ) MarketBase(peers) DisputedLane(disputes) {
        COMMITTEES = committees;
        GATE = gate;
    }

    // Provider

    /// @inheritdoc IOrderSettlement
    function claim(
        BatchTerms calldata terms,
        BatchItem[] calldata items,
        bytes[] calldata walletSignatures
    ) external returns (bytes32 batchId, uint256 accepted) {
        (Batch memory batch, ModelTerms memory model) = _open(terms, items, Tier.Optimistic, MAX_ITEMS);
        batch.freeStake = VAULT.freeStake(msg.sender, address(REGISTRY));
        batch.provenItems = type(uint256).max;
        _take(batch, items, walletSignatures);
        if (batch.accepted == 0) return (0, 0);

        BatchRecord memory record = BatchRecord({
            provider: msg.sender,
            token: terms.paymentToken,
            payout: REGISTRY.payoutOf(msg.sender),
            royaltyRecipient: model.royaltyRecipient,
            // The ask has 96 bits.
            price: uint96(batch.price),
            // At most MAX_ITEMS.
            count: uint32(batch.leaves.length),
            // At most the free stake, which fits 96 bits.
            collateral: uint96(batch.collateral),
            // 2^40 seconds are 34 000 years.
            releaseAt: uint40(block.timestamp + batch.longestWindow),
            royaltyPpm: model.royaltyPpm,
            protocolFeePpm: batch.protocolFeePpm,
            jobsRoot: JobsRoot.compute(batch.leaves)
        });
        batchId = _hashRecord(record);
        SettlementStorage.load().isOpen[batchId] = true;
        emit BatchClaimed(batchId, msg.sender, terms.modelVersion, record, batch.accepted);
        VAULT.lock(address(REGISTRY), msg.sender, record.collateral);
        return (batchId, batch.accepted);
    }

    /// @inheritdoc IOrderSettlement
    function settleProven(
        BatchTerms calldata terms,
        BatchItem[] calldata items,
        bytes[] calldata walletSignatures,
        uint256[8][] calldata proofs
    ) external returns (uint256 accepted) {
        if (proofs.length != items.length) revert OrderSettlementProofCountMismatch(proofs.length, items.length);
        (Batch memory batch, ModelTerms memory model) = _open(terms, items, Tier.Zk, MAX_PROVEN_ITEMS);
        // What is proven needs no bond.
        batch.freeStake = type(uint256).max;
        batch.provenItems = _provenItems(batch, terms.modelVersion, items, proofs, model.verifierSelector);
        _take(batch, items, walletSignatures);
        accepted = batch.accepted;
        if (accepted == 0) return 0;

        bytes32 jobsRoot = JobsRoot.compute(batch.leaves);
        uint256 total = batch.leaves.length * batch.price;
        Legs memory legs = FeeSplit.split(total, total, model.royaltyPpm, batch.protocolFeePpm);
        emit BatchProved(msg.sender, terms.modelVersion, batch.token, uint96(batch.price), jobsRoot, accepted, legs);
        _pay(REGISTRY.payoutOf(msg.sender), terms.paymentToken, model.royaltyRecipient, legs);
    }

    // Views

    /// @inheritdoc IOrderSettlement
    function hashItem(
        BatchTerms calldata terms,
        BatchItem calldata item,
        Tier tier,
        address provider
    ) external pure returns (bytes32) {
        uint256 index = BatchOrder.requesterOf(BatchOrder.runOf(item));
        uint256 count = terms.requesters.length;
        if (index >= count) revert OrderSettlementUnknownRequester(index, count);
        OrderWords memory words = BatchOrder.begin(terms, tier, provider);
        BatchOrder.setRequester(words, terms.requesters[index]);
        return BatchOrder.setItem(words, item);
    }

    /// @inheritdoc IOrderSettlement
    function proofContext(bytes32 orderHash, address provider, bytes32 modelVersion) public view returns (uint256) {
        return ProofContext.compute(address(this), orderHash, provider, modelVersion);
    }

    // Opening

    /// @dev What concerns the whole batch: whether such orders are taken now, and what the caller gets for each.
    function _open(
        BatchTerms calldata terms,
        BatchItem[] calldata items,
        Tier tier,
        uint256 maxItems
    ) private view returns (Batch memory batch, ModelTerms memory model) {
        if (items.length == 0) revert OrderSettlementEmptyBatch();
        if (items.length > maxItems) revert OrderSettlementBatchTooLarge(items.length, maxItems);
        _requireOpen(tier, terms.paymentToken);
        batch.isDrawn = terms.mode == AssignmentMode.Draw;
        if (terms.mode == AssignmentMode.Auction || batch.isDrawn == (terms.epoch == 0)) {
            revert OrderSettlementInvalidMode(terms.mode, terms.epoch);
        }
        model = _requireModel(terms.modelVersion, tier);
        _setRules(batch, tier);
        FeeSplit.requireRates(model.royaltyPpm, batch.protocolFeePpm);
        _assign(batch, terms, model.attestedClass);

        _setTerms(batch, terms, tier);
    }

    /// @dev Proven results have no window, and Poseidon commitments; bonded ones any commitment but zero.
    function _setRules(Batch memory batch, Tier tier) private view {
        OrderRules memory rules = PARAMETERS.orderRules(tier);
        batch.protocolFeePpm = rules.protocolFeePpm;
        batch.collateralFloor = rules.collateralFloor;
        if (tier == Tier.Zk) {
            batch.maxCommitment = Bn254.SCALAR_FIELD - 1;
        } else {
            batch.minWindow = rules.minChallengeSeconds;
            batch.maxWindow = rules.maxWindowSeconds;
            batch.maxCommitment = type(uint256).max;
        }
    }

    function _requireModel(bytes32 modelVersion, Tier tier) private view returns (ModelTerms memory model) {
        model = MODELS.termsOf(modelVersion);
        if (model.retired) revert OrderSettlementModelRetired(modelVersion);
        if ((model.tiers >> uint8(tier)) & 1 == 0) revert OrderSettlementTierUnsupported(modelVersion, tier);
    }

    /// @dev The caller's ask and, in mode Draw, its slots.
    function _assign(Batch memory batch, BatchTerms calldata terms, uint16 class) private view {
        bytes32 pool = REGISTRY.poolOf(terms.modelVersion, terms.paymentToken);
        uint256 epoch = batch.isDrawn ? terms.epoch : BEACON.currentEpoch();
        // Which collateral the provider stakes on one job is its own choice here: it chose the orders.
        (bool willing, uint96 ask) = REGISTRY.quoteOf(msg.sender, pool, epoch, 0);
        if (!willing || (class != 0 && !GATE.holds(msg.sender, class))) {
            revert OrderSettlementProviderUnavailable(msg.sender, terms.modelVersion);
        }
        if (ask == 0) revert OrderSettlementZeroPrice(msg.sender);
        batch.price = ask;
        if (batch.isDrawn) (batch.slots, batch.seed) = COMMITTEES.slotsOf(pool, epoch, msg.sender);
    }

    // Proofs

    /// @dev Bit i: the proof of item i holds. First all that are well-formed are checked together; unless that says yes,
    /// each is asked for alone. A set of verifiers may have none for batches, and then says so by reverting: what one
    /// proof is worth is decided by `verify` alone, which reverts when the verifier is stopped.
    function _provenItems(
        Batch memory batch,
        bytes32 modelVersion,
        BatchItem[] calldata items,
        uint256[8][] calldata proofs,
        bytes4 selector
    ) private view returns (uint256 proven) {
        uint256 formed = _wellFormed(items, proofs);
        if (formed == 0) return 0;
        (uint256[8][] memory rows, uint256[3][] memory inputs) = _statements(
            batch,
            modelVersion,
            items,
            proofs,
            formed
        );
        if (rows.length > 1) {
            // Without a batch verifier, or when it fails, each row is asked for below.
            try ROUTER.verifyBatch(selector, rows, inputs) returns (bool valid) {
                if (valid) return formed;
            } catch {}
        }
        uint256 row;
        for (uint256 i = 0; i < items.length; ++i) {
            if ((formed >> i) & 1 == 0) continue;
            if (ROUTER.verify(selector, rows[row], inputs[row])) proven |= 1 << i;
            ++row;
        }
    }

    /// @dev Bit i: commitments and proof of item i are canonical. Of others the router wants to hear nothing.
    function _wellFormed(
        BatchItem[] calldata items,
        uint256[8][] calldata proofs
    ) private pure returns (uint256 formed) {
        for (uint256 i = 0; i < items.length; ++i) {
            bool canonical =
                Bn254.isCommitment(items[i].inputCommitment) && Bn254.isCommitment(items[i].outputCommitment);
            for (uint256 k = 0; canonical && k < 8; ++k) canonical = proofs[i][k] < Bn254.BASE_FIELD;
            if (canonical) formed |= 1 << i;
        }
    }

    /// @dev Proofs and public inputs of the items in `formed`. What a proof is checked against comes from the order and
    /// the result.
    function _statements(
        Batch memory batch,
        bytes32 modelVersion,
        BatchItem[] calldata items,
        uint256[8][] calldata proofs,
        uint256 formed
    ) private view returns (uint256[8][] memory rows, uint256[3][] memory inputs) {
        uint256 count;
        for (uint256 rest = formed; rest != 0; rest &= rest - 1) ++count;
        rows = new uint256[8][](count);
        inputs = new uint256[3][](count);
        uint256 row;
        for (uint256 i = 0; i < items.length; ++i) {
            if ((formed >> i) & 1 == 0) continue;
            rows[row] = proofs[i];
            inputs[row] = [
                proofContext(_setOrder(batch, items[i]), msg.sender, modelVersion),
                uint256(items[i].inputCommitment),
                uint256(items[i].outputCommitment)
            ];
            ++row;
        }
    }

    // Domain

    function _domainName() internal pure override returns (string memory) {
        return "Lattice OrderSettlement";
    }
}
