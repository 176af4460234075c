// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {Order} from "../types/Order.sol";

/// @title DrawRetrier: keeps a draw only when its favourite wins, and undoes it otherwise
/// @dev What any contract can do with a draw: simulate it, look at the winner, and try again from another address, with
/// other gas, in another block.
contract DrawRetrier {
    /// @notice The draw went to `winner`, not to the favourite, and was undone.
    event DrawUndone(address indexed winner);
    /// @notice The call failed before there was a winner.
    event DrawFailed(bytes reason);

    /// @notice Undoes a draw that another won.
    error DrawRetrierOtherWinner(address winner);

    /// @notice Draws the job once for each gas allowance, until `favourite` wins.
    function retryAssign(
        IJobMarket market,
        Order calldata order,
        address favourite,
        uint256[] calldata allowances
    ) external {
        for (uint256 i = 0; i < allowances.length; ++i) {
            try this.assignTo{gas: allowances[i]}(market, order, favourite) {
                return;
            } catch (bytes memory reason) {
                _report(reason);
            }
        }
    }

    /// @notice Awards the auction once for each closing epoch, until `favourite` wins.
    function retryAward(
        IJobMarket market,
        Order calldata order,
        address favourite,
        uint256[] calldata closingEpochs
    ) external {
        for (uint256 i = 0; i < closingEpochs.length; ++i) {
            try this.awardTo(market, order, favourite, closingEpochs[i]) {
                return;
            } catch (bytes memory reason) {
                _report(reason);
            }
        }
    }

    /// @notice Draws the job, unless another than `favourite` wins.
    function assignTo(IJobMarket market, Order calldata order, address favourite) external {
        market.assign(order);
        _keepFor(market, order, favourite);
    }

    /// @notice Awards the auction, unless another than `favourite` wins.
    function awardTo(IJobMarket market, Order calldata order, address favourite, uint256 closingEpoch) external {
        market.award(order, closingEpoch);
        _keepFor(market, order, favourite);
    }

    /// @notice Posts an order of its own and draws it at once, unless another than `favourite` wins.
    function postAndAssign(IJobMarket market, Order calldata order, address favourite) external {
        market.post(order);
        market.assign(order);
        _keepFor(market, order, favourite);
    }

    /// @notice Lets `market` lock this contract's deposit.
    function allow(IPaymentEscrow escrow, address market) external {
        escrow.setMarket(market, true);
    }

    function _keepFor(IJobMarket market, Order calldata order, address favourite) private view {
        address winner = market.jobOf(uint256(market.hashOrder(order))).provider;
        if (winner != favourite) revert DrawRetrierOtherWinner(winner);
    }

    function _report(bytes memory reason) private {
        if (reason.length == 36 && bytes4(reason) == DrawRetrierOtherWinner.selector) {
            address winner;
            assembly ("memory-safe") {
                winner := mload(add(reason, 0x24))
            }
            emit DrawUndone(winner);
        } else {
            emit DrawFailed(reason);
        }
    }
}
