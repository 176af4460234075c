// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Vm} from "./Vm.sol";

/// @title LatticeTest: assertions, bounded inputs and named actors for Solidity tests
abstract contract LatticeTest {
    error AssertionFailed(string what, uint256 left, uint256 right);

    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    address[] private _targets;
    address[] private _senders;

    /// @dev Read by the invariant runner.
    function targetContracts() public view returns (address[] memory) {
        return _targets;
    }

    /// @dev Read by the invariant runner.
    function targetSenders() public view returns (address[] memory) {
        return _senders;
    }

    function targetContract(address target) internal {
        _targets.push(target);
    }

    function targetSender(address sender) internal {
        _senders.push(sender);
    }

    function actor(string memory name) internal returns (address account) {
        account = address(uint160(uint256(keccak256(bytes(name)))));
        vm.label(account, name);
    }

    /// @dev Unix seconds, asked anew. `block.timestamp` does not do beside a warp: to the optimiser it is constant within
    /// a call, and may be read once for both sides of it.
    function present() internal view returns (uint256) {
        return vm.getBlockTimestamp();
    }

    function skip(uint256 elapsed) internal {
        vm.warp(present() + elapsed);
    }

    function bound(uint256 value, uint256 min, uint256 max) internal pure returns (uint256) {
        require(min <= max, "bound: empty range");
        if (value >= min && value <= max) return value;
        uint256 size = max - min + 1;
        return size == 0 ? value : min + (value % size);
    }

    /// @dev For `afterInvariant`: a run whose calls had few effects tested little. Of the 64 calls of a run at least `least`
    /// must have had one. Deep runs have 32 calls, and are so many that in some chance leaves next to none: what their
    /// handlers reach is for the long run in each file to show.
    function assertBusy(uint256 effects, uint256 least) internal view {
        if (vm.envOr("LATTICE_DEEP", uint256(0)) != 1) assertGe(effects, least, "effective actions");
    }

    function assertEq(uint256 left, uint256 right, string memory what) internal pure {
        if (left != right) revert AssertionFailed(what, left, right);
    }

    function assertEq(address left, address right, string memory what) internal pure {
        if (left != right) revert AssertionFailed(what, uint160(left), uint160(right));
    }

    function assertEq(bytes32 left, bytes32 right, string memory what) internal pure {
        if (left != right) revert AssertionFailed(what, uint256(left), uint256(right));
    }

    function assertGe(uint256 left, uint256 right, string memory what) internal pure {
        if (left < right) revert AssertionFailed(what, left, right);
    }

    function assertLe(uint256 left, uint256 right, string memory what) internal pure {
        if (left > right) revert AssertionFailed(what, left, right);
    }

    function assertTrue(bool condition, string memory what) internal pure {
        if (!condition) revert AssertionFailed(what, 0, 1);
    }
}
