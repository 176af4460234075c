// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title ActionLog: counts the actions of an invariant handler that took effect
/// @dev An action that finds nothing to act on returns without a word, and what never takes effect tests nothing.
/// Handlers therefore count, and tests assert the counts.
abstract contract ActionLog {
    mapping(bytes32 action => uint256) private _effects;
    uint256 public totalEffects;

    modifier counted(bytes32 action) {
        _;
        _count(action);
    }

    function effectsOf(bytes32 action) external view returns (uint256) {
        return _effects[action];
    }

    function _count(bytes32 action) internal {
        ++_effects[action];
        ++totalEffects;
    }
}
