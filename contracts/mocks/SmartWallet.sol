// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title SmartWallet: a contract that signs (ERC-1271), well or badly
contract SmartWallet is IERC1271 {
    /// @notice Honest: checks its owner's signature. Denying: answers another word. Reverting. Burning: uses up its gas.
    /// Short: answers fewer than 32 bytes.
    enum Manner {
        Honest,
        Denying,
        Reverting,
        Burning,
        Short
    }

    error SmartWalletRefuses();
    error SmartWalletCallFailed(bytes answer);

    address public immutable OWNER;
    Manner public manner;

    constructor(address owner) {
        OWNER = owner;
    }

    function setManner(Manner chosen) external {
        manner = chosen;
    }

    /// @notice Calls `target` as the wallet.
    function execute(address target, bytes calldata data) external returns (bytes memory) {
        (bool success, bytes memory answer) = target.call(data);
        if (!success) revert SmartWalletCallFailed(answer);
        return answer;
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        if (manner == Manner.Denying) return 0xffffffff;
        if (manner == Manner.Reverting) revert SmartWalletRefuses();
        if (manner == Manner.Burning) {
            uint256 spin;
            while (gasleft() > 100) ++spin;
        }
        if (manner == Manner.Short) {
            bytes32 magic = bytes32(IERC1271.isValidSignature.selector);
            assembly ("memory-safe") {
                mstore(0x00, magic)
                return(0x00, 0x04)
            }
        }
        (address signer, , ) = ECDSA.tryRecoverCalldata(hash, signature);
        return signer == OWNER ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
