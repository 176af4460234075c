// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IVerifierRouter: selector to immutable verifier
/// @notice Anyone registers a verifier for their model; governance marks it reviewed, or stops it for good. A
/// selector is never given to another verifier.
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

    /// @notice `verifier` can be reached under `selector`; `codeHash` is its EXTCODEHASH.
    event VerifierRegistered(bytes4 indexed selector, address indexed verifier, bytes32 codeHash, uint32 gasCap);
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
    /// @notice No verifier under this selector.
    error VerifierRouterUnknownSelector(bytes4 selector);
    /// @notice The verifier was stopped.
    error VerifierRouterStopped(bytes4 selector);
    /// @notice The verifier is not in a state from which this is possible.
    error VerifierRouterWrongStatus(bytes4 selector, Status status);
    /// @notice A public input is not below the scalar field order.
    error VerifierRouterNonCanonicalInput(uint256 index, uint256 value);
    /// @notice A proof coordinate is not below the base field order.
    error VerifierRouterNonCanonicalProof(uint256 index, uint256 value);
    /// @notice The code at the verifier's address is no longer what was registered.
    error VerifierRouterCodeChanged(bytes4 selector, bytes32 expected, bytes32 actual);
    /// @notice The transaction must leave the verifier its gas cap.
    error VerifierRouterInsufficientGas(uint256 available, uint256 needed);

    /// @notice Registers a verifier. Its selector derives from its address and code.
    function register(address verifier, uint32 gasCap) external returns (bytes4 selector);

    /// @notice Marks a verifier reviewed. Restricted to the timelock.
    function markReviewed(bytes4 selector) external;

    /// @notice Stops a verifier for good. Restricted to the timelock.
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
    /// @return valid True exactly when `verify` would be true for every row. To find the bad row, ask `verify` for each.
    function verifyBatch(
        bytes4 selector,
        uint256[8][] calldata proofs,
        uint256[3][] calldata publicInputs
    ) external view returns (bool valid);

    /// @notice Entry of `selector`; status None when unknown.
    function entryOf(bytes4 selector) external view returns (Entry memory);

    /// @notice Selector that `register` gives to `verifier`.
    function selectorOf(address verifier) external view returns (bytes4);

    /// @notice True when registered, not stopped, and the code is what was registered.
    function isUsable(bytes4 selector) external view returns (bool);
}
