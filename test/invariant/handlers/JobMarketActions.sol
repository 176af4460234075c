// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Job, JobState} from "../../../contracts/types/Job.sol";
import {AssignmentMode, Order, Tier} from "../../../contracts/types/Order.sol";
import {Parameter} from "../../../contracts/types/Parameter.sol";
import {Provision} from "../../../contracts/types/Stake.sol";
import {World} from "../../helpers/solidity/MarketWorld.sol";
import {JobMarketMeddling} from "./JobMarketMeddling.sol";

/// @title JobMarketActions: what the runner may do: work on jobs, let time pass, move stake, govern and meddle
/// @dev The handler administers the AccessManager, and is guardian with it.
abstract contract JobMarketActions is JobMarketMeddling {
    /// @dev Few, so that some are spent twice.
    uint256 private constant NONCES = 300;

    address private immutable REPORTER;

    constructor(World memory world) {
        _world = world;
        REPORTER = actor("reporter");
    }

    // Requesters

    function postDrawn(uint256 seed, uint96 price, uint96 collateral) external {
        _post(_order(seed, price, collateral, AssignmentMode.Draw));
    }

    function postDirect(uint256 seed, uint96 price, uint96 collateral) external {
        _post(_order(seed, price, collateral, AssignmentMode.Direct));
    }

    function postAuction(uint256 seed, uint96 price, uint96 collateral) external {
        _post(_order(seed, price, collateral, AssignmentMode.Auction));
    }

    function postSigned(uint256 seed, uint96 price, uint96 collateral) external {
        Order memory order = _order(seed, price, collateral, AssignmentMode((seed >> 240) % 3));
        order.nonce = uint64((seed >> 200) % NONCES);
        _postSigned(order, _world.requesterKeys[seed % 2]);
    }

    function cancelNonces(uint256 seed) external counted("cancelNonces") {
        address requester = _world.requesters[seed % 2];
        uint256 nonce = (seed >> 8) % NONCES;
        vm.prank(requester);
        _world.market.cancelNonces(nonce >> 8, 1 << (nonce & 0xff));
        _spent[requester][nonce] = true;
    }

    function sponsor(uint256 seed, uint96 amount) external counted("sponsor") {
        address requester = _world.requesters[seed % 2];
        address token = address((seed >> 1) % 2 == 0 ? _world.lat : _world.dollar);
        uint256 allowance = bound(amount, 0, 20 ether);
        vm.prank(_world.sponsor);
        _world.market.setSponsorship(requester, token, allowance);
        sponsorship[requester][token] = allowance;
    }

    function cancel(uint256 seed) external {
        uint256 number = _openJob(seed, seed & 1 == 1);
        if (number == 0 || stateOf[number] != JobState.Posted) return;
        _cancel(number);
    }

    // Work

    function startEpoch(bytes32 seed) public counted("startEpoch") {
        // One seed in four may not draw, as when nobody led the beacon.
        _world.beacon.start(seed, uint256(seed) % 4 != 0);
    }

    function bid(uint256 seed, uint96 price) external {
        uint256 number = _openJob(seed, false);
        if (number == 0 || !_isAuctionOpen(number, jobOf(number))) return;
        _bid(number, _world.providers[(seed >> 8) % 3], uint96(bound(price, 0.2 ether, _orders[number].maxPrice)));
    }

    /// @dev Moves some job one step on; three such actions make a run reach the end of jobs often.
    function advance(uint256 seed) public {
        uint256 number = _openJob(seed, false);
        if (number == 0) return;
        JobState state = stateOf[number];
        if (state == JobState.Posted) _place(number, seed);
        else if (state == JobState.Assigned) _commit(number, _output(seed));
        else if (state == JobState.Committed) _prove(number);
    }

    function advanceAgain(uint256 seed) external {
        advance(seed);
    }

    function advanceOnceMore(uint256 seed) external {
        advance(seed);
    }

    function decline(uint256 seed) external {
        uint256 number = _openJob(seed, false);
        if (number == 0 || stateOf[number] != JobState.Assigned) return;
        _decline(number);
    }

    // Time

    /// @dev Takes the exit of some overdue job.
    function exit(uint256 seed) external {
        uint256 number = _openJob(seed, true);
        if (number == 0) return;
        JobState state = stateOf[number];
        if (state == JobState.Posted) _refund(number);
        else if (state == JobState.Challengeable) _settle(number);
        else _timeOut(number, _reporterOf(number, seed % 4));
    }

    function warp(uint256 elapsed) external counted("warp") {
        skip(bound(elapsed, 1, 150));
    }

    // Providers

    function moveStake(uint256 seed, uint96 amount) external counted("moveStake") {
        address provider = _world.providers[seed % 3];
        address service = address(_world.registry);
        Provision memory stake = _world.vault.provisionOf(provider, service);
        uint256 free = _world.vault.freeStake(provider, service);
        uint256 choice = (seed >> 8) % 4;
        // A prank outlives a revert, so everything that may revert comes before it.
        if (choice == 0) amount = uint96(bound(amount, 1, 500 ether));
        // A little at a time, or providers would soon have nothing left to work with.
        if (choice == 1) amount = uint96(bound(amount, 1, free / 8));
        if (choice == 2) amount = uint96(bound(amount, 1, stake.thawing));
        vm.prank(provider);
        if (choice == 0) _world.vault.provision(service, amount);
        else if (choice == 1) _world.vault.thaw(service, amount);
        else if (choice == 2) _world.vault.cancelThaw(service, amount);
        else _world.vault.withdraw(service);
    }

    function changeOffer(uint256 seed, uint96 ask) external counted("changeOffer") {
        ask = uint96(bound(ask, 0, 1.5 ether));
        vm.prank(_world.providers[seed % 3]);
        _world.registry.setOffer(
            _world.modelVersions[(seed >> 8) % 2],
            address((seed >> 16) % 2 == 0 ? _world.lat : _world.dollar),
            ask
        );
    }

    function drain(uint256 seed) external counted("drain") {
        vm.prank(_world.providers[seed % 3]);
        _world.registry.setDraining((seed >> 8) % 8 == 0);
    }

    // Governance

    function pause(uint256 seed) external counted("pause") {
        _world.market.setNewWorkPaused(seed % 8 == 0);
    }

    function govern(uint256 seed) external counted("govern") {
        uint256 choice = seed % 16;
        if (choice == 0) _world.router.stop(_world.models.termsOf(_world.modelVersions[0]).verifierSelector);
        else if (choice == 1) _world.registry.setStakeModule(address(_world.market), false);
        else if (choice < 6) _world.registry.setStakeModule(address(_world.market), true);
        else if (choice < 8) _world.parameters.set(Parameter.MaxReassignments, (seed >> 8) % 3);
        else if (choice < 11) _world.parameters.set(Parameter.ProtocolFeePpm, (seed >> 8) % 200_001);
        else _world.parameters.set(Parameter.BurnSharePpm, (seed >> 8) % 500_001);
    }

    // Internals

    /// @dev A posted job gets its provider, or a bid while its auction goes on.
    function _place(uint256 number, uint256 seed) private {
        Order storage order = _orders[number];
        Job memory job = jobOf(number);
        if (order.mode == AssignmentMode.Direct) {
            if (order.tier == Tier.Zk && (seed >> 64) % 2 == 0) _deliver(number, _output(seed));
            else _accept(number);
        } else if (!_isAuctionOpen(number, job)) {
            _reach(job.drawEpoch, seed);
            _assign(number);
        } else {
            _runAuction(number, job, seed);
        }
    }

    /// @dev One auction in four ends without a bid.
    function _runAuction(uint256 number, Job memory job, uint256 seed) private {
        uint256 closesAt = _biddingClosesAt(number, job);
        if (present() < closesAt) {
            if (_ids[number] % 4 == 0) vm.warp(closesAt);
            else
                _bid(
                    number,
                    _world.providers[(seed >> 8) % 3],
                    uint96(bound(seed, 0.2 ether, _orders[number].maxPrice))
                );
            return;
        }
        uint256 closingEpoch = _closingEpoch(closesAt);
        _reach(closingEpoch + 3, seed);
        _award(number, closingEpoch);
    }

    function _reach(uint256 epoch, uint256 seed) private {
        while (_world.beacon.currentEpoch() < epoch) startEpoch(keccak256(abi.encode("epoch", seed, epoch)));
    }

    function _output(uint256 seed) private pure returns (bytes32) {
        return bytes32(bound(seed, 1, type(uint128).max));
    }

    /// @dev Also the late provider itself and its payout address, which must gain nothing.
    function _reporterOf(uint256 number, uint256 choice) private view returns (address) {
        if (choice == 0) return _orders[number].requester;
        if (choice == 1) return REPORTER;
        address provider = jobOf(number).provider;
        return choice == 2 ? provider : _world.registry.payoutOf(provider);
    }

    function _order(
        uint256 seed,
        uint96 price,
        uint96 collateral,
        AssignmentMode mode
    ) private view returns (Order memory order) {
        order.requester = _world.requesters[seed % 2];
        if ((seed >> 4) % 4 == 0) order.sponsor = _world.sponsor;
        order.validUntil = type(uint40).max;
        order.modelVersion = _world.modelVersions[(seed >> 1) % 2];
        order.inputCommitment = bytes32(((seed >> 8) % type(uint64).max) + 1);
        order.inputDigest = keccak256(abi.encode(seed));
        order.paymentToken = address((seed >> 2) % 2 == 0 ? _world.lat : _world.dollar);
        order.maxPrice = uint96(bound(price, 0.6 ether, 4 ether));
        order.collateral = uint96(bound(collateral, 10 ether, 1_500 ether));
        order.tier = (seed >> 6) % 3 == 0 ? Tier.Optimistic : Tier.Zk;
        order.mode = mode;
        if (mode == AssignmentMode.Direct) order.provider = _world.providers[(seed >> 3) % 3];
        order.redundancy = 1;
        if (mode == AssignmentMode.Auction) order.bidSeconds = uint32(30 + ((seed >> 24) % 90));
        order.assignSeconds = uint32(60 + ((seed >> 16) % 300));
        order.commitSeconds = uint32(30 + ((seed >> 32) % 90));
        if (order.tier == Tier.Zk) order.proveSeconds = uint32(60 + ((seed >> 48) % 90));
        else order.challengeSeconds = uint32(60 + ((seed >> 48) % 90));
    }
}
