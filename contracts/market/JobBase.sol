// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IEpochBeacon} from "../interfaces/IEpochBeacon.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {IProtocolParameters} from "../interfaces/IProtocolParameters.sol";
import {IProviderRegistry} from "../interfaces/IProviderRegistry.sol";
import {IStakeVault} from "../interfaces/IStakeVault.sol";
import {IVerifierRouter} from "../interfaces/IVerifierRouter.sol";
import {OrderHash} from "../libraries/OrderHash.sol";
import {JobState} from "../types/Job.sol";
import {Order} from "../types/Order.sol";
import {JobStatus, JobStorage, StoredJob} from "./JobStorage.sol";

/// @notice Contracts and accounts that the market works with, fixed in its code.
/// @param registry Providers; also the StakeVault service to which their stake is provisioned.
/// @param treasury Escrow account of the protocol fee.
/// @param burner Escrow account of the burnt share; its LAT can only be burned.
/// @param lat The LAT token: only fees paid in it burn.
struct MarketPeers {
    IPaymentEscrow escrow;
    IStakeVault vault;
    IProviderRegistry registry;
    IEpochBeacon beacon;
    IModelRegistry models;
    IVerifierRouter router;
    IProtocolParameters parameters;
    address treasury;
    address burner;
    address lat;
}

/// @title JobBase: the market's peers, and the checks that every call on a job begins with
/// @dev Deadlines are exclusive: at `block.timestamp == deadline` the window is over and its exit is open.
abstract contract JobBase is IJobMarket {
    IPaymentEscrow public immutable ESCROW;
    IStakeVault public immutable VAULT;
    IProviderRegistry public immutable REGISTRY;
    IEpochBeacon public immutable BEACON;
    IModelRegistry public immutable MODELS;
    IVerifierRouter public immutable ROUTER;
    IProtocolParameters public immutable PARAMETERS;
    address public immutable TREASURY;
    address public immutable BURNER;
    address public immutable LAT;

    constructor(MarketPeers memory peers) {
        ESCROW = peers.escrow;
        VAULT = peers.vault;
        REGISTRY = peers.registry;
        BEACON = peers.beacon;
        MODELS = peers.models;
        ROUTER = peers.router;
        PARAMETERS = peers.parameters;
        TREASURY = peers.treasury;
        BURNER = peers.burner;
        LAT = peers.lat;
    }

    // Checks

    /// @dev Loads a job that must be in `expected`, and checks that `order` is its order.
    function _jobIn(
        uint256 jobId,
        Order calldata order,
        JobState expected
    ) internal view returns (StoredJob storage job, JobStatus memory status) {
        job = JobStorage.load().jobs[jobId];
        status = job.status;
        if (status.state != expected) revert JobMarketWrongState(jobId, status.state);
        _requireOrder(jobId, job, order);
    }

    function _requireOrder(
        uint256 jobId,
        StoredJob storage job,
        Order calldata order
    ) internal view returns (bytes32 orderHash) {
        orderHash = OrderHash.hash(order);
        bytes32 expected = job.orderHash;
        if (orderHash != expected) revert JobMarketOrderMismatch(jobId, expected, orderHash);
    }

    function _requireBefore(uint256 jobId, uint256 deadline) internal view {
        if (block.timestamp >= deadline) revert JobMarketDeadlinePassed(jobId, deadline);
    }

    function _requireReached(uint256 jobId, uint256 deadline) internal view {
        if (block.timestamp < deadline) revert JobMarketDeadlineNotPassed(jobId, deadline);
    }

    function _requireNewWork() internal view {
        if (JobStorage.load().newWorkPaused) revert JobMarketNewWorkPaused();
    }

    /// @dev Unix seconds at which a window of `windowSeconds` that begins now ends. Fits: 2^40 seconds are 34 000 years.
    function _deadlineIn(uint256 windowSeconds) internal view returns (uint40) {
        return uint40(block.timestamp + windowSeconds);
    }

    // Refunds

    /// @dev Ends the job and returns all that is locked for it. The caller has checked that it may end so.
    function _refund(uint256 jobId, Order calldata order, StoredJob storage job, JobStatus memory status) internal {
        status.state = JobState.Refunded;
        status.deadline = 0;
        job.status = status;
        emit JobRefunded(jobId, order.requester, order.maxPrice);
        IPaymentEscrow.Leg[] memory legs = new IPaymentEscrow.Leg[](1);
        legs[0] = IPaymentEscrow.Leg({recipient: order.requester, amount: order.maxPrice, toDeposit: true});
        ESCROW.pay(order.paymentToken, legs);
    }
}
