// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {ICommittedWeightsVerifier} from "../interfaces/ICommittedWeightsVerifier.sol";
import {IGroth16Verifier} from "../interfaces/IGroth16Verifier.sol";
import {Bn254} from "../libraries/Bn254.sol";

/// @title CommittedWeightsVerifier: an architecture's verifier, bound to one model's weights
/// @notice See ICommittedWeightsVerifier.
/// @dev Holds no funds, no storage and no role. Everything it was given is part of its code, so its code's hash, which
/// VerifierRouter fixes, fixes the weights and the architecture's verifier too. That one is called statically, with
/// all gas, and what it answers is passed on byte for byte: whatever is no clean "yes" stays none.
contract CommittedWeightsVerifier is ICommittedWeightsVerifier {
    /// @notice Most jobs that one proof covers, as in VerifierRouter.
    uint256 public constant MAX_JOBS_PER_PROOF = 32;

    /// @dev Words of a Groth16 proof.
    uint256 private constant PROOF_WORDS = 8;

    address private immutable VERIFIER;
    bytes32 private immutable CODE_HASH;
    bytes32 private immutable COMMITMENT;
    uint256 private immutable JOBS;
    bytes4 private immutable ENTRY_POINT;
    bytes4 private immutable FORWARDED_ENTRY_POINT;

    /// @param verifier Verifier that snarkjs exports for the architecture's key, of 2 + 2 · jobs public inputs.
    /// @param commitment The model's weights commitment.
    /// @param jobs Jobs that one proof covers, 1 to 32.
    constructor(address verifier, bytes32 commitment, uint256 jobs) {
        if (verifier.code.length == 0) revert CommittedWeightsVerifierNotContract(verifier);
        if (!Bn254.isCommitment(commitment)) revert CommittedWeightsVerifierInvalidCommitment(commitment);
        if (jobs == 0 || jobs > MAX_JOBS_PER_PROOF) {
            revert CommittedWeightsVerifierInvalidJobs(jobs, MAX_JOBS_PER_PROOF);
        }
        VERIFIER = verifier;
        CODE_HASH = verifier.codehash;
        COMMITMENT = commitment;
        JOBS = jobs;
        ENTRY_POINT = _entryPoint(_inputCount(jobs));
        FORWARDED_ENTRY_POINT = _entryPoint(_inputCount(jobs) + 1);
    }

    // Verification

    /// @dev Proofs of several jobs: no signature serves every number of them.
    fallback() external {
        _forward();
    }

    /// @inheritdoc IGroth16Verifier
    /// @dev For one job. The arguments are read from calldata, where they lie as they are sent on.
    function verifyProof(
        uint256[2] calldata,
        uint256[2][2] calldata,
        uint256[2] calldata,
        uint256[3] calldata
    ) external view returns (bool) {
        _forward();
    }

    // Views

    /// @inheritdoc ICommittedWeightsVerifier
    function architectureVerifier() external view returns (address) {
        return VERIFIER;
    }

    /// @inheritdoc ICommittedWeightsVerifier
    function architectureCodeHash() external view returns (bytes32) {
        return CODE_HASH;
    }

    /// @inheritdoc ICommittedWeightsVerifier
    function weightsCommitment() external view returns (bytes32) {
        return COMMITMENT;
    }

    /// @inheritdoc ICommittedWeightsVerifier
    function jobsPerProof() external view returns (uint256) {
        return JOBS;
    }

    /// @inheritdoc ICommittedWeightsVerifier
    function entryPoint() external view returns (bytes4) {
        return ENTRY_POINT;
    }

    // Internals

    /// @dev Ends the call: with what the architecture's verifier says of the same proof, the same public inputs and
    /// the commitment after them.
    function _forward() private view {
        uint256 expectedLength = 4 + 32 * (PROOF_WORDS + _inputCount(JOBS));
        if (msg.sig != ENTRY_POINT || msg.data.length != expectedLength) {
            revert CommittedWeightsVerifierWrongCall(msg.sig, msg.data.length, expectedLength);
        }
        address verifier = VERIFIER;
        if (verifier.codehash != CODE_HASH) {
            revert CommittedWeightsVerifierCodeChanged(CODE_HASH, verifier.codehash);
        }
        // Static arrays are encoded in place, so one public input more is one word more.
        bytes memory data = abi.encodePacked(FORWARDED_ENTRY_POINT, msg.data[4:], COMMITMENT);
        assembly ("memory-safe") {
            let success := staticcall(gas(), verifier, add(data, 0x20), mload(data), 0x00, 0x00)
            let answer := mload(0x40)
            returndatacopy(answer, 0x00, returndatasize())
            if iszero(success) {
                revert(answer, returndatasize())
            }
            return(answer, returndatasize())
        }
    }

    /// @dev One context, then two commitments for each job.
    function _inputCount(uint256 jobs) private pure returns (uint256) {
        return 1 + 2 * jobs;
    }

    /// @dev Selector of the function that snarkjs exports for `inputs` public inputs.
    function _entryPoint(uint256 inputs) private pure returns (bytes4) {
        bytes memory arguments = "verifyProof(uint256[2],uint256[2][2],uint256[2],uint256[";
        return bytes4(keccak256(abi.encodePacked(arguments, Strings.toString(inputs), "])")));
    }
}
