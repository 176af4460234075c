// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IMatchmaker} from "../../../contracts/interfaces/IMatchmaker.sol";
import {Job, JobState} from "../../../contracts/types/Job.sol";
import {AssignmentMode, Order, Tier} from "../../../contracts/types/Order.sol";
import {JobMarketBooks} from "./JobMarketBooks.sol";

/// @title JobMarketSteps: each transition of a job, made by who may, checked and recorded
abstract contract JobMarketSteps is JobMarketBooks {
    uint256[8] private _proof = [uint256(1), 2, 3, 4, 5, 6, 7, 8];

    // Posting

    function _post(Order memory order) internal counted("post") {
        vm.prank(order.requester);
        uint256 jobId = _world.market.post(order);
        _expect(jobId == uint256(_world.market.hashOrder(order)), "the id is not the order's hash");
        _begin(order);
    }

    /// @dev A nonce posts once, for the order that was signed alone. One that was spent is refused.
    function _postSigned(Order memory order, uint256 key) internal {
        bytes memory signature = _sign(order, key);
        order.maxPrice += 1;
        _expect(!_tryPostSigned(order, signature), "another order than the signed one was posted");
        order.maxPrice -= 1;

        bool spent = _spent[order.requester][order.nonce];
        if (_tryPostSigned(order, signature)) {
            _expect(!spent, "PAY-1: a nonce posted twice");
            _spent[order.requester][order.nonce] = true;
            _begin(order);
            _count("postSigned");
            _expect(!_tryPostSigned(order, signature), "PAY-1: a signature posted twice");
        } else if (spent) {
            _count("postSigned, nonce spent");
        }
        uint256 word = _world.market.noncesUsed(order.requester, order.nonce >> 8);
        bool used = (word >> (order.nonce & 0xff)) & 1 == 1;
        _expect(used == _spent[order.requester][order.nonce], "PAY-4: what was refused spends no nonce");
    }

    function _tryPostSigned(Order memory order, bytes memory signature) private returns (bool posted) {
        try _world.market.postSigned(order, signature) {
            posted = true;
        } catch {}
    }

    function _sign(Order memory order, uint256 key) private view returns (bytes memory) {
        bytes32 digest = _world.market.orderDigest(_world.market.hashOrder(order));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    // Assignment

    function _bid(uint256 number, address provider, uint96 price) internal counted("bid") {
        Order memory order = orderOf(number);
        vm.prank(provider);
        _world.matchmaker.bid(_world.market, order, price);
    }

    function _assign(uint256 number) internal counted("assign") {
        _world.market.assign(orderOf(number));
        _arrive(number, JobState.Assigned);
    }

    /// @dev The winner gets its own bid, or what it asks when the job came from the pool.
    function _award(uint256 number, uint256 closingEpoch) internal {
        Order memory order = orderOf(number);
        _world.market.award(order, closingEpoch);
        _arrive(number, JobState.Assigned);

        Job memory job = jobOf(number);
        IMatchmaker.Bid[] memory bids = _world.matchmaker.bidsOf(address(_world.market), _ids[number]);
        for (uint256 i = 0; i < bids.length; ++i) {
            if (bids[i].provider != job.provider || bids[i].price != job.price) continue;
            _count("award, to a bidder");
            return;
        }
        bytes32 pool = _world.registry.poolOf(order.modelVersion, order.paymentToken);
        (bool offered, uint96 ask) = _world.registry.askOf(job.provider, pool, _drawnIn(closingEpoch + 3));
        _expect(offered && ask == job.price, "an award at neither bid nor ask");
        _count("award, from the pool");
    }

    /// @dev The first of two epochs whose seed may draw.
    function _drawnIn(uint256 epoch) private view returns (uint256) {
        (, bool drawable) = _world.beacon.drawSeed(epoch);
        return drawable ? epoch : epoch + 1;
    }

    function _accept(uint256 number) internal counted("accept") {
        Order memory order = orderOf(number);
        vm.prank(order.provider);
        _world.market.accept(order);
        _arrive(number, JobState.Assigned);
    }

    /// @dev The provider's stake is whole and free again.
    function _decline(uint256 number) internal {
        Order memory order = orderOf(number);
        address provider = jobOf(number).provider;
        address service = address(_world.registry);
        uint256 stake = _world.vault.provisionOf(provider, service).tokens;
        vm.prank(provider);
        _world.market.decline(order);
        _expect(_world.vault.provisionOf(provider, service).tokens == stake, "SLA-4: declining was slashed");
        JobState state = jobOf(number).state;
        _arrive(number, state);
        _count(state == JobState.Posted ? bytes32("decline, drawn again") : bytes32("decline, refunded"));
    }

    // Results

    function _commit(uint256 number, bytes32 output) internal {
        Order memory order = orderOf(number);
        vm.prank(jobOf(number).provider);
        _world.market.commit(order, output, keccak256(abi.encode(output)));
        bool proven = order.tier == Tier.Zk;
        _arrive(number, proven ? JobState.Committed : JobState.Challengeable);
        _count(proven ? bytes32("commit, to be proved") : bytes32("commit, bonded"));
    }

    /// @dev A proof ends the job: it must pay exactly what the rates say.
    function _prove(uint256 number) internal counted("prove") {
        Order memory order = orderOf(number);
        Job memory job = jobOf(number);
        try _world.market.prove(order, _proof) {
            _expect(false, "PRF-1: a proof of nothing was accepted");
        } catch {}
        _makeProvable(order, job.provider, job.outputCommitment);
        Purses memory before = _pursesFor(order, job.provider);
        _world.market.prove(order, _proof);
        _arrive(number, JobState.Settled);
        _expectPaid(order, job.provider, job.price, job.protocolFeePpm, before);
    }

    function _settle(uint256 number) internal counted("settle") {
        Order memory order = orderOf(number);
        Job memory job = jobOf(number);
        Purses memory before = _pursesFor(order, job.provider);
        _world.market.settle(order);
        _arrive(number, JobState.Settled);
        _expectPaid(order, job.provider, job.price, job.protocolFeePpm, before);
    }

    /// @dev The whole of a job in one call, at the order's price and the fee of now.
    function _deliver(uint256 number, bytes32 output) internal counted("deliver") {
        Order memory order = orderOf(number);
        _makeProvable(order, order.provider, output);
        Purses memory before = _pursesFor(order, order.provider);
        vm.prank(order.provider);
        _world.market.deliver(order, output, keccak256(abi.encode(output)), _proof);
        _arrive(number, JobState.Settled);
        uint256 feePpm = _world.parameters.orderRules(order.tier).protocolFeePpm;
        _expectPaid(order, order.provider, order.maxPrice, feePpm, before);
    }

    function _makeProvable(Order memory order, address provider, bytes32 output) private {
        bytes32 orderHash = _world.market.hashOrder(order);
        uint256 context = _world.market.proofContext(orderHash, provider, order.modelVersion);
        uint256 model = order.modelVersion == _world.modelVersions[0] ? 0 : 1;
        _world.verifiers[model].accept(_proof, [context, uint256(order.inputCommitment), uint256(output)]);
    }

    // Exits

    /// @dev The same three outcomes as the market's, told apart by the state, the slash and the stake.
    function _timeOut(uint256 number, address reporter) internal {
        Order memory order = orderOf(number);
        address provider = jobOf(number).provider;
        address payout = _world.registry.payoutOf(provider);
        uint256 stake = _world.vault.provisionOf(provider, address(_world.registry)).tokens;
        uint256 own = _world.lat.balanceOf(provider) + _world.lat.balanceOf(payout);

        vm.prank(reporter);
        _world.market.timeOut(order);

        uint256 slashed = stake - _world.vault.provisionOf(provider, address(_world.registry)).tokens;
        uint256 ownLater = _world.lat.balanceOf(provider) + _world.lat.balanceOf(payout);
        _expect(ownLater == own, "SLA-3: the slashed provider's own addresses gained");
        JobState state = jobOf(number).state;
        if (slashed == 0) {
            _expect(state == JobState.Refunded, "a time-out without a slash refunds");
            _count("timeOut, nobody slashed");
        } else {
            _expect(slashed == order.collateral, "SLA-1: a slash takes the order's collateral");
            _count(state == JobState.Posted ? bytes32("timeOut, drawn again") : bytes32("timeOut, refunded"));
        }
        _arrive(number, state);
    }

    function _refund(uint256 number) internal counted("refund") {
        _refundWith(number, false);
    }

    function _cancel(uint256 number) internal counted("cancel") {
        _refundWith(number, true);
    }

    /// @dev To whoever paid: the requester or its sponsor.
    function _refundWith(uint256 number, bool cancels) private {
        Order memory order = orderOf(number);
        address payer = _payerOf(order);
        uint256 before = _world.escrow.accountOf(payer, order.paymentToken).deposit;
        if (cancels) {
            vm.prank(order.requester);
            _world.market.cancel(order);
        } else {
            _world.market.refund(order);
        }
        uint256 later = _world.escrow.accountOf(payer, order.paymentToken).deposit;
        _expect(later - before == order.maxPrice, "a refund returns the whole maximum to the payer");
        _arrive(number, JobState.Refunded);
    }

    // Auctions

    /// @dev True until an auction is awarded for the first time.
    function _isAuctionOpen(uint256 number, Job memory job) internal view returns (bool) {
        return _orders[number].mode == AssignmentMode.Auction && job.attempt == 0;
    }

    function _biddingClosesAt(uint256 number, Job memory job) internal view returns (uint256) {
        return job.deadline - _orders[number].assignSeconds;
    }

    /// @dev The epoch that was current when bidding closed.
    function _closingEpoch(uint256 closesAt) internal view returns (uint256 epoch) {
        epoch = _world.beacon.currentEpoch();
        while (_world.beacon.epochInfo(epoch).startedAt >= closesAt) --epoch;
    }
}
