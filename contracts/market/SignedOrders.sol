// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IMarket} from "../interfaces/IMarket.sol";
import {SignerCheck} from "../libraries/SignerCheck.sol";
import {MarketBase} from "./MarketBase.sol";
import {MarketStorage} from "./MarketStorage.sol";

/// @title SignedOrders: orders that their requester signed (EIP-712), each used once
/// @dev The domain binds chain and lane. It is built at each use from hashes in the code, so a lane needs no storage for
/// it and a fork of the chain gets its own.
abstract contract SignedOrders is MarketBase {
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    string private constant DOMAIN_VERSION = "1";

    // Requester

    /// @inheritdoc IMarket
    function cancelNonces(uint256 word, uint256 mask) external {
        MarketStorage.load().nonces[msg.sender][word] |= mask;
        emit NoncesUsed(msg.sender, word, mask);
    }

    // Views

    /// @inheritdoc IMarket
    function noncesUsed(address requester, uint256 word) external view returns (uint256) {
        return MarketStorage.load().nonces[requester][word];
    }

    /// @inheritdoc IMarket
    function orderDigest(bytes32 orderHash) external view returns (bytes32) {
        return _digest(_domainSeparator(), orderHash);
    }

    /// @inheritdoc IMarket
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        )
    {
        // 0x0f: name, version, chain id and contract are used (EIP-5267).
        return (hex"0f", _domainName(), DOMAIN_VERSION, block.chainid, address(this), bytes32(0), new uint256[](0));
    }

    // Internals

    /// @dev Name of the lane's EIP-712 domain.
    function _domainName() internal pure virtual returns (string memory);

    function _domainSeparator() internal view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    DOMAIN_TYPEHASH,
                    keccak256(bytes(_domainName())),
                    keccak256(bytes(DOMAIN_VERSION)),
                    block.chainid,
                    address(this)
                )
            );
    }

    function _digest(bytes32 domainSeparator, bytes32 orderHash) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", domainSeparator, orderHash));
    }

    /// @dev Reverts unless `requester` signed the order with this hash and its nonce is unused; uses up the nonce.
    function _useSignedOrder(address requester, uint256 nonce, bytes32 orderHash, bytes calldata signature) internal {
        bytes32 digest = _digest(_domainSeparator(), orderHash);
        if (!SignerCheck.isValid(requester, digest, signature)) revert MarketInvalidSignature(requester, digest);
        mapping(uint256 word => uint256 bits) storage words = MarketStorage.load().nonces[requester];
        (uint256 word, uint256 mask) = (nonce >> 8, 1 << (nonce & 0xff));
        uint256 bits = words[word];
        if (bits & mask != 0) revert MarketNonceUsed(requester, nonce);
        words[word] = bits | mask;
        emit NoncesUsed(requester, word, mask);
    }
}
