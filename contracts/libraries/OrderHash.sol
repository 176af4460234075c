// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Order} from "../types/Order.sol";

/// @title OrderHash: the EIP-712 struct hash of an order
/// @notice The hash identifies the terms; the domain is added only where an order is signed.
library OrderHash {
    /// @notice EIP-712 type hash. Enums are uint8 in EIP-712.
    bytes32 internal constant TYPEHASH = keccak256(
        "Order(address requester,address sponsor,uint64 nonce,uint40 validUntil,bytes32 modelVersion,"
        "bytes32 inputCommitment,bytes32 inputDigest,address paymentToken,uint96 maxPrice,uint96 collateral,"
        "uint8 tier,uint8 mode,address provider,uint40 epoch,uint8 redundancy,uint32 bidSeconds,"
        "uint32 assignSeconds,uint32 commitSeconds,uint32 proveSeconds,uint32 challengeSeconds)"
    );

    /// @dev Bytes of the members: twenty, each in one word.
    uint256 private constant MEMBERS_BYTES = 20 * 32;

    /// @notice keccak256 of the type hash and the members, each in one word.
    /// @dev Every member is static, so the ABI encoding of the struct is EIP-712's encodeData, and it is hashed as it
    /// came. A word with bits beyond its type's hashes to something else than the order it resembles, and reading the
    /// member reverts.
    function hash(Order calldata order) internal pure returns (bytes32 orderHash) {
        bytes32 typehash = TYPEHASH;
        assembly ("memory-safe") {
            // Beyond the free pointer, which stays where it is.
            let data := mload(0x40)
            mstore(data, typehash)
            calldatacopy(add(data, 0x20), order, MEMBERS_BYTES)
            orderHash := keccak256(data, add(MEMBERS_BYTES, 0x20))
        }
    }
}
