// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IFeeTreasury} from "../interfaces/IFeeTreasury.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";

/// @title FeeTreasury: protocol fees in, governed spending out
/// @notice Fees are earned in the escrow like anyone's, and collected by anyone.
/// @dev Holds its own funds only and cannot reach those of others. Tokens sent to it directly are not accounted and
/// cannot be spent, so a donation never blurs what was earned.
contract FeeTreasury is IFeeTreasury, AccessManaged {
    using SafeERC20 for IERC20;

    /// @notice Where fees are earned.
    IPaymentEscrow public immutable ESCROW;

    mapping(address token => uint256) private _available;

    constructor(address accessManager, IPaymentEscrow escrow) AccessManaged(accessManager) {
        ESCROW = escrow;
    }

    /// @inheritdoc IFeeTreasury
    function collect(address token) external returns (uint256 amount) {
        uint128 earnings = ESCROW.accountOf(address(this), token).earnings;
        if (earnings == 0) revert FeeTreasuryNothingToCollect(token);
        // What arrives is measured: a token may have started to charge for transfers since it was deposited.
        uint256 balanceBefore = IERC20(token).balanceOf(address(this));
        ESCROW.withdrawEarnings(token, address(this), earnings);
        uint256 received = IERC20(token).balanceOf(address(this)) - balanceBefore;
        // No more than was earned: what a token sends, or collects again, in the middle would else be counted too.
        amount = received < earnings ? received : earnings;
        _available[token] += amount;
        emit TreasuryCollected(token, amount);
    }

    /// @inheritdoc IFeeTreasury
    function spend(address token, address to, uint256 amount) external restricted {
        if (to == address(0)) revert FeeTreasuryZeroRecipient();
        uint256 funds = _available[token];
        if (amount > funds) revert FeeTreasuryInsufficientFunds(token, funds, amount);
        _available[token] = funds - amount;
        emit TreasurySpent(token, to, amount);
        IERC20(token).safeTransfer(to, amount);
    }

    /// @inheritdoc IFeeTreasury
    function available(address token) external view returns (uint256) {
        return _available[token];
    }
}
