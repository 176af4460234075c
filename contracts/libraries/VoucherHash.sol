// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Voucher} from "../types/Session.sol";

/// @title VoucherHash: EIP-712 struct hashes of what the parties of a session sign
library VoucherHash {
    bytes32 private constant VOUCHER_TYPEHASH = keccak256(
        "Voucher(bytes32 session,uint128 amount,uint64 jobs,bytes32 jobsRoot)"
    );
    bytes32 private constant CLOSURE_TYPEHASH = keccak256("Closure(bytes32 session,uint128 redeemed)");

    /// @notice Signed by the requester.
    /// @dev All members are static, so their ABI encoding is EIP-712's.
    function hash(Voucher calldata voucher) internal pure returns (bytes32) {
        return keccak256(abi.encode(VOUCHER_TYPEHASH, voucher));
    }

    /// @notice Signed by the provider: the session may close once `redeemed` was paid.
    function hashClosure(bytes32 session, uint128 redeemed) internal pure returns (bytes32) {
        return keccak256(abi.encode(CLOSURE_TYPEHASH, session, redeemed));
    }
}
