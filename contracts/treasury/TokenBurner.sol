// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ILatticeToken} from "../interfaces/ILatticeToken.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {ITokenBurner} from "../interfaces/ITokenBurner.sol";

/// @title TokenBurner: the escrow account whose LAT can only be burned
/// @dev No owner and no way out but burning. Earnings in other tokens would stay in the escrow for good: markets credit
/// LAT only.
contract TokenBurner is ITokenBurner {
    /// @notice Where the share to burn is earned.
    IPaymentEscrow public immutable ESCROW;
    /// @notice The token that is burned.
    ILatticeToken public immutable LAT;

    constructor(IPaymentEscrow escrow, ILatticeToken lat) {
        ESCROW = escrow;
        LAT = lat;
    }

    /// @inheritdoc ITokenBurner
    function burn() external returns (uint256 amount) {
        uint128 earnings = ESCROW.accountOf(address(this), address(LAT)).earnings;
        if (earnings == 0) revert TokenBurnerNothingToBurn();
        emit FeesBurned(earnings);
        ESCROW.withdrawEarnings(address(LAT), address(this), earnings);
        LAT.burn(earnings);
        return earnings;
    }
}
