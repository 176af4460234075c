// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Tier} from "../types/Order.sol";
import {BeaconParameters, Bounds, FeeShares, OrderRules, Parameter, SlashParameters} from "../types/Parameter.sol";

/// @title IProtocolParameters: every tunable, bounded, set only by governance
/// @notice Units are part of the parameter's name; amounts are LAT wei. Bounds are fixed in code.
interface IProtocolParameters {
    /// @notice `parameter` changed from `oldValue` to `newValue`.
    event ParameterSet(Parameter indexed parameter, uint256 oldValue, uint256 newValue);

    /// @notice `value` lies outside of the parameter's bounds.
    error ProtocolParametersOutOfBounds(Parameter parameter, uint256 value, uint256 min, uint256 max);
    /// @notice Compensation and bounty together would reach the whole slash, so slashing oneself could pay.
    error ProtocolParametersSlashSharesTooHigh(uint256 compensationPpm, uint256 bountyPpm);
    /// @notice Stake would thaw within the longest window of an order.
    error ProtocolParametersThawTooShort(uint256 stakeThawSeconds, uint256 maxWindowSeconds);
    /// @notice The constructor got another number of values than there are parameters.
    error ProtocolParametersCountMismatch(uint256 given, uint256 expected);

    /// @notice Sets one parameter. Restricted to the timelock.
    function set(Parameter parameter, uint256 value) external;

    /// @notice Current value, in the unit of the parameter's name.
    function get(Parameter parameter) external view returns (uint256 value);

    /// @notice Fixed bounds of a parameter.
    function bounds(Parameter parameter) external pure returns (Bounds memory);

    /// @notice What markets check when an order of `tier` is posted, and the fee they fix when a provider takes it.
    function orderRules(Tier tier) external view returns (OrderRules memory);

    /// @notice Protocol fee, millionths of the price.
    function protocolFeePpm() external view returns (uint32);

    /// @notice How collected protocol fees are shared.
    function feeShares() external view returns (FeeShares memory);

    /// @notice How slashed LAT is split.
    function slashParameters() external view returns (SlashParameters memory);

    /// @notice The beacon's clock, penalty and fallback.
    function beaconParameters() external view returns (BeaconParameters memory);
}
