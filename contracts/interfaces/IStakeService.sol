// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IStakeService: what a service may learn from StakeVault
interface IStakeService {
    /// @notice Called by the vault after a provider's provision changed. A revert is ignored: it never blocks an exit.
    function onProvisionChanged(address provider) external;
}
