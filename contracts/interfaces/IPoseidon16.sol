// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IPoseidon16: the Poseidon hash of 2 to 16 field elements, with the parameters that circuits use
interface IPoseidon16 {
    /// @notice The hash has other numbers of inputs.
    error Poseidon16InvalidArity(uint256 inputs, uint256 min, uint256 max);
    /// @notice An input is not below the order of the BN254 scalar field.
    error Poseidon16NonCanonicalInput(uint256 index, uint256 value);
    /// @notice The tables are not those of the hash; see TABLES_HASH.
    error Poseidon16InvalidTables(bytes32 actual, bytes32 expected);

    /// @notice Hash of 2 to 16 elements, each below the order of the BN254 scalar field.
    function hash(uint256[] calldata inputs) external view returns (uint256);
}
