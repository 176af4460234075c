// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title SignerCheck: signatures of accounts and of contracts
/// @dev A key that recovers is enough even where the account has code, as accounts that delegate theirs do (EIP-7702).
library SignerCheck {
    /// @notice Gas that a contract gets to judge a signature (ERC-1271), so that one signer cannot use up the gas of a
    /// batch.
    uint256 internal constant ERC1271_GAS = 100_000;

    /// @dev Gas that must be left for the judge to get all of `ERC1271_GAS`: a call passes on 63/64 at most (EIP-150).
    uint256 private constant ERC1271_GAS_NEEDED = ERC1271_GAS + ERC1271_GAS / 63 + 5_000;

    /// @notice The transaction must leave the signing contract its gas.
    error SignerCheckInsufficientGas(uint256 available, uint256 needed);

    /// @notice True when `signature` is that of `signer` over `digest`: ECDSA in 65 bytes or, for contracts, ERC-1271.
    function isValid(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        (address recovered, ECDSA.RecoverError failure, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (failure == ECDSA.RecoverError.NoError && recovered == signer) return signer != address(0);
        return signer.code.length != 0 && _isApproved(signer, digest, signature);
    }

    /// @dev The answer goes to the scratch space: a signer cannot make its caller copy a long one.
    function _isApproved(address signer, bytes32 digest, bytes calldata signature) private view returns (bool valid) {
        uint256 available = gasleft();
        if (available < ERC1271_GAS_NEEDED) revert SignerCheckInsufficientGas(available, ERC1271_GAS_NEEDED);
        bytes memory data = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        bytes32 magic = bytes32(IERC1271.isValidSignature.selector);
        assembly ("memory-safe") {
            let success := staticcall(ERC1271_GAS, signer, add(data, 0x20), mload(data), 0x00, 0x20)
            valid := and(and(success, gt(returndatasize(), 0x1f)), eq(mload(0x00), magic))
        }
    }
}
