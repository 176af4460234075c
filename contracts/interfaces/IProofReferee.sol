// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Roots} from "../types/Trace.sol";

/// @title IProofReferee: a zero-knowledge proof against a trace
/// @notice The model's circuit proves which output an input has. It speaks of Poseidon commitments, a trace of trees of
/// keccak-256; here both are computed from the opened input and output.
interface IProofReferee {
    /// @notice True when the proof, which must be valid for the opened input under `context`, is of another output than the
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
