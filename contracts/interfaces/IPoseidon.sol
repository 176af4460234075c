// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IPoseidon: the Poseidon hash of three field elements, with the parameters that circuits use
/// @notice Code of such a contract is generated from the constants of the hash; it has no state.
interface IPoseidon {
    /// @notice Hash of three elements, each below the order of the BN254 scalar field.
    function poseidon(bytes32[3] calldata input) external pure returns (bytes32);
}
