// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IPoseidon} from "../interfaces/IPoseidon.sol";

/// @title SummingPoseidon: a hash that is not Poseidon
contract SummingPoseidon is IPoseidon {
    /// @inheritdoc IPoseidon
    function poseidon(bytes32[3] calldata input) external pure returns (bytes32) {
        return bytes32(uint256(input[0]) + uint256(input[1]) + uint256(input[2]));
    }
}
