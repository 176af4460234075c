// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IVerifierRouter: selector to immutable verifier
/// @notice Anyone registers a verifier for their model, alone or in a set with verifiers of many jobs at once; governance
/// marks it reviewed, or stops it for good. A selector is never given to another verifier or set.
interface IVerifierRouter {
    /// @notice None → Registered → Reviewed; Registered or Reviewed → Stopped (final).
    enum Status {
        None,
        Registered,
        Reviewed,
        Stopped
    }

    /// @param verifier The contract that checks proofs.
    /// @param gasCap Gas forwarded to it at most.
    /// @param status Where it stands.
    struct Entry {
        address verifier;
        uint32 gasCap;
        Status status;
    }

    /// @notice Verifiers of one model. What it is made of, its code and its caps make its selector, so nobody can register
    /// somebody's verifier with another batch verifier, or starved, under the selector that its publisher derived.
    /// @dev An address of zero, with zeros in the members that belong to it, leaves a verifier out.
    /// @param verifier Checks one proof of one job.
    /// @param gasCap Gas forwarded to it at most.
    /// @param batchVerifier Checks many proofs of the same key; see IGroth16BatchVerifier.
    /// @param batchBaseGas Gas forwarded to it at most, whatever the number of proofs.
    /// @param batchGasPerProof Gas forwarded to it at most for each proof on top.
    /// @param multiVerifier Checks one proof of many jobs, made with a key of its own.
    /// @param multiGasCap Gas forwarded to it at most.
    /// @param jobsPerProof Jobs that a proof for `multiVerifier` covers.
    struct VerifierSet {
        address verifier;
        uint32 gasCap;
        address batchVerifier;
        uint32 batchBaseGas;
        uint32 batchGasPerProof;
        address multiVerifier;
        uint32 multiGasCap;
        uint8 jobsPerProof;
    }

    /// @notice A set's batch verifier with its caps; zeros when there is none.
    struct BatchEntry {
        address verifier;
        uint32 baseGas;
        uint32 gasPerProof;
    }

    /// @notice A set's verifier of many jobs in one proof; zeros when there is none.
    /// @param entryPoint Function selector of its `verifyProof`, which depends on the number of public inputs.
    struct MultiEntry {
        address verifier;
        uint32 gasCap;
        uint8 jobsPerProof;
        bytes4 entryPoint;
    }

    /// @notice `verifier` can be reached under `selector`; `codeHash` is its EXTCODEHASH.
    event VerifierRegistered(bytes4 indexed selector, address indexed verifier, bytes32 codeHash, uint32 gasCap);
    /// @notice The selector, whose VerifierRegistered comes with this, is that of a set.
    event VerifierSetRegistered(bytes4 indexed selector, VerifierSet set);
    /// @notice Governance reviewed the verifier.
    event VerifierReviewed(bytes4 indexed selector);
    /// @notice Governance stopped the verifier, for good.
    event VerifierStopped(bytes4 indexed selector);

    /// @notice The address has no code.
    error VerifierRouterNotContract(address verifier);
    /// @notice The selector is taken: this verifier is registered, or its selector collides.
    error VerifierRouterSelectorTaken(bytes4 selector, address verifier);
    /// @notice The gas cap lies outside of its bounds.
    error VerifierRouterInvalidGasCap(uint256 gasCap, uint256 min, uint256 max);
    /// @notice The caps of a batch verifier lie outside of their bounds, or are given without one.
    error VerifierRouterInvalidBatchGas(uint256 baseGas, uint256 gasPerProof);
    /// @notice The number of jobs in one proof is out of bounds, or is given without a verifier for them.
    error VerifierRouterInvalidJobsPerProof(uint256 jobsPerProof, uint256 min, uint256 max);
    /// @notice A set of one verifier is no set: register the verifier.
    error VerifierRouterSingleVerifier(address verifier);
    /// @notice The selector has no batch verifier.
    error VerifierRouterNoBatchVerifier(bytes4 selector);
    /// @notice The selector has no verifier of many jobs in one proof.
    error VerifierRouterNoMultiVerifier(bytes4 selector);
    /// @notice A batch of no proofs proves nothing.
    error VerifierRouterEmptyBatch();
    /// @notice More proofs than one batch takes.
    error VerifierRouterBatchTooLarge(uint256 proofs, uint256 max);
    /// @notice Proofs and statements are not as many.
    error VerifierRouterLengthMismatch(uint256 proofs, uint256 publicInputs);
    /// @notice The proof is for another number of public inputs.
    error VerifierRouterWrongInputCount(uint256 actual, uint256 expected);
    /// @notice No verifier under this selector.
    error VerifierRouterUnknownSelector(bytes4 selector);
    /// @notice The verifier was stopped.
    error VerifierRouterStopped(bytes4 selector);
    /// @notice The verifier is not in a state from which this is possible.
    error VerifierRouterWrongStatus(bytes4 selector, Status status);
    /// @notice A public input is not below the scalar field order. Inputs of a batch are counted through all of it.
    error VerifierRouterNonCanonicalInput(uint256 index, uint256 value);
    /// @notice A proof coordinate is not below the base field order. Words of a batch are counted through all of it.
    error VerifierRouterNonCanonicalProof(uint256 index, uint256 value);
    /// @notice The code at the verifier's address is no longer what was registered.
    error VerifierRouterCodeChanged(bytes4 selector, bytes32 expected, bytes32 actual);
    /// @notice The transaction must leave the verifier its gas cap.
    error VerifierRouterInsufficientGas(uint256 available, uint256 needed);

    /// @notice Registers a verifier. Its selector derives from its address and code.
    function register(address verifier, uint32 gasCap) external returns (bytes4 selector);

    /// @notice Registers a set. Its selector derives from every member, their code and their caps.
    function registerSet(VerifierSet calldata set) external returns (bytes4 selector);

    /// @notice Marks a verifier or a set reviewed. Restricted to the timelock.
    function markReviewed(bytes4 selector) external;

    /// @notice Stops a verifier or a whole set for good. Restricted to the timelock.
    function stop(bytes4 selector) external;

    /// @notice Checks one Groth16 proof.
    /// @param proof a (2 words), b (4 words, imaginary part first as snarkjs writes), c (2 words).
    /// @param publicInputs context, input commitment, output commitment.
    /// @return valid False when the verifier says no, reverts, or answers malformed.
    function verify(
        bytes4 selector,
        uint256[8] calldata proof,
        uint256[3] calldata publicInputs
    ) external view returns (bool valid);

    /// @notice Checks up to 32 proofs of one key at once, for a fraction of what they cost one by one.
    /// @param proofs Words as in `verify`, one row a proof.
    /// @param publicInputs As in `verify`; row i belongs to proof i.
    /// @return valid True exactly when `verify` would be true for every row, except with a probability of 2⁻¹²⁸; false
    /// also when the batch verifier reverts or answers malformed. To find the bad row, ask `verify` for each.
    function verifyBatch(
        bytes4 selector,
        uint256[8][] calldata proofs,
        uint256[3][] calldata publicInputs
    ) external view returns (bool valid);

    /// @notice Checks one proof of as many jobs as the set's key covers.
    /// @param proof Words as in `verify`.
    /// @param publicInputs One context for all jobs, then the input commitment of each, then the output commitment of
    /// each, in the same order.
    /// @return valid False when the verifier says no, reverts, or answers malformed.
    function verifyMany(
        bytes4 selector,
        uint256[8] calldata proof,
        uint256[] calldata publicInputs
    ) external view returns (bool valid);

    /// @notice Entry of `selector`; status None when unknown.
    function entryOf(bytes4 selector) external view returns (Entry memory);

    /// @notice Batch verifier of `selector`; zeros when it has none.
    function batchEntryOf(bytes4 selector) external view returns (BatchEntry memory);

    /// @notice Verifier of many jobs in one proof of `selector`; zeros when it has none.
    function multiEntryOf(bytes4 selector) external view returns (MultiEntry memory);

    /// @notice Selector that `register` gives to `verifier`.
    function selectorOf(address verifier) external view returns (bytes4);

    /// @notice Selector that `registerSet` gives to `set`.
    function selectorOfSet(VerifierSet calldata set) external view returns (bytes4);

    /// @notice True when registered, not stopped, and the code of the verifier of single proofs is what was registered.
    function isUsable(bytes4 selector) external view returns (bool);
}
