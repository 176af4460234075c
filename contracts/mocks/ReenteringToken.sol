// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title ReenteringToken: a token that makes one prepared call in the middle of its next transfer
contract ReenteringToken is ERC20 {
    address private _target;
    bytes private _data;

    /// @notice Outcome of the prepared call.
    event Reentered(bool success, bytes result);

    constructor() ERC20("Reentering", "RE") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function burn(uint256 amount) external {
        _burn(msg.sender, amount);
    }

    /// @notice Prepares the call that the next transfer makes before it moves tokens.
    function arm(address target, bytes calldata data) external {
        _target = target;
        _data = data;
    }

    /// @notice Makes this contract itself an owner of funds elsewhere.
    function execute(address target, bytes calldata data) external {
        Address.functionCall(target, data);
    }

    function approveFor(address spender, uint256 amount) external {
        _approve(address(this), spender, amount);
    }

    function _update(address from, address to, uint256 value) internal override {
        address target = _target;
        if (target != address(0)) {
            _target = address(0);
            (bool success, bytes memory result) = target.call(_data);
            emit Reentered(success, result);
        }
        super._update(from, to, value);
    }
}
