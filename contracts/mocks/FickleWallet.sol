// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title FickleWallet: a contract that judges signatures (ERC-1271), honestly or in one of several wrong ways
contract FickleWallet is IERC1271 {
    enum Manner {
        Honest,
        AcceptsAll,
        Refuses,
        Reverts,
        BurnsAllGas,
        AnswersShort,
        AnswersLong
    }

    address private immutable OWNER;
    Manner private _manner;

    constructor(address owner) {
        OWNER = owner;
    }

    /// @notice How it judges from now on.
    function behave(Manner manner) external {
        _manner = manner;
    }

    /// @notice Calls `target` in the wallet's name.
    function execute(address target, bytes calldata data) external {
        (bool success, bytes memory answer) = target.call(data);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        Manner manner = _manner;
        bytes4 magic = IERC1271.isValidSignature.selector;
        if (manner == Manner.Honest) {
            (address signer, , ) = ECDSA.tryRecoverCalldata(hash, signature);
            return signer == OWNER ? magic : bytes4(0);
        }
        if (manner == Manner.AcceptsAll) return magic;
        if (manner == Manner.Refuses) return 0xffffffff;
        if (manner == Manner.BurnsAllGas) {
            while (gasleft() > 0) {}
        }
        bool reverts = manner == Manner.Reverts;
        uint256 size = manner == Manner.AnswersLong ? 100_000 : 31;
        assembly ("memory-safe") {
            // Past the memory in use, so that a long answer is garbage behind the magic word.
            let answer := mload(0x40)
            mstore(answer, magic)
            if reverts {
                revert(answer, 0x20)
            }
            return(answer, size)
        }
    }
}
