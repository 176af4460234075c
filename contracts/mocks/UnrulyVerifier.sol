// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title UnrulyVerifier: answers every proof, batch and proof of many jobs in one fixed way, most of them wrong
contract UnrulyVerifier {
    enum Manner {
        AnswersTrue,
        AnswersFalse,
        AnswersTwo,
        AnswersShort,
        AnswersLong,
        Reverts,
        BurnsAllGas,
        AnswersTrueLate
    }

    /// @notice Gas that `AnswersTrueLate` burns first.
    uint256 public constant LATE_GAS = 250_000;

    Manner private immutable MANNER;

    constructor(Manner manner) {
        MANNER = manner;
    }

    /// @notice Shaped as a verifier of three public inputs; what it is given does not matter.
    function verifyProof(
        uint256[2] calldata,
        uint256[2][2] calldata,
        uint256[2] calldata,
        uint256[3] calldata
    ) external view returns (bool) {
        _answer();
    }

    // Verifiers of batches and of many jobs have other functions; it answers all alike.
    fallback() external {
        _answer();
    }

    function _answer() private view {
        Manner manner = MANNER;
        if (manner == Manner.BurnsAllGas) _burn(gasleft());
        if (manner == Manner.AnswersTrueLate) _burn(LATE_GAS);
        uint256 value =
            manner == Manner.AnswersTwo
                ? 2
                : manner == Manner.AnswersFalse
                    ? 0
                    : 1;
        uint256 size =
            manner == Manner.AnswersShort
                ? 31
                : manner == Manner.AnswersLong
                    ? 64
                    : 32;
        bool reverts = manner == Manner.Reverts;
        assembly ("memory-safe") {
            mstore(0x00, value)
            mstore(0x20, 0)
            if reverts {
                revert(0x00, 0x20)
            }
            return(0x00, size)
        }
    }

    function _burn(uint256 amount) private view {
        uint256 start = gasleft();
        while (start - gasleft() < amount) {}
    }
}
