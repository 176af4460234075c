// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {IProtocolParameters} from "../interfaces/IProtocolParameters.sol";
import {Parameter} from "../types/Parameter.sol";

/// @title PaymentEscrow: custody of payment tokens
/// @notice Funds move between accounts by the legs of a market that the owner allowed, and leave only by their
/// owner's own call.
/// @dev No owner, no role, no pause, no upgrade. Each token is accounted apart: one that changes balances by itself
/// after a deposit harms its own depositors only. A token that re-enters during a transfer finds all accounts final,
/// and a deposit must raise the balance by exactly its amount, so nothing it does inside can be counted twice.
contract PaymentEscrow is IPaymentEscrow {
    using SafeERC20 for IERC20;

    /// @notice Where the thaw's length comes from.
    IProtocolParameters public immutable PARAMETERS;

    /// @dev Token and market come first: what serves many owners at once derives their place once.
    mapping(address token => mapping(address owner => Account)) private _accounts;
    mapping(address market => mapping(address token => uint256)) private _lockedBy;
    mapping(address market => mapping(address owner => bool)) private _isMarketAllowed;

    constructor(IProtocolParameters parameters) {
        PARAMETERS = parameters;
    }

    // Owners of funds

    /// @inheritdoc IPaymentEscrow
    function deposit(address token, address owner, uint256 amount) external {
        _deposit(token, owner, amount);
    }

    /// @inheritdoc IPaymentEscrow
    function depositWithPermit(
        address token,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        // Anyone who sees the permit can use it up first. The allowance is then there all the same, and when it is not,
        // the transfer says so.
        try IERC20Permit(token).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        _deposit(token, msg.sender, amount);
    }

    /// @inheritdoc IPaymentEscrow
    function setMarket(address market, bool allowed) external {
        _isMarketAllowed[market][msg.sender] = allowed;
        emit EscrowMarketSet(msg.sender, market, allowed);
    }

    /// @inheritdoc IPaymentEscrow
    function thaw(address token, uint128 amount) external {
        if (amount == 0) revert PaymentEscrowZeroAmount();
        Account storage account = _accounts[token][msg.sender];
        _takeDeposit(account, msg.sender, token, amount);
        uint256 until = block.timestamp + PARAMETERS.get(Parameter.EscrowThawSeconds);
        account.thawing = _add(account.thawing, amount);
        // Unix seconds plus at most 7 days.
        account.thawingUntil = uint64(until);
        emit EscrowThawStarted(msg.sender, token, amount, until);
    }

    /// @inheritdoc IPaymentEscrow
    function cancelThaw(address token, uint128 amount) external {
        if (amount == 0) revert PaymentEscrowZeroAmount();
        Account storage account = _accounts[token][msg.sender];
        uint128 thawing = account.thawing;
        if (amount > thawing) revert PaymentEscrowInsufficientThawing(msg.sender, token, thawing, amount);
        account.thawing = thawing - amount;
        if (amount == thawing) account.thawingUntil = 0;
        account.deposit = _add(account.deposit, amount);
        emit EscrowThawCancelled(msg.sender, token, amount);
    }

    /// @inheritdoc IPaymentEscrow
    function withdraw(address token, address to) external returns (uint256 amount) {
        if (to == address(0)) revert PaymentEscrowZeroRecipient();
        Account storage account = _accounts[token][msg.sender];
        amount = account.thawing;
        if (amount == 0) revert PaymentEscrowNothingToWithdraw(msg.sender, token);
        uint256 until = account.thawingUntil;
        if (block.timestamp < until) revert PaymentEscrowStillThawing(msg.sender, token, until);
        account.thawing = 0;
        account.thawingUntil = 0;
        emit EscrowWithdrawn(msg.sender, token, to, amount);
        IERC20(token).safeTransfer(to, amount);
    }

    /// @inheritdoc IPaymentEscrow
    function withdrawEarnings(address token, address to, uint128 amount) external {
        if (to == address(0)) revert PaymentEscrowZeroRecipient();
        _takeEarnings(_accounts[token][msg.sender], token, amount);
        emit EscrowWithdrawn(msg.sender, token, to, amount);
        IERC20(token).safeTransfer(to, amount);
    }

    /// @inheritdoc IPaymentEscrow
    function redepositEarnings(address token, uint128 amount) external {
        Account storage account = _accounts[token][msg.sender];
        _takeEarnings(account, token, amount);
        account.deposit = _add(account.deposit, amount);
        emit EscrowDeposited(msg.sender, token, msg.sender, amount);
    }

    // Markets

    /// @inheritdoc IPaymentEscrow
    function lock(address token, address owner, uint128 amount) external {
        if (!_isMarketAllowed[msg.sender][owner]) revert PaymentEscrowMarketNotAllowed(owner, msg.sender);
        if (amount == 0) revert PaymentEscrowZeroAmount();
        _takeDeposit(_accounts[token][owner], owner, token, amount);
        _lockedBy[msg.sender][token] += amount;
        emit EscrowLocked(msg.sender, owner, token, amount);
    }

    /// @inheritdoc IPaymentEscrow
    function lockUnits(
        address token,
        uint128 unit,
        uint256[] calldata locks
    ) external returns (uint256[] memory missing) {
        if (unit == 0) revert PaymentEscrowZeroAmount();
        mapping(address owner => bool) storage isAllowed = _isMarketAllowed[msg.sender];
        mapping(address owner => Account) storage accounts = _accounts[token];
        uint256 total;
        for (uint256 i = 0; i < locks.length; ++i) {
            uint256 entry = locks[i];
            address owner = address(uint160(entry >> 96));
            uint256 most = uint96(entry);
            uint256 units = isAllowed[owner] ? _takeUnits(accounts[owner], unit, most) : 0;
            total += units;
            if (units == most) continue;
            if (missing.length == 0) missing = new uint256[](locks.length);
            missing[i] = most - units;
        }
        if (total == 0) return missing;
        _lockedBy[msg.sender][token] += total * unit;
        emit EscrowUnitsLocked(msg.sender, token, unit, locks, missing);
    }

    /// @inheritdoc IPaymentEscrow
    function pay(address token, Leg[] calldata legs) external {
        uint256 total;
        // Amounts have 128 bits: no calldata holds so many that their sum overflows.
        unchecked {
            for (uint256 i = 0; i < legs.length; ++i) total += legs[i].amount;
        }
        uint256 locked = _lockedBy[msg.sender][token];
        if (total > locked) revert PaymentEscrowInsufficientLocked(msg.sender, token, locked, total);
        _lockedBy[msg.sender][token] = locked - total;

        for (uint256 i = 0; i < legs.length; ++i) {
            Leg calldata leg = legs[i];
            if (leg.amount == 0) continue;
            if (leg.recipient == address(0)) revert PaymentEscrowZeroRecipient();
            Account storage account = _accounts[token][leg.recipient];
            if (leg.toDeposit) account.deposit = _add(account.deposit, leg.amount);
            else account.earnings = _add(account.earnings, leg.amount);
        }
        emit EscrowPaid(msg.sender, token, legs);
    }

    // Views

    /// @inheritdoc IPaymentEscrow
    function accountOf(address owner, address token) external view returns (Account memory) {
        return _accounts[token][owner];
    }

    /// @inheritdoc IPaymentEscrow
    function spendable(address owner, address market, address token) public view returns (uint256) {
        return _isMarketAllowed[market][owner] ? _accounts[token][owner].deposit : 0;
    }

    /// @inheritdoc IPaymentEscrow
    function lockedBy(address market, address token) external view returns (uint256) {
        return _lockedBy[market][token];
    }

    /// @inheritdoc IPaymentEscrow
    function isMarketAllowed(address owner, address market) external view returns (bool) {
        return _isMarketAllowed[market][owner];
    }

    // Internals

    function _deposit(address token, address owner, uint256 amount) private {
        if (amount == 0) revert PaymentEscrowZeroAmount();
        if (owner == address(0)) revert PaymentEscrowZeroRecipient();
        if (amount > type(uint128).max) revert PaymentEscrowAmountTooLarge(amount);
        Account storage account = _accounts[token][owner];
        // Fits: checked above.
        account.deposit = _add(account.deposit, uint128(amount));
        emit EscrowDeposited(owner, token, msg.sender, amount);

        uint256 balanceBefore = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        uint256 balanceAfter = IERC20(token).balanceOf(address(this));
        uint256 received = balanceAfter > balanceBefore ? balanceAfter - balanceBefore : 0;
        if (received != amount) revert PaymentEscrowTransferMismatch(token, amount, received);
    }

    function _takeDeposit(Account storage account, address owner, address token, uint128 amount) private {
        uint128 available = account.deposit;
        if (amount > available) revert PaymentEscrowInsufficientDeposit(owner, token, available, amount);
        account.deposit = available - amount;
    }

    function _takeUnits(Account storage account, uint256 unit, uint256 most) private returns (uint256 units) {
        uint256 available = account.deposit;
        // The product of 128 and 96 bits fits, and is at most the deposit once it is taken.
        unchecked {
            units = most * unit <= available ? most : available / unit;
            account.deposit = uint128(available - units * unit);
        }
    }

    function _takeEarnings(Account storage account, address token, uint128 amount) private {
        if (amount == 0) revert PaymentEscrowZeroAmount();
        uint128 available = account.earnings;
        if (amount > available) revert PaymentEscrowInsufficientEarnings(msg.sender, token, available, amount);
        account.earnings = available - amount;
    }

    /// @dev Only a token whose supply passes 128 bits can get here; its own accounts stop then, no others.
    function _add(uint128 left, uint128 right) private pure returns (uint128) {
        uint256 sum = uint256(left) + right;
        if (sum > type(uint128).max) revert PaymentEscrowAmountTooLarge(sum);
        return uint128(sum);
    }
}
