// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {ILatticeToken} from "../interfaces/ILatticeToken.sol";
import {IProtocolParameters} from "../interfaces/IProtocolParameters.sol";
import {IStakeDelegation} from "../interfaces/IStakeDelegation.sol";
import {Parameter} from "../types/Parameter.sol";
import {Delegation, DelegationPool} from "../types/Stake.sol";

/// @title DelegationPools: stake of providers and of those who delegate to them
/// @notice The half of the stake vault that delegators use. See IStakeDelegation.
/// @dev A pool ends in two ways, and a new one begins clean: the last redemption hands what roundings left to the
/// provider, and a slash that takes the last LAT voids all shares.
abstract contract DelegationPools is IStakeDelegation {
    using Checkpoints for Checkpoints.Trace208;
    using SafeERC20 for ILatticeToken;

    /// @notice Delegated LAT that counts for each LAT of the provider's own.
    uint256 public constant DELEGATION_RATIO = 4;
    /// @notice Least LAT (wei) of one delegation.
    uint96 public constant MIN_DELEGATION = 1 ether;

    /// @dev Shares that nobody holds, worth 10^-6 wei each at first. Whoever inflates the price of shares pays the most
    /// to these, and an empty pool starts with a million shares a wei, so that later ones round to little.
    uint256 private constant VIRTUAL_SHARES = 1e6;

    /// @dev Fewer shares would lose more than a millionth of a delegation to rounding.
    uint256 private constant MIN_SHARES = 1e6;

    /// @notice The staked token.
    ILatticeToken public immutable LAT;
    /// @notice Where the thaw's length comes from.
    IProtocolParameters public immutable PARAMETERS;

    /// @param hasPool True exactly when `shares` is not zero. It lies in the first slot, so that a lock on a provider
    /// without delegators reads no other.
    /// @param pooled LAT of the pool.
    struct Stake {
        uint96 tokens;
        uint96 exposure;
        uint56 thawingUntil;
        bool hasPool;
        uint96 thawing;
        uint96 pooled;
        uint32 generation;
        bool open;
        uint128 shares;
        uint128 thawingShares;
    }

    struct Holding {
        uint128 thawing;
        uint64 thawingUntil;
        Checkpoints.Trace208 shares;
    }

    /// @dev Shares by Unix second, for what is shared out by past holdings.
    struct Book {
        Checkpoints.Trace208 total;
        mapping(address delegator => Holding) holdings;
    }

    mapping(address provider => mapping(address service => Stake)) internal _stakes;
    mapping(address provider => mapping(address service => mapping(uint256 generation => Book))) private _books;

    constructor(ILatticeToken lat, IProtocolParameters parameters) {
        LAT = lat;
        PARAMETERS = parameters;
    }

    // Delegators

    /// @inheritdoc IStakeDelegation
    function delegate(address provider, address service, uint96 amount) external returns (uint256 shares) {
        if (amount < MIN_DELEGATION) revert StakeVaultDelegationTooSmall(amount, MIN_DELEGATION);
        Stake storage stake = _stakes[provider][service];
        if (!stake.open) revert StakeVaultDelegationClosed(provider, service);
        uint256 pooled = uint256(stake.pooled) + amount;
        uint256 cap = DELEGATION_RATIO * _unthawed(stake);
        if (pooled > cap) revert StakeVaultDelegationAboveCap(provider, service, cap, pooled);
        shares = Math.mulDiv(amount, stake.shares + VIRTUAL_SHARES, uint256(stake.pooled) + 1);
        uint256 total = stake.shares + shares;
        if (shares < MIN_SHARES || total > type(uint128).max) revert StakeVaultUnfairPrice(provider, service, amount);

        // Both fit: LAT's supply does, and the sum was checked.
        stake.pooled = uint96(pooled);
        stake.shares = uint128(total);
        stake.hasPool = true;
        Book storage book = _book(provider, service, stake.generation);
        Checkpoints.Trace208 storage held = book.holdings[msg.sender].shares;
        _record(book.total, total);
        _record(held, held.latest() + shares);
        emit StakeDelegated(msg.sender, provider, service, amount, shares);
        LAT.safeTransferFrom(msg.sender, address(this), amount);
        _notify(provider, service);
    }

    /// @inheritdoc IStakeDelegation
    function undelegate(address provider, address service, uint128 shares) external {
        Stake storage stake = _stakes[provider][service];
        Holding storage holding = _book(provider, service, stake.generation).holdings[msg.sender];
        uint256 available = holding.shares.latest() - holding.thawing;
        if (shares == 0 || shares > available) {
            revert StakeVaultInsufficientShares(msg.sender, provider, service, available, shares);
        }
        uint256 until = block.timestamp + PARAMETERS.get(Parameter.StakeThawSeconds);
        holding.thawing += shares;
        // Unix seconds plus at most 60 days.
        holding.thawingUntil = uint64(until);
        stake.thawingShares += shares;
        emit UndelegationStarted(msg.sender, provider, service, shares, until);
        _notify(provider, service);
    }

    /// @inheritdoc IStakeDelegation
    function withdrawDelegated(address provider, address service) external returns (uint256 amount) {
        Stake storage stake = _stakes[provider][service];
        Holding storage holding = _book(provider, service, stake.generation).holdings[msg.sender];
        uint256 until = holding.thawingUntil;
        if (block.timestamp < until) revert StakeVaultDelegationThawing(msg.sender, provider, service, until);
        uint256 shares = holding.thawing;
        amount = _toTokens(stake, shares);
        // A slash may have left open jobs backed by thawing shares only; that part stays until they close.
        uint256 unexposed = _unexposed(stake);
        if (amount > unexposed) {
            amount = unexposed;
            shares = _toShares(stake, amount);
        }
        // Shares worth less than a wei go all the same: they must not keep a pool from emptying.
        if (shares == 0) revert StakeVaultNoDelegation(msg.sender, provider, service);

        _redeem(stake, provider, service, shares, amount);
        emit DelegationWithdrawn(msg.sender, provider, service, amount, shares);
        LAT.safeTransfer(msg.sender, amount);
        _notify(provider, service);
    }

    // Anyone

    /// @inheritdoc IStakeDelegation
    function addRewards(address provider, address service, uint96 amount) external {
        Stake storage stake = _stakes[provider][service];
        if (!stake.hasPool) revert StakeVaultNoDelegators(provider, service);
        stake.pooled += amount;
        emit DelegationRewarded(msg.sender, provider, service, amount);
        LAT.safeTransferFrom(msg.sender, address(this), amount);
    }

    // Services

    /// @inheritdoc IStakeDelegation
    function setDelegationOpen(address provider, bool open) external {
        _stakes[provider][msg.sender].open = open;
        emit DelegationOpenSet(provider, msg.sender, open);
    }

    // Views

    /// @inheritdoc IStakeDelegation
    function delegationPoolOf(address provider, address service) external view returns (DelegationPool memory) {
        Stake storage stake = _stakes[provider][service];
        return
            DelegationPool({
                tokens: stake.pooled,
                shares: stake.shares,
                thawingShares: stake.thawingShares,
                generation: stake.generation,
                open: stake.open
            });
    }

    /// @inheritdoc IStakeDelegation
    function delegationOf(
        address delegator,
        address provider,
        address service
    ) external view returns (Delegation memory) {
        Book storage book = _book(provider, service, _stakes[provider][service].generation);
        Holding storage holding = book.holdings[delegator];
        return
            Delegation({
                // Shares are never recorded above 128 bits.
                shares: uint128(holding.shares.latest()),
                thawing: holding.thawing,
                thawingUntil: holding.thawingUntil
            });
    }

    /// @inheritdoc IStakeDelegation
    function delegatedTokens(address provider, address service, uint256 shares) external view returns (uint256) {
        return _toTokens(_stakes[provider][service], shares);
    }

    /// @inheritdoc IStakeDelegation
    function sharesAt(
        address delegator,
        address provider,
        address service,
        uint256 generation,
        uint256 timestamp
    ) external view returns (uint256) {
        Book storage book = _book(provider, service, generation);
        return book.holdings[delegator].shares.upperLookupRecent(uint48(Math.min(timestamp, type(uint48).max)));
    }

    /// @inheritdoc IStakeDelegation
    function totalSharesAt(
        address provider,
        address service,
        uint256 generation,
        uint256 timestamp
    ) external view returns (uint256) {
        Book storage book = _book(provider, service, generation);
        return book.total.upperLookupRecent(uint48(Math.min(timestamp, type(uint48).max)));
    }

    /// @inheritdoc IStakeDelegation
    function activeStake(address provider, address service) external view returns (uint256 own, uint256 delegated) {
        Stake storage stake = _stakes[provider][service];
        own = _unthawed(stake);
        delegated = Math.min(_unthawedPool(stake), DELEGATION_RATIO * own);
    }

    // Internals

    /// @dev Tells the service of the change. Comes last: the service may re-enter.
    function _notify(address provider, address service) internal virtual;

    /// @dev Own stake that does not thaw. While `thawingUntil` is zero nothing does, and the second slot need not be
    /// read, which every lock profits from.
    function _unthawed(Stake storage stake) internal view returns (uint256) {
        return stake.thawingUntil == 0 ? stake.tokens : stake.tokens - stake.thawing;
    }

    /// @dev Active stake − exposure, or zero when a slash or leaving delegators made other stake back open jobs.
    function _free(Stake storage stake) internal view returns (uint256) {
        uint256 own = _unthawed(stake);
        uint256 active = own + Math.min(_unthawedPool(stake), DELEGATION_RATIO * own);
        uint256 exposure = stake.exposure;
        return active > exposure ? active - exposure : 0;
    }

    /// @dev All stake that backs no open job. Never below zero (EXP-2).
    function _unexposed(Stake storage stake) internal view returns (uint256) {
        return uint256(stake.tokens) + (stake.hasPool ? stake.pooled : 0) - stake.exposure;
    }

    /// @dev Least own stake with which `delegated` and what may count beside it still back all open jobs.
    function _ownNeeded(Stake storage stake, uint256 delegated) internal view returns (uint256) {
        uint256 exposure = stake.exposure;
        uint256 beside = exposure > delegated ? exposure - delegated : 0;
        return Math.max(beside, Math.ceilDiv(exposure, DELEGATION_RATIO + 1));
    }

    /// @dev LAT of the shares that do not thaw, rounded down.
    function _unthawedPool(Stake storage stake) internal view returns (uint256) {
        return stake.hasPool ? _toTokens(stake, stake.shares - stake.thawingShares) : 0;
    }

    /// @dev Takes `amount` from the pool. With its last LAT, all its shares are void.
    function _slashPool(Stake storage stake, address provider, address service, uint256 amount) internal {
        // At most what is there.
        uint96 left = stake.pooled - uint96(amount);
        stake.pooled = left;
        emit DelegationSlashed(provider, service, amount);
        if (left > 0) return;
        uint32 generation = stake.generation;
        stake.generation = generation + 1;
        stake.hasPool = false;
        stake.shares = 0;
        stake.thawingShares = 0;
        emit DelegationVoided(provider, service, generation);
    }

    /// @dev Takes thawed shares of the caller out of the pool, for `amount`.
    function _redeem(Stake storage stake, address provider, address service, uint256 shares, uint256 amount) private {
        Book storage book = _book(provider, service, stake.generation);
        Holding storage holding = book.holdings[msg.sender];
        // At most what thaws, which fits.
        uint128 redeemed = uint128(shares);
        uint128 thawing = holding.thawing - redeemed;
        holding.thawing = thawing;
        if (thawing == 0) holding.thawingUntil = 0;
        _record(holding.shares, holding.shares.latest() - shares);

        uint128 total = stake.shares - redeemed;
        uint96 left = stake.pooled - uint96(amount);
        stake.thawingShares -= redeemed;
        stake.shares = total;
        _record(book.total, total);
        if (total == 0) {
            stake.tokens += left;
            stake.hasPool = false;
            stake.pooled = 0;
            emit DelegationEmptied(provider, service, left);
        } else stake.pooled = left;
    }

    /// @dev Rounded down: never more than the shares' part of the pool.
    function _toTokens(Stake storage stake, uint256 shares) private view returns (uint256) {
        (uint256 tokens, uint256 perShares) = _price(stake);
        return perShares == 0 ? 0 : Math.mulDiv(shares, tokens, perShares);
    }

    /// @dev Rounded up: nobody redeems fewer shares than `amount` is worth.
    function _toShares(Stake storage stake, uint256 amount) private view returns (uint256) {
        (uint256 tokens, uint256 perShares) = _price(stake);
        return Math.mulDiv(amount, perShares, tokens, Math.Rounding.Ceil);
    }

    /// @dev What redemptions pay: the lower of the prices with and without virtual shares. Above the first price of all
    /// the former is lower, below it the latter, by less than a wei for all shares.
    function _price(Stake storage stake) private view returns (uint256 tokens, uint256 perShares) {
        (tokens, perShares) = (stake.pooled, stake.shares);
        if (perShares < tokens * VIRTUAL_SHARES) return (tokens + 1, perShares + VIRTUAL_SHARES);
    }

    function _book(address provider, address service, uint256 generation) private view returns (Book storage) {
        return _books[provider][service][generation];
    }

    function _record(Checkpoints.Trace208 storage trace, uint256 shares) private {
        // Seconds fit 48 bits for 8 900 000 years; shares never exceed 128 bits.
        trace.push(uint48(block.timestamp), uint208(shares));
    }
}
