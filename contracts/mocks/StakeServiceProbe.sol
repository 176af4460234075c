// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IStakeService} from "../interfaces/IStakeService.sol";
import {IStakeVault} from "../interfaces/IStakeVault.sol";

/// @title StakeServiceProbe: a service that names modules, and whose hook can misbehave
contract StakeServiceProbe is IStakeService {
    enum Mode {
        Record,
        Revert,
        BurnGas,
        Reenter
    }

    IStakeVault public immutable VAULT;
    Mode public mode;
    bytes public reentry;

    /// @notice The hook ran with `gas` left, and saw `free` stake of the provider.
    event HookCalled(address provider, uint256 free, uint256 gas);
    /// @notice Outcome of the prepared call into the vault.
    event Reentered(bool success, bytes result);

    error ProbeRefuses(address provider);

    constructor(IStakeVault vault) {
        VAULT = vault;
    }

    function setMode(Mode newMode) external {
        mode = newMode;
    }

    /// @notice Prepares the call into the vault that the hook makes in mode `Reenter`.
    function setReentry(bytes calldata data) external {
        mode = Mode.Reenter;
        reentry = data;
    }

    function setModule(address module, bool allowed) external {
        VAULT.setModule(module, allowed);
    }

    function setDelegationOpen(address provider, bool open) external {
        VAULT.setDelegationOpen(provider, open);
    }

    /// @notice Makes this contract itself a provider.
    function execute(bytes calldata data) external {
        Address.functionCall(address(VAULT), data);
    }

    function approve(IERC20 token, uint256 amount) external {
        token.approve(address(VAULT), amount);
    }

    /// @inheritdoc IStakeService
    function onProvisionChanged(address provider) external {
        uint256 gasSeen = gasleft();
        if (mode == Mode.Revert) revert ProbeRefuses(provider);
        if (mode == Mode.BurnGas) while (true) {}
        if (mode == Mode.Reenter) {
            (bool success, bytes memory result) = address(VAULT).call(reentry);
            emit Reentered(success, result);
        }
        emit HookCalled(provider, VAULT.freeStake(provider, address(this)), gasSeen);
    }
}
