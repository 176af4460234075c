// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Roots} from "../types/Trace.sol";
import {IVerifierRouter} from "./IVerifierRouter.sol";

/// @title IProofReferee: a zero-knowledge proof against a trace
/// @notice The model's circuit proves which output an input has. It speaks of Poseidon commitments, a trace of trees of
/// keccak-256; here both are computed from the opened input and output.
/// @dev Without state of its own. Anyone registers a verifier, and one that says yes to everything would convict the
/// innocent: only verifiers that governance reviewed are asked.
interface IProofReferee {
    /// @notice The verifier was not reviewed, or was stopped.
    error ProofRefereeNotReviewed(bytes4 selector, IVerifierRouter.Status status);
    /// @notice The opened input is not the one that was ordered.
    error ProofRefereeInput(bytes32 computed, bytes32 expected);
    /// @notice A commitment is to every chunk of a tensor.
    error ProofRefereeChunks(uint256 opened, uint256 chunks);
    /// @notice The verifier does not accept the proof, for this context, the opened input and the stated output.
    error ProofRefereeInvalidProof(bytes4 selector, uint256[3] publicInputs);

    /// @notice True when the proof, which has to be valid for the opened input under `context`, is of another output than the
    /// one that the trace opens; false when it is of the same.
    /// @param selector Verifier of the model version.
    /// @param context First public input of the proof: binds it to the result and to the challenger.
    /// @param evidence ABI-encoded ProofEvidence (ProofReferee).
    function contradicts(
        Roots calldata roots,
        bytes4 selector,
        uint256 context,
        bytes calldata evidence
    ) external view returns (bool);
}
