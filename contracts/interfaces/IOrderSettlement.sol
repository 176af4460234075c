// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {BatchItem, BatchJob, BatchRecord, BatchTerms, Rejection} from "../types/Batch.sol";
import {AssignmentMode, Tier} from "../types/Order.sol";
import {Legs} from "../types/Payment.sol";
import {IDisputedLane} from "./IDisputedLane.sol";
import {IMarket} from "./IMarket.sol";

/// @title IOrderSettlement: many signed orders settled in one transaction
/// @notice Requesters sign orders in this lane's domain and hand them to a provider off-chain. The provider runs them,
/// then settles as many as it likes at once: bonded results (tier Optimistic) with `claim` and, once the challenge
/// window has passed, `release`; proven results (tier Zk) with `settleProven`, which pays at once.
/// @dev Every order costs the provider's ask: in mode Direct the present one, in mode Draw that of the epoch which the
/// order names. A changed ask makes old ones forgotten two epochs later, so a provider settles before it changes its ask
/// again. An item that cannot be settled is left out with a reason and consumes nothing, its nonce included; the rest
/// goes on. Nonces of accepted items are used up without an event of their own: the batch's event says which items those
/// were, and the escrow's whose deposit was locked. Only what concerns the whole batch reverts, an item that names no
/// requester of the terms, and a signing contract or verifier that the transaction leaves too little gas.
interface IOrderSettlement is IMarket, IDisputedLane {
    /// @notice `provider` claimed a batch of bonded results. Its id is the hash of its record.
    /// @param accepted Bit i: item i was accepted. The accepted items, in their order, are the leaves of the root.
    event BatchClaimed(
        bytes32 indexed batchId,
        address indexed provider,
        bytes32 indexed modelVersion,
        BatchRecord record,
        uint256 accepted
    );
    /// @notice The window of the batch passed; its jobs were paid.
    event BatchReleased(bytes32 indexed batchId, address indexed provider, Legs legs);
    /// @notice The result of the order was convicted in the dispute game on a report of `reporter`, and its job taken out of
    /// the batch, which goes on as `restId` (zero when that was its last job). `slashed` LAT (wei) was taken; `price` went
    /// back to `payer`.
    event BatchJobPunished(
        bytes32 indexed batchId,
        bytes32 indexed orderHash,
        address indexed provider,
        bytes32 restId,
        address reporter,
        uint256 slashed,
        address payer,
        uint96 price
    );
    /// @notice `provider` settled a batch of proven results, each at `price`.
    event BatchProved(
        address indexed provider,
        bytes32 indexed modelVersion,
        address indexed token,
        uint96 price,
        bytes32 jobsRoot,
        uint256 accepted,
        Legs legs
    );
    /// @notice Item `index` of a batch of `provider` was left out; its order can be settled in another one.
    event ItemRejected(address indexed provider, bytes32 indexed orderHash, uint256 index, Rejection reason);

    /// @notice No job of the batch has this order and this result.
    error OrderSettlementNotInBatch(bytes32 batchId, bytes32 orderHash);
    /// @notice There is nothing to settle.
    error OrderSettlementEmptyBatch();
    /// @notice A batch holds at most `max` items.
    error OrderSettlementBatchTooLarge(uint256 count, uint256 max);
    /// @notice Auctions are another lane's; mode Draw names an epoch, mode Direct does not.
    error OrderSettlementInvalidMode(AssignmentMode mode, uint256 epoch);
    /// @notice The model version takes no new orders.
    error OrderSettlementModelRetired(bytes32 modelVersion);
    /// @notice The model version does not support the tier.
    error OrderSettlementTierUnsupported(bytes32 modelVersion, Tier tier);
    /// @notice The caller does not offer, is not available, or does not hold the class that the model asks for.
    error OrderSettlementProviderUnavailable(address provider, bytes32 modelVersion);
    /// @notice The provider asks for nothing, so there is nothing to settle.
    error OrderSettlementZeroPrice(address provider);
    /// @notice An item names a requester beyond those of the terms.
    error OrderSettlementUnknownRequester(uint256 index, uint256 count);
    /// @notice There must be one proof an item.
    error OrderSettlementProofCountMismatch(uint256 proofs, uint256 items);
    /// @notice No batch with this record was claimed, or it was released.
    error OrderSettlementNotOpen(bytes32 batchId);
    /// @notice The batch can be released from `releaseAt` (Unix seconds) on.
    error OrderSettlementStillChallengeable(bytes32 batchId, uint256 releaseAt);

    /// @notice Claims the payment of bonded results: locks it, and the orders' collateral.
    /// @param walletSignatures Signatures of requesters that are contracts; items name them by index.
    /// @return batchId Hash of the batch's record; zero when no item was accepted, which leaves no batch behind.
    /// @return accepted Bit i: item i was accepted.
    function claim(
        BatchTerms calldata terms,
        BatchItem[] calldata items,
        bytes[] calldata walletSignatures
    ) external returns (bytes32 batchId, uint256 accepted);

    /// @notice Pays a claimed batch and frees its collateral, once its window has passed. Anyone may; never paused.
    function release(BatchRecord calldata record) external;

    /// @notice Takes the collateral behind a convicted result, refunds its payer and leaves the rest of the batch as it is:
    /// the same record with one job, and the order's collateral, less. Called by the dispute game.
    /// @dev When the lane may no longer slash, the collateral is only freed.
    function punish(BatchJob calldata job, address reporter) external;

    /// @notice Settles and pays proven results.
    /// @param proofs Proof of each item, words as in IVerifierRouter.
    /// @return accepted Bit i: item i was accepted.
    function settleProven(
        BatchTerms calldata terms,
        BatchItem[] calldata items,
        bytes[] calldata walletSignatures,
        uint256[8][] calldata proofs
    ) external returns (uint256 accepted);

    /// @notice True while the batch waits to be released.
    function isOpen(bytes32 batchId) external view returns (bool);

    /// @notice Id of the batch with this record.
    function hashRecord(BatchRecord calldata record) external pure returns (bytes32);

    /// @notice EIP-712 struct hash of the order that terms, their requester and item are when `provider` settles them.
    function hashItem(
        BatchTerms calldata terms,
        BatchItem calldata item,
        Tier tier,
        address provider
    ) external pure returns (bytes32);

    /// @notice First public input of an item's proof.
    function proofContext(bytes32 orderHash, address provider, bytes32 modelVersion) external view returns (uint256);
}
