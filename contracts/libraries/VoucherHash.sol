// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Voucher} from "../types/Session.sol";

/// @title VoucherHash: EIP-712 struct hashes of what the parties of a session sign
library VoucherHash {
    bytes32 private constant VOUCHER_TYPEHASH = keccak256(
        "Voucher(bytes32 session,uint128 amount,uint64 jobs,bytes32 jobsRoot)"
    );
    bytes32 private constant CLOSURE_TYPEHASH = keccak256("Closure(bytes32 session,uint128 redeemed)");

    /// @dev Bytes of the members: four, each in one word.
    uint256 private constant MEMBERS_BYTES = 4 * 32;

    /// @notice Signed by the requester.
    /// @dev Every member is static, so the ABI encoding of the struct is EIP-712's encodeData, and it is hashed as it
    /// came. A word with bits beyond its type's hashes to something else than the voucher it resembles, and reading the
    /// member reverts.
    function hash(Voucher calldata voucher) internal pure returns (bytes32 voucherHash) {
        bytes32 typehash = VOUCHER_TYPEHASH;
        assembly ("memory-safe") {
            // Beyond the free pointer, which stays where it is.
            let data := mload(0x40)
            mstore(data, typehash)
            calldatacopy(add(data, 0x20), voucher, MEMBERS_BYTES)
            voucherHash := keccak256(data, add(MEMBERS_BYTES, 0x20))
        }
    }

    /// @notice Signed by the provider: the session may close once `redeemed` was paid.
    function hashClosure(bytes32 session, uint128 redeemed) internal pure returns (bytes32) {
        return keccak256(abi.encode(CLOSURE_TYPEHASH, session, redeemed));
    }
}
