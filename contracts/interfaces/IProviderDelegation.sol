// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {DelegationTerms} from "../types/ProviderTypes.sol";

/// @title IProviderDelegation: on which terms a provider takes delegations
/// @notice The half of the provider registry that opens a provider's pool in the stake vault, and sends its earnings
/// through a contract that shares them with the delegators.
interface IProviderDelegation {
    /// @notice `provider` takes delegations; its earnings go to `payout`, which shares them.
    event DelegationOpened(address indexed provider, address indexed payout);
    /// @notice Of its earnings `provider` keeps `cutPpm` (millionths) before they are shared, from `from` (Unix
    /// seconds) on.
    event DelegationCutSet(address indexed provider, uint256 cutPpm, uint256 from);
    /// @notice `provider` takes no new delegations.
    event DelegationClosed(address indexed provider);
    /// @notice `provider` has no delegators left; its earnings go to its own `payout` again.
    event DelegationEnded(address indexed provider, address indexed payout);

    /// @notice The cut exceeds `max` millionths.
    error ProviderRegistryInvalidCut(uint256 cutPpm, uint256 max);
    /// @notice The provider takes delegations already.
    error ProviderRegistryDelegationOpen(address provider);
    /// @notice The provider neither takes delegations nor has delegators.
    error ProviderRegistryNoDelegation(address provider);
    /// @notice Delegators hold `shares` still; their part of the earnings stays theirs.
    error ProviderRegistryDelegatorsLeft(address provider, uint256 shares);

    /// @notice Opens the caller's pool. It keeps `cutPpm` of its earnings; the rest is shared by stake, its own counted.
    function openDelegation(uint256 cutPpm) external;

    /// @notice Changes the caller's cut: a lower one counts at once, a higher one after a thaw of stake, in which
    /// delegators can leave.
    function setDelegationCut(uint256 cutPpm) external;

    /// @notice Closes the caller's pool to new delegations. Once no delegator is left, this call, or another one,
    /// sends earnings to the caller's own payout again.
    function closeDelegation() external;

    /// @notice The terms of `provider` as they are stored.
    function delegationTermsOf(address provider) external view returns (DelegationTerms memory);

    /// @notice Millionths of its earnings that `provider` keeps now before they are shared.
    function delegationCutOf(address provider) external view returns (uint256);

    /// @notice Where the earnings of `provider` go while it has delegators. The address is the same before and after it
    /// is deployed.
    function delegationPayoutOf(address provider) external view returns (address);

    /// @notice The payout that `provider` declared: the receiver of its own part of the earnings.
    function ownPayoutOf(address provider) external view returns (address);

    /// @notice True for the provider, the payout that it declared, and the payout that it shares with its delegators:
    /// what a slash of `provider` must not pay (SLA-3).
    function isOwnAddress(address provider, address account) external view returns (bool);
}
