// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {MintableToken} from "../../../contracts/mocks/MintableToken.sol";
import {IPaymentEscrow} from "../../../contracts/interfaces/IPaymentEscrow.sol";
import {PaymentEscrow} from "../../../contracts/market/PaymentEscrow.sol";
import {CustodyTest} from "../../helpers/solidity/CustodyTest.sol";

/// @title PaymentEscrowTest: deposits, thaws and payments with any amounts
contract PaymentEscrowTest is CustodyTest {
    MintableToken private _token;
    PaymentEscrow private _escrow;
    address private _requester;
    address private _provider;
    address private _market;

    function setUp() public {
        _escrow = new PaymentEscrow(deployParameters(address(this)));
        _token = new MintableToken("Test Dollar", "USDT");
        _requester = actor("requester");
        _provider = actor("provider");
        _market = actor("market");
    }

    function testFuzz_Withdraw_OnlyAfterThaw(uint128 amount, uint128 thawing, uint32 elapsed) public {
        amount = uint128(bound(amount, 1, type(uint128).max));
        thawing = uint128(bound(thawing, 1, amount));
        elapsed = uint32(bound(elapsed, 0, 2 * ESCROW_THAW));
        _deposit(amount);
        vm.prank(_requester);
        _escrow.thaw(address(_token), thawing);
        uint256 until = present() + ESCROW_THAW;
        skip(elapsed);

        if (elapsed < ESCROW_THAW) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IPaymentEscrow.PaymentEscrowStillThawing.selector,
                    _requester,
                    address(_token),
                    until
                )
            );
            vm.prank(_requester);
            _escrow.withdraw(address(_token), _provider);
            return;
        }
        vm.prank(_requester);
        assertEq(_escrow.withdraw(address(_token), _provider), thawing, "withdrawn");
        assertEq(_token.balanceOf(_provider), thawing, "recipient");
        assertEq(_escrow.accountOf(_requester, address(_token)).deposit, amount - thawing, "deposit");
    }

    function testFuzz_SOL1_Pay_CreditsExactlyWhatWasLocked(
        uint128 amount,
        uint128 locked,
        uint128[6] memory shares,
        uint8 toDeposit
    ) public {
        amount = uint128(bound(amount, 1, type(uint128).max));
        locked = uint128(bound(locked, 1, amount));
        _deposit(amount);
        vm.prank(_requester);
        _escrow.setMarket(_market, true);
        vm.prank(_market);
        _escrow.lock(address(_token), _requester, locked);

        IPaymentEscrow.Leg[] memory legs = new IPaymentEscrow.Leg[](6);
        uint128 left = locked;
        uint256 earned;
        for (uint256 i = 0; i < 6; ++i) {
            uint128 share = uint128(bound(shares[i], 0, left));
            left -= share;
            bool back = (toDeposit >> i) & 1 == 1;
            if (!back) earned += share;
            legs[i] = IPaymentEscrow.Leg(back ? _requester : _provider, share, back);
        }
        vm.prank(_market);
        _escrow.pay(address(_token), legs);

        uint256 deposit = _escrow.accountOf(_requester, address(_token)).deposit;
        assertEq(_escrow.accountOf(_provider, address(_token)).earnings, earned, "earned");
        assertEq(_escrow.lockedBy(_market, address(_token)), left, "still locked");
        assertEq(deposit + earned + left, amount, "PAY-2: nothing is lost or made");
    }

    function testFuzz_Pay_RevertWhen_MoreThanLocked(uint128 amount, uint128 excess) public {
        amount = uint128(bound(amount, 1, type(uint128).max - 1));
        excess = uint128(bound(excess, 1, type(uint128).max - amount));
        _deposit(amount);
        vm.prank(_requester);
        _escrow.setMarket(_market, true);
        vm.prank(_market);
        _escrow.lock(address(_token), _requester, amount);
        IPaymentEscrow.Leg[] memory legs = new IPaymentEscrow.Leg[](2);
        legs[0] = IPaymentEscrow.Leg(_provider, amount, false);
        legs[1] = IPaymentEscrow.Leg(_market, excess, false);
        vm.expectRevert(
            abi.encodeWithSelector(
                IPaymentEscrow.PaymentEscrowInsufficientLocked.selector,
                _market,
                address(_token),
                amount,
                uint256(amount) + excess
            )
        );
        vm.prank(_market);
        _escrow.pay(address(_token), legs);
    }

    function _deposit(uint128 amount) private {
        _token.mint(_requester, amount);
        vm.startPrank(_requester);
        _token.approve(address(_escrow), amount);
        _escrow.deposit(address(_token), _requester, amount);
        vm.stopPrank();
    }
}
