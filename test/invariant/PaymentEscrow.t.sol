// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IPaymentEscrow} from "../../contracts/interfaces/IPaymentEscrow.sol";
import {IProtocolParameters} from "../../contracts/interfaces/IProtocolParameters.sol";
import {PaymentEscrow} from "../../contracts/market/PaymentEscrow.sol";
import {MintableToken} from "../../contracts/mocks/MintableToken.sol";
import {LatticeToken} from "../../contracts/token/LatticeToken.sol";
import {FeeTreasury} from "../../contracts/treasury/FeeTreasury.sol";
import {CustodyTest} from "../helpers/solidity/CustodyTest.sol";
import {PaymentEscrowActions} from "./handlers/PaymentEscrowActions.sol";

/// @dev The runner calls only contracts whose artifact was built, which it is for those in test files.
contract PaymentEscrowHandler is PaymentEscrowActions {
    constructor(
        PaymentEscrow escrow,
        FeeTreasury treasury,
        address[] memory initialTokens
    ) PaymentEscrowActions(escrow, treasury, initialTokens) {}
}

/// @title PaymentEscrowInvariants: what holds for escrow and treasury after any sequence of calls
contract PaymentEscrowInvariants is CustodyTest {
    uint256 private constant ENDOWMENT = 1_000_000 ether;

    LatticeToken private _lat;
    PaymentEscrow private _escrow;
    FeeTreasury private _treasury;
    address private _rewards;
    PaymentEscrowHandler private _handler;
    uint256 private _effectsBefore;

    function setUp() public {
        AccessManager manager = new AccessManager(address(this));
        _lat = deployLat();
        MintableToken dollar = new MintableToken("Test Dollar", "USDT");
        _rewards = actor("beacon rewards");
        IProtocolParameters parameters = deployParameters(address(manager));
        _escrow = new PaymentEscrow(parameters);
        _treasury = new FeeTreasury(address(manager), _escrow, parameters, _lat, _rewards);
        address[] memory tokens = new address[](2);
        (tokens[0], tokens[1]) = (address(_lat), address(dollar));
        _handler = new PaymentEscrowHandler(_escrow, _treasury, tokens);
        manager.grantRole(manager.ADMIN_ROLE(), address(_handler), 0);
        _lat.transfer(address(_handler), ENDOWMENT);
        dollar.mint(address(_handler), ENDOWMENT);
        // Runs start with funds everywhere, so that few of their calls find nothing to act on.
        for (uint256 i = 0; i < _handler.OWNERS() * _handler.TOKENS(); ++i) _handler.deposit(i, 1_000 ether);
        _effectsBefore = _handler.totalEffects();
        targetContract(address(_handler));
    }

    /// hardhat-config: invariant.failOnRevert = true
    function invariant_SOL1_EscrowHoldsEveryAccountAndLock() public view {
        for (uint256 t = 0; t < _handler.TOKENS(); ++t) {
            address token = _handler.tokens(t);
            uint256 owed = _sum(address(_treasury), token);
            for (uint256 i = 0; i < _handler.OWNERS(); ++i) owed += _sum(_handler.owners(i), token);
            for (uint256 i = 0; i < _handler.MARKETS(); ++i) owed += _escrow.lockedBy(_handler.markets(i), token);
            assertEq(
                IERC20(token).balanceOf(address(_escrow)),
                owed + _handler.donatedToEscrow(token),
                "SOL-1: escrow's balance"
            );
        }
    }

    /// hardhat-config: invariant.failOnRevert = true
    function invariant_SOL3_TreasuryAccountsForItsBalance() public view {
        for (uint256 t = 0; t < _handler.TOKENS(); ++t) {
            address token = _handler.tokens(t);
            uint256 available = _treasury.available(token);
            uint256 shared = _handler.burned(token) + _handler.rewarded(token);
            assertEq(
                available,
                _handler.collected(token) - shared - _handler.spent(token),
                "SOL-3: collected - burned - rewarded - spent"
            );
            assertEq(IERC20(token).balanceOf(_rewards), _handler.rewarded(token), "the beacon's share arrives");
            assertEq(
                IERC20(token).balanceOf(address(_treasury)),
                available + _handler.donatedToTreasury(token),
                "SOL-3: treasury's balance"
            );
        }
        assertEq(_lat.totalSupply(), SUPPLY - _handler.burned(address(_lat)), "only the burnt share burns");
    }

    /// @dev The runner discards what an invariant changes, so that each call starts from the state that it found.
    /// hardhat-config: invariant.failOnRevert = true
    function invariant_LIV2_EveryOwnerCanLeave() public {
        for (uint256 t = 0; t < _handler.TOKENS(); ++t) {
            address token = _handler.tokens(t);
            _refundLocks(token);
            for (uint256 i = 0; i < _handler.OWNERS(); ++i) _thawAll(_handler.owners(i), token);
        }
        skip(ESCROW_THAW);
        for (uint256 t = 0; t < _handler.TOKENS(); ++t) {
            address token = _handler.tokens(t);
            for (uint256 i = 0; i < _handler.OWNERS(); ++i) _leave(_handler.owners(i), token);
            if (_escrow.accountOf(address(_treasury), token).earnings > 0) _treasury.collect(token);
        }
        for (uint256 t = 0; t < _handler.TOKENS(); ++t) {
            address token = _handler.tokens(t);
            uint256 balance = IERC20(token).balanceOf(address(_escrow));
            assertEq(balance, _handler.donatedToEscrow(token), "nothing but donations is left");
        }
    }

    function afterInvariant() public view {
        assertBusy(_handler.totalEffects() - _effectsBefore, 12);
    }

    function test_Handler_EveryActionTakesEffect() public {
        _handler.deposit(0, 1_000 ether);
        _handler.setMarket(0, 1, true);
        _handler.lock(0, 0, 500 ether);
        _handler.pay(0, 0, 0, type(uint256).max);
        _handler.thaw(0, 100 ether);
        _handler.cancelThaw(0, 40 ether);
        _handler.warp(10);
        _handler.withdraw(0);
        _handler.withdrawEarnings(0, 1 ether);
        _handler.redepositEarnings(0, 1 ether);
        _handler.collect(0);
        _handler.spend(0, 1 ether);
        _handler.setShares(500_000, 500_000);
        _handler.donate(0, false, 1 ether);
        bytes32[14] memory actions = [
            bytes32("deposit"),
            "setMarket",
            "lock",
            "pay",
            "thaw",
            "cancelThaw",
            "warp",
            "withdraw",
            "withdrawEarnings",
            "redepositEarnings",
            "collect",
            "spend",
            "setShares",
            "donate"
        ];
        for (uint256 i = 0; i < actions.length; ++i) {
            assertGe(_handler.effectsOf(actions[i]), 1, string(abi.encodePacked(actions[i])));
        }
        assertTrue(
            _handler.burned(address(_lat)) > 0 && _handler.rewarded(address(_lat)) > 0,
            "fees burned and rewarded"
        );
    }

    function _sum(address owner, address token) private view returns (uint256) {
        IPaymentEscrow.Account memory account = _escrow.accountOf(owner, token);
        assertTrue((account.thawing == 0) == (account.thawingUntil == 0), "clock");
        return uint256(account.deposit) + account.earnings + account.thawing;
    }

    function _refundLocks(address token) private {
        for (uint256 i = 0; i < _handler.MARKETS(); ++i) {
            address market = _handler.markets(i);
            IPaymentEscrow.Leg[] memory legs = new IPaymentEscrow.Leg[](1);
            legs[0] = IPaymentEscrow.Leg(_handler.owners(0), uint128(_escrow.lockedBy(market, token)), true);
            vm.prank(market);
            _escrow.pay(token, legs);
        }
    }

    function _thawAll(address owner, address token) private {
        uint128 amount = _escrow.accountOf(owner, token).deposit;
        vm.prank(owner);
        if (amount > 0) _escrow.thaw(token, amount);
    }

    function _leave(address owner, address token) private {
        IPaymentEscrow.Account memory account = _escrow.accountOf(owner, token);
        vm.startPrank(owner);
        if (account.thawing > 0) _escrow.withdraw(token, owner);
        if (account.earnings > 0) _escrow.withdrawEarnings(token, owner, account.earnings);
        vm.stopPrank();
        uint256 balance = IERC20(token).balanceOf(owner);
        assertEq(balance, uint256(account.thawing) + account.earnings, "all funds came out");
    }
}
