// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IDelegationPayout} from "../interfaces/IDelegationPayout.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {IProviderDelegation} from "../interfaces/IProviderDelegation.sol";
import {IStakeVault} from "../interfaces/IStakeVault.sol";

/// @title DelegationPayout: shares one provider's earnings with its delegators
/// @notice See IDelegationPayout. Each provider with delegators has a clone of this contract.
/// @dev No owner, no role, no upgrade. A clone carries its registry and provider in its code, so nothing is to be
/// initialised; this contract itself has neither and can do nothing. Each token is accounted apart, and what is owed
/// is reserved until it has been sent, so a token that re-enters finds nothing to distribute.
contract DelegationPayout is IDelegationPayout {
    using SafeERC20 for IERC20;

    uint256 private constant PPM = 1_000_000;

    /// @notice Where earnings are paid.
    IPaymentEscrow public immutable ESCROW;
    /// @notice Where the stakes are.
    IStakeVault public immutable VAULT;
    /// @notice The token whose earnings go into the pool.
    IERC20 public immutable LAT;

    /// @param amount For all shares of `generation` that were held at the end of second `at`.
    /// @param shares How many these are.
    struct Distribution {
        uint128 amount;
        uint48 at;
        uint32 generation;
        uint128 shares;
    }

    mapping(address token => Distribution[]) private _distributions;
    mapping(address token => uint256) private _reserved;
    mapping(address delegator => mapping(address token => uint256)) private _nextClaim;

    /// @inheritdoc IDelegationPayout
    mapping(address token => uint256) public owedToProvider;

    constructor(IPaymentEscrow escrow, IStakeVault vault, IERC20 lat) {
        ESCROW = escrow;
        VAULT = vault;
        LAT = lat;
    }

    // Anyone

    /// @inheritdoc IDelegationPayout
    function distribute(address token) external returns (uint256 toPool) {
        uint128 earned = ESCROW.accountOf(address(this), token).earnings;
        if (earned > 0) ESCROW.withdrawEarnings(token, address(this), earned);
        uint256 amount = _unreserved(token);
        if (amount == 0) revert DelegationPayoutNothingToDistribute(token);

        (address service, address account) = _identity();
        toPool = _poolPart(service, account, amount);
        bool pooled = token == address(LAT);
        if (toPool > 0 && !pooled) toPool = _assign(token, service, account, toPool);
        _reserved[token] += amount;
        owedToProvider[token] += amount - toPool;
        emit EarningsDistributed(token, amount, toPool);

        if (toPool > 0 && pooled) {
            _reserved[token] -= toPool;
            LAT.forceApprove(address(VAULT), toPool);
            // LAT's supply fits 96 bits.
            VAULT.addRewards(account, service, uint96(toPool));
        }
        _payProvider(token, IProviderDelegation(service).ownPayoutOf(account));
    }

    // Delegators

    /// @inheritdoc IDelegationPayout
    function claim(address token, uint256 from, uint256 count) external returns (uint256 amount) {
        uint256 first;
        uint256 next;
        (first, next, amount) = _claimOf(msg.sender, token, from, count);
        if (next <= first) revert DelegationPayoutNothingToClaim(msg.sender, token, first);
        _nextClaim[msg.sender][token] = next;
        emit DelegatorPaid(msg.sender, token, amount, next);
        if (amount == 0) return 0;
        // Reserved until it has been sent; the claim itself cannot be made twice.
        IERC20(token).safeTransfer(msg.sender, amount);
        _reserved[token] -= amount;
    }

    // Views

    /// @inheritdoc IDelegationPayout
    function claimable(
        address delegator,
        address token,
        uint256 from,
        uint256 count
    ) external view returns (uint256 amount) {
        (, , amount) = _claimOf(delegator, token, from, count);
    }

    /// @inheritdoc IDelegationPayout
    function distributionCount(address token) external view returns (uint256) {
        return _distributions[token].length;
    }

    /// @inheritdoc IDelegationPayout
    function nextClaimOf(address delegator, address token) external view returns (uint256) {
        return _nextClaim[delegator][token];
    }

    /// @inheritdoc IDelegationPayout
    function earner() external view returns (address account) {
        (, account) = _identity();
    }

    /// @inheritdoc IDelegationPayout
    function registry() external view returns (address service) {
        (service, ) = _identity();
    }

    // Internals

    /// @dev What delegators get: of what the cut leaves, their part of all stake. Rounded in the provider's favour by
    /// less than one unit.
    function _poolPart(address service, address account, uint256 amount) private view returns (uint256) {
        uint256 pooled = VAULT.delegationPoolOf(account, service).tokens;
        if (pooled == 0) return 0;
        uint256 own = VAULT.provisionOf(account, service).tokens;
        uint256 cut = (amount * IProviderDelegation(service).delegationCutOf(account)) / PPM;
        return ((amount - cut) * pooled) / (own + pooled);
    }

    /// @dev Notes down `amount` for whoever held shares in the last second before this one: that holding is history,
    /// which no call of this second can change. Without any such holder nothing is noted.
    /// @return assigned `amount` or zero.
    function _assign(
        address token,
        address service,
        address account,
        uint256 amount
    ) private returns (uint256 assigned) {
        uint32 generation = VAULT.delegationPoolOf(account, service).generation;
        uint256 at = block.timestamp - 1;
        uint256 shares = VAULT.totalSharesAt(account, service, generation, at);
        if (shares == 0) return 0;
        _distributions[token].push(
            Distribution({
                // Escrow counts in 128 bits; the vault's shares fit as many.
                amount: uint128(amount),
                at: uint48(at),
                generation: generation,
                shares: uint128(shares)
            })
        );
        return amount;
    }

    /// @dev Sends the provider its part. A payout that cannot receive it must not hold up the delegators'.
    function _payProvider(address token, address payout) private {
        uint256 owed = owedToProvider[token];
        if (owed == 0) return;
        owedToProvider[token] = 0;
        if (IERC20(token).trySafeTransfer(payout, owed)) {
            _reserved[token] -= owed;
            return;
        }
        owedToProvider[token] += owed;
        emit ProviderPartKept(token, payout, owed);
    }

    function _claimOf(
        address delegator,
        address token,
        uint256 from,
        uint256 count
    ) private view returns (uint256 first, uint256 next, uint256 amount) {
        (address service, address account) = _identity();
        Distribution[] storage distributions = _distributions[token];
        uint256 length = distributions.length;
        first = _nextClaim[delegator][token];
        if (from > first) first = from;
        next = first;
        while (next < length && next - first < count) {
            Distribution memory distribution = distributions[next++];
            uint256 held = VAULT.sharesAt(delegator, account, service, distribution.generation, distribution.at);
            amount += (distribution.amount * held) / distribution.shares;
        }
    }

    /// @dev What is here and owed to nobody yet.
    function _unreserved(address token) private view returns (uint256) {
        uint256 balance = IERC20(token).balanceOf(address(this));
        uint256 reserved = _reserved[token];
        return balance > reserved ? balance - reserved : 0;
    }

    function _identity() private view returns (address service, address account) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (address, address));
    }
}
