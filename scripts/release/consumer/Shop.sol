// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IJobMarket} from "@lattice/contracts/contracts/interfaces/IJobMarket.sol";
import {IStakeService} from "@lattice/contracts/contracts/interfaces/IStakeService.sol";
import {LatticeToken} from "@lattice/contracts/contracts/token/LatticeToken.sol";
import {AssignmentMode, Order, Tier} from "@lattice/contracts/contracts/types/Order.sol";

/// @notice What a contract that buys inferences looks like: the packed sources must be enough for it.
contract Shop is IStakeService {
    error ShopTierNotProven(Tier tier);

    IJobMarket public immutable MARKET;
    LatticeToken public immutable TOKEN;

    constructor(IJobMarket market, LatticeToken token) {
        MARKET = market;
        TOKEN = token;
    }

    function buy(Order calldata order) external returns (uint256 jobId) {
        if (order.tier != Tier.Zk || order.mode != AssignmentMode.Draw) revert ShopTierNotProven(order.tier);
        return MARKET.post(order);
    }

    function onProvisionChanged(address) external override {}
}
