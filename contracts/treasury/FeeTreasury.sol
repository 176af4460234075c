// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IFeeTreasury} from "../interfaces/IFeeTreasury.sol";
import {ILatticeToken} from "../interfaces/ILatticeToken.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {IProtocolParameters} from "../interfaces/IProtocolParameters.sol";
import {FeeShares} from "../types/Parameter.sol";

/// @title FeeTreasury: protocol fees in; a share burns, a share rewards the beacon, the rest is governed
/// @notice Fees are earned in the escrow like anyone's, and collected by anyone. What is collected is shared at once.
/// @dev Holds its own funds only and cannot reach those of others. Tokens sent to it directly are not accounted and
/// cannot be spent, so a donation never blurs what was earned.
contract FeeTreasury is IFeeTreasury, AccessManaged {
    using SafeERC20 for IERC20;

    uint256 private constant PPM = 1_000_000;

    /// @notice Where fees are earned.
    IPaymentEscrow public immutable ESCROW;
    /// @notice Where the shares come from.
    IProtocolParameters public immutable PARAMETERS;
    /// @notice The only token of which a share burns.
    ILatticeToken public immutable LAT;
    /// @notice Who receives the beacon's share.
    address public immutable BEACON_REWARDS;

    mapping(address token => uint256) private _available;

    constructor(
        address accessManager,
        IPaymentEscrow escrow,
        IProtocolParameters parameters,
        ILatticeToken lat,
        address beaconRewards
    ) AccessManaged(accessManager) {
        ESCROW = escrow;
        PARAMETERS = parameters;
        LAT = lat;
        BEACON_REWARDS = beaconRewards;
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
        _share(token, amount);
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

    /// @dev Burn and beacon round down, the treasury keeps the rest. Each share is at most one half.
    function _share(address token, uint256 amount) private {
        FeeShares memory shares = PARAMETERS.feeShares();
        uint256 burned = token == address(LAT) ? (amount * shares.burnSharePpm) / PPM : 0;
        uint256 rewarded = (amount * shares.beaconSharePpm) / PPM;
        _available[token] += amount - burned - rewarded;
        emit TreasuryCollected(token, amount, burned, rewarded);
        if (burned > 0) LAT.burn(burned);
        if (rewarded > 0) IERC20(token).safeTransfer(BEACON_REWARDS, rewarded);
    }
}
