// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IProviderRegistry} from "../interfaces/IProviderRegistry.sol";

/// @title DrawSampler: many draws in one call, for statistics
contract DrawSampler {
    /// @notice Draws `first` to `first` + `count` − 1; draw i uses the randomness keccak256(seed, i).
    function sample(
        IProviderRegistry registry,
        bytes32 pool,
        uint256 epoch,
        bytes32 seed,
        uint256 first,
        uint256 count
    ) external view returns (address[] memory drawn) {
        drawn = new address[](count);
        for (uint256 i = 0; i < count; ++i) {
            drawn[i] = registry.draw(pool, epoch, uint256(keccak256(abi.encode(seed, first + i))));
        }
    }

    /// @notice Gas of one call of `draw`, as another contract pays it.
    function drawGas(
        IProviderRegistry registry,
        bytes32 pool,
        uint256 epoch,
        uint256 randomness
    ) external view returns (uint256) {
        uint256 before = gasleft();
        registry.draw(pool, epoch, randomness);
        return before - gasleft();
    }
}
