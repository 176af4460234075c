// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IPaymentEscrow} from "../../../contracts/interfaces/IPaymentEscrow.sol";
import {PaymentEscrow} from "../../../contracts/market/PaymentEscrow.sol";
import {IProtocolParameters} from "../../../contracts/interfaces/IProtocolParameters.sol";
import {FeeTreasury} from "../../../contracts/treasury/FeeTreasury.sol";
import {FeeShares, Parameter} from "../../../contracts/types/Parameter.sol";
import {ActionLog} from "../../helpers/solidity/ActionLog.sol";
import {LatticeTest} from "../../helpers/solidity/LatticeTest.sol";

/// @title PaymentEscrowActions: three owners, two tokens, two markets, the treasury, and someone who donates
/// @dev The handler pays all deposits and receives all withdrawals, so tokens go round. It may spend from the treasury.
abstract contract PaymentEscrowActions is LatticeTest, ActionLog {
    uint256 public constant OWNERS = 3;
    uint256 public constant TOKENS = 2;
    uint256 public constant MARKETS = 2;
    uint256 private constant PAIRS = OWNERS * TOKENS;

    PaymentEscrow public immutable ESCROW;
    FeeTreasury public immutable TREASURY;

    address[] public owners;
    address[] public tokens;
    address[] public markets;

    // What should have happened, counted apart from the contracts.
    mapping(address token => uint256) public donatedToEscrow;
    mapping(address token => uint256) public donatedToTreasury;
    mapping(address token => uint256) public collected;
    mapping(address token => uint256) public spent;
    mapping(address token => uint256) public burned;
    mapping(address token => uint256) public rewarded;

    constructor(PaymentEscrow escrow, FeeTreasury treasury, address[] memory initialTokens) {
        ESCROW = escrow;
        TREASURY = treasury;
        tokens = initialTokens;
        owners = [actor("first requester"), actor("second requester"), actor("provider")];
        markets = [actor("job market"), actor("session market")];
        for (uint256 i = 0; i < OWNERS; ++i) _setMarket(owners[i], markets[0], true);
    }

    // Actions: each takes the first owner and token from `seed` on that allow it.

    function deposit(uint256 seed, uint256 amount) external {
        (bool found, address owner, address token) = _find(seed, _isFunded);
        if (found) _deposit(owner, token, bound(amount, 1, _half(IERC20(token).balanceOf(address(this)))));
    }

    function setMarket(uint256 owner, uint256 market, bool allowed) external {
        _setMarket(owners[owner % OWNERS], markets[market % MARKETS], allowed);
    }

    function thaw(uint256 seed, uint256 amount) external {
        (bool found, address owner, address token) = _find(seed, _hasDeposit);
        if (found) _thaw(owner, token, uint128(bound(amount, 1, _half(_account(owner, token).deposit))));
    }

    function cancelThaw(uint256 seed, uint256 amount) external {
        (bool found, address owner, address token) = _find(seed, _hasThawing);
        if (found) _cancelThaw(owner, token, uint128(bound(amount, 1, _account(owner, token).thawing)));
    }

    function withdraw(uint256 seed) external {
        (bool found, address owner, address token) = _find(seed, _hasThawing);
        if (!found) return;
        uint256 until = _account(owner, token).thawingUntil;
        if (present() < until) vm.warp(until);
        _withdraw(owner, token);
    }

    function withdrawEarnings(uint256 seed, uint256 amount) external {
        (bool found, address owner, address token) = _find(seed, _hasEarnings);
        if (found) _withdrawEarnings(owner, token, uint128(bound(amount, 1, _account(owner, token).earnings)));
    }

    function redepositEarnings(uint256 seed, uint256 amount) external {
        (bool found, address owner, address token) = _find(seed, _hasEarnings);
        if (found) _redepositEarnings(owner, token, uint128(bound(amount, 1, _account(owner, token).earnings)));
    }

    function lock(uint256 seed, uint256 market, uint256 amount) external {
        (bool found, address owner, address token) = _find(seed, _hasDeposit);
        address by = markets[market % MARKETS];
        if (!found || !ESCROW.isMarketAllowed(owner, by)) return;
        _lock(owner, token, by, uint128(bound(amount, 1, _account(owner, token).deposit)));
    }

    function pay(uint256 market, uint256 token, uint256 recipient, uint256 shares) external {
        for (uint256 i = 0; i < MARKETS * TOKENS; ++i) {
            address by = markets[(market % MARKETS) ^ (i % MARKETS)];
            address paid = tokens[(token % TOKENS) ^ (i / MARKETS)];
            uint256 locked = ESCROW.lockedBy(by, paid);
            if (locked == 0) continue;
            _pay(by, paid, owners[recipient % OWNERS], locked, shares);
            return;
        }
    }

    function collect(uint256 token) external {
        for (uint256 i = 0; i < TOKENS; ++i) {
            address earned = tokens[(token % TOKENS) ^ i];
            if (_account(address(TREASURY), earned).earnings > 0) return _collect(earned);
        }
    }

    function spend(uint256 token, uint256 amount) external {
        for (uint256 i = 0; i < TOKENS; ++i) {
            address held = tokens[(token % TOKENS) ^ i];
            uint256 available = TREASURY.available(held);
            if (available > 0) return _spend(held, bound(amount, 1, available));
        }
    }

    function setShares(uint256 burnShare, uint256 beaconShare) external counted("setShares") {
        IProtocolParameters parameters = TREASURY.PARAMETERS();
        parameters.set(Parameter.BurnSharePpm, bound(burnShare, 0, 500_000));
        parameters.set(Parameter.BeaconSharePpm, bound(beaconShare, 0, 500_000));
    }

    function donate(uint256 token, bool toTreasury, uint256 amount) external counted("donate") {
        address given = tokens[token % TOKENS];
        amount = bound(amount, 1, 1 ether);
        IERC20(given).transfer(toTreasury ? address(TREASURY) : address(ESCROW), amount);
        if (toTreasury) donatedToTreasury[given] += amount;
        else donatedToEscrow[given] += amount;
    }

    function warp(uint256 secondsPassed) external counted("warp") {
        skip(bound(secondsPassed, 1, 10 minutes));
    }

    // Their effects

    function _deposit(address owner, address token, uint256 amount) private counted("deposit") {
        IERC20(token).approve(address(ESCROW), amount);
        ESCROW.deposit(token, owner, amount);
    }

    function _setMarket(address owner, address market, bool allowed) private counted("setMarket") {
        vm.prank(owner);
        ESCROW.setMarket(market, allowed);
    }

    function _thaw(address owner, address token, uint128 amount) private counted("thaw") {
        vm.prank(owner);
        ESCROW.thaw(token, amount);
    }

    function _cancelThaw(address owner, address token, uint128 amount) private counted("cancelThaw") {
        vm.prank(owner);
        ESCROW.cancelThaw(token, amount);
    }

    function _withdraw(address owner, address token) private counted("withdraw") {
        vm.prank(owner);
        ESCROW.withdraw(token, address(this));
    }

    function _withdrawEarnings(address owner, address token, uint128 amount) private counted("withdrawEarnings") {
        vm.prank(owner);
        ESCROW.withdrawEarnings(token, address(this), amount);
    }

    function _redepositEarnings(address owner, address token, uint128 amount) private counted("redepositEarnings") {
        vm.prank(owner);
        ESCROW.redepositEarnings(token, amount);
    }

    function _lock(address owner, address token, address by, uint128 amount) private counted("lock") {
        vm.prank(by);
        ESCROW.lock(token, owner, amount);
    }

    /// @dev Up to the whole lock: a third to an owner, a third to the treasury, some back.
    function _pay(address by, address token, address recipient, uint256 locked, uint256 shares) private counted("pay") {
        uint128 most = uint128(locked);
        IPaymentEscrow.Leg[] memory legs = new IPaymentEscrow.Leg[](3);
        legs[0] = IPaymentEscrow.Leg(recipient, uint128(bound(uint64(shares), 0, most / 3)), false);
        legs[1] = IPaymentEscrow.Leg(address(TREASURY), uint128(bound(uint64(shares >> 64), 0, most / 3)), false);
        legs[2] = IPaymentEscrow.Leg(recipient, uint128(bound(uint64(shares >> 128), 0, most / 3)), true);
        vm.prank(by);
        ESCROW.pay(token, legs);
    }

    function _collect(address token) private counted("collect") {
        FeeShares memory shares = TREASURY.PARAMETERS().feeShares();
        uint256 amount = TREASURY.collect(token);
        collected[token] += amount;
        rewarded[token] += (amount * shares.beaconSharePpm) / 1_000_000;
        if (token == address(TREASURY.LAT())) burned[token] += (amount * shares.burnSharePpm) / 1_000_000;
    }

    function _spend(address token, uint256 amount) private counted("spend") {
        TREASURY.spend(token, address(this), amount);
        spent[token] += amount;
    }

    // Which accounts allow an action

    function _find(
        uint256 seed,
        function(address, address) view returns (bool) allows
    ) private view returns (bool found, address owner, address token) {
        for (uint256 i = 0; i < PAIRS; ++i) {
            uint256 index = ((seed % PAIRS) + i) % PAIRS;
            owner = owners[index / TOKENS];
            token = tokens[index % TOKENS];
            if (allows(owner, token)) return (true, owner, token);
        }
    }

    function _account(address owner, address token) private view returns (IPaymentEscrow.Account memory) {
        return ESCROW.accountOf(owner, token);
    }

    /// @dev Half, at least one: a single call should not exhaust what the others need.
    function _half(uint256 amount) private pure returns (uint256) {
        return (amount + 1) / 2;
    }

    /// @dev More than all donations of a run, which are not to fail for want of tokens.
    function _isFunded(address, address token) private view returns (bool) {
        return IERC20(token).balanceOf(address(this)) > 100 ether;
    }

    function _hasDeposit(address owner, address token) private view returns (bool) {
        return _account(owner, token).deposit > 0;
    }

    function _hasThawing(address owner, address token) private view returns (bool) {
        return _account(owner, token).thawing > 0;
    }

    function _hasEarnings(address owner, address token) private view returns (bool) {
        return _account(owner, token).earnings > 0;
    }
}
