// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IGroth16Verifier} from "../interfaces/IGroth16Verifier.sol";
import {IVerifierRouter} from "../interfaces/IVerifierRouter.sol";
import {Bn254} from "../libraries/Bn254.sol";

/// @title VerifierRouter: selector to immutable verifier
/// @notice See IVerifierRouter.
/// @dev Holds no funds. A verifier is foreign code: it is called statically, with a fixed gas allowance, and what it
/// answers is read into one word. Its code is fixed by hash, so it cannot be replaced behind its selector.
contract VerifierRouter is IVerifierRouter, AccessManagedUpgradeable, UUPSUpgradeable {
    /// @notice Least gas cap. The first registration of a verifier fixes its cap for good, so the bound is what any
    /// Groth16 verifier of three public inputs needs (about 210 k): nobody can register another's verifier starved.
    uint256 public constant MIN_GAS_CAP = 300_000;

    /// @notice Highest gas cap.
    uint256 public constant MAX_GAS_CAP = 1_000_000;

    /// @dev Gas that the call itself takes beyond what it forwards.
    uint256 private constant CALL_OVERHEAD = 3_000;

    /// @param entry Verifier, gas cap and status, in one slot.
    /// @param codeHash EXTCODEHASH of the verifier when it was registered.
    struct Registration {
        Entry entry;
        bytes32 codeHash;
    }

    /// @custom:storage-location erc7201:lattice.storage.VerifierRouter
    struct RouterStorage {
        mapping(bytes4 selector => Registration registration) registrations;
    }

    // keccak256(abi.encode(uint256(keccak256("lattice.storage.VerifierRouter")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_SLOT = 0x4dee2ac5fef18da696488bb36d246cc2d25be0366a1b110dc19cdab5c4de5a00;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @param accessManager Holder of every role.
    function initialize(address accessManager) external initializer {
        __AccessManaged_init(accessManager);
    }

    // Registration

    /// @inheritdoc IVerifierRouter
    function register(address verifier, uint32 gasCap) external returns (bytes4 selector) {
        if (verifier.code.length == 0) revert VerifierRouterNotContract(verifier);
        if (gasCap < MIN_GAS_CAP || gasCap > MAX_GAS_CAP) {
            revert VerifierRouterInvalidGasCap(gasCap, MIN_GAS_CAP, MAX_GAS_CAP);
        }
        selector = selectorOf(verifier);
        Registration storage registration = _storage().registrations[selector];
        if (registration.entry.status != Status.None) {
            revert VerifierRouterSelectorTaken(selector, registration.entry.verifier);
        }
        registration.entry = Entry({verifier: verifier, gasCap: gasCap, status: Status.Registered});
        registration.codeHash = verifier.codehash;
        emit VerifierRegistered(selector, verifier, verifier.codehash, gasCap);
    }

    // Governance

    /// @inheritdoc IVerifierRouter
    function markReviewed(bytes4 selector) external restricted {
        Entry storage entry = _knownEntry(selector);
        if (entry.status != Status.Registered) revert VerifierRouterWrongStatus(selector, entry.status);
        entry.status = Status.Reviewed;
        emit VerifierReviewed(selector);
    }

    /// @inheritdoc IVerifierRouter
    function stop(bytes4 selector) external restricted {
        Entry storage entry = _knownEntry(selector);
        if (entry.status == Status.Stopped) revert VerifierRouterWrongStatus(selector, entry.status);
        entry.status = Status.Stopped;
        emit VerifierStopped(selector);
    }

    // Verification

    /// @inheritdoc IVerifierRouter
    function verify(
        bytes4 selector,
        uint256[8] calldata proof,
        uint256[3] calldata publicInputs
    ) public view returns (bool valid) {
        Registration storage registration = _storage().registrations[selector];
        Entry memory entry = registration.entry;
        if (entry.status == Status.None) revert VerifierRouterUnknownSelector(selector);
        if (entry.status == Status.Stopped) revert VerifierRouterStopped(selector);
        bytes32 codeHash = registration.codeHash;
        if (entry.verifier.codehash != codeHash) {
            revert VerifierRouterCodeChanged(selector, codeHash, entry.verifier.codehash);
        }
        _requireCanonical(proof, publicInputs);
        return _call(entry.verifier, entry.gasCap, proof, publicInputs);
    }

    /// @inheritdoc IVerifierRouter
    function verifyBatch(
        bytes4 selector,
        uint256[8][] calldata proofs,
        uint256[3][] calldata publicInputs
    ) external view returns (bool valid) {
        valid = proofs.length == publicInputs.length;
        for (uint256 i = 0; valid && i < proofs.length; ++i) valid = verify(selector, proofs[i], publicInputs[i]);
    }

    // Views

    /// @inheritdoc IVerifierRouter
    function entryOf(bytes4 selector) external view returns (Entry memory) {
        return _storage().registrations[selector].entry;
    }

    /// @inheritdoc IVerifierRouter
    function selectorOf(address verifier) public view returns (bytes4) {
        return bytes4(keccak256(abi.encode(verifier, verifier.codehash)));
    }

    /// @inheritdoc IVerifierRouter
    function isUsable(bytes4 selector) external view returns (bool) {
        Registration storage registration = _storage().registrations[selector];
        Entry memory entry = registration.entry;
        if (entry.status != Status.Registered && entry.status != Status.Reviewed) return false;
        return entry.verifier.codehash == registration.codeHash;
    }

    // Internals

    /// @dev Field elements have one accepted encoding each; exported verifiers check only some of the words and
    /// reduce others, which would let one proof be written in several ways.
    function _requireCanonical(uint256[8] calldata proof, uint256[3] calldata publicInputs) private pure {
        for (uint256 i = 0; i < 3; ++i) {
            if (publicInputs[i] >= Bn254.SCALAR_FIELD) revert VerifierRouterNonCanonicalInput(i, publicInputs[i]);
        }
        for (uint256 i = 0; i < 8; ++i) {
            if (proof[i] >= Bn254.BASE_FIELD) revert VerifierRouterNonCanonicalProof(i, proof[i]);
        }
    }

    /// @dev A caller that leaves too little gas must not be able to turn a valid proof into a "no": EIP-150 would
    /// silently forward less than the cap, so the call is refused unless 63/64 of what is left covers it.
    function _call(
        address verifier,
        uint256 gasCap,
        uint256[8] calldata proof,
        uint256[3] calldata publicInputs
    ) private view returns (bool valid) {
        bytes memory data = abi.encodeWithSelector(IGroth16Verifier.verifyProof.selector, proof, publicInputs);
        uint256 needed = (gasCap * 64) / 63 + CALL_OVERHEAD;
        uint256 available = gasleft();
        if (available < needed) revert VerifierRouterInsufficientGas(available, needed);
        // The answer goes to the scratch space: a verifier cannot make its caller copy a long one.
        assembly ("memory-safe") {
            let success := staticcall(gasCap, verifier, add(data, 0x20), mload(data), 0x00, 0x20)
            valid := and(and(success, eq(returndatasize(), 0x20)), eq(mload(0x00), 1))
        }
    }

    function _knownEntry(bytes4 selector) private view returns (Entry storage entry) {
        entry = _storage().registrations[selector].entry;
        if (entry.status == Status.None) revert VerifierRouterUnknownSelector(selector);
    }

    function _storage() private pure returns (RouterStorage storage $) {
        assembly ("memory-safe") {
            $.slot := STORAGE_SLOT
        }
    }

    /// @dev Restricted to the timelock.
    function _authorizeUpgrade(address) internal override restricted {}
}
