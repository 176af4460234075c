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

    /// @notice keccak256 of the type hash and the members, each in one word.
    /// @dev Every member is static, so the ABI encoding of the struct is EIP-712's encodeData.
    function hash(Order calldata order) internal pure returns (bytes32) {
        return keccak256(abi.encode(TYPEHASH, order));
    }
}
