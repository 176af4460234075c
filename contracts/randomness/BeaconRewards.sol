// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IBeaconRewards} from "../interfaces/IBeaconRewards.sol";
import {IEpochBeacon} from "../interfaces/IEpochBeacon.sol";
import {IProviderRegistry} from "../interfaces/IProviderRegistry.sol";

/// @title BeaconRewards: pays leaders for the seeds that they revealed
/// @notice The treasury sends the beacon's share of the protocol fees here. A leader is paid the same small share of
/// what is held for every epoch that it began; so income is spread over the epochs that follow, and cannot run out.
/// @dev No owner, no role, no upgrade. All that it holds is for leaders, whoever sent it, and nobody else's funds pass
/// through. An epoch begun by a drand round or by bootstrap earns nobody anything. Claims of several epochs in a row pay
/// a little less each, so who is paid first hardly matters.
contract BeaconRewards is IBeaconRewards {
    using BitMaps for BitMaps.BitMap;
    using SafeERC20 for IERC20;

    /// @notice Millionths of what is held that one epoch earns: half of an income is paid out within 693 epochs.
    uint256 public constant SHARE_PPM = 1_000;
    uint256 private constant PPM = 1_000_000;

    /// @notice Where leaders are recorded.
    IEpochBeacon public immutable BEACON;
    /// @notice Where their payout addresses are.
    IProviderRegistry public immutable REGISTRY;

    mapping(address token => BitMaps.BitMap) private _paidEpochs;

    constructor(IEpochBeacon beacon, IProviderRegistry registry) {
        BEACON = beacon;
        REGISTRY = registry;
    }

    /// @inheritdoc IBeaconRewards
    function claim(uint256 epoch, address token) external returns (uint256 amount) {
        address leader = BEACON.leaderOfEpoch(epoch);
        if (leader == address(0)) revert BeaconRewardsNoLeader(epoch);
        if (isPaid(epoch, token)) revert BeaconRewardsAlreadyPaid(epoch, token);
        uint256 held = IERC20(token).balanceOf(address(this));
        amount = (held * SHARE_PPM) / PPM;
        // An empty account must not use up an epoch's claim.
        if (amount == 0) revert BeaconRewardsNothingToPay(token, held);

        _paidEpochs[token].set(epoch);
        address payout = REGISTRY.payoutOf(leader);
        emit BeaconRewardPaid(epoch, leader, token, payout, amount);
        IERC20(token).safeTransfer(payout, amount);
    }

    /// @inheritdoc IBeaconRewards
    function isPaid(uint256 epoch, address token) public view returns (bool) {
        return _paidEpochs[token].get(epoch);
    }
}
