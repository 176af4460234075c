// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IGroth16BatchVerifier} from "../interfaces/IGroth16BatchVerifier.sol";
import {IGroth16Verifier} from "../interfaces/IGroth16Verifier.sol";
import {IVerifierRouter} from "../interfaces/IVerifierRouter.sol";
import {Bn254} from "../libraries/Bn254.sol";

/// @title VerifierRouter: selector to immutable verifier, or set of verifiers
/// @notice See IVerifierRouter.
/// @dev Holds no funds. A verifier is foreign code: it is called statically, with a fixed gas allowance, and what it
/// answers is read into one word. Its code is fixed by hash, so it cannot be replaced behind its selector.
contract VerifierRouter is IVerifierRouter, AccessManagedUpgradeable, UUPSUpgradeable {
    /// @notice Least gas cap. The first registration of a verifier fixes its cap for good, so the bound is what any
    /// Groth16 verifier of three public inputs needs (about 210 k): nobody can register another's verifier starved.
    uint256 public constant MIN_GAS_CAP = 300_000;

    /// @notice Highest gas cap.
    uint256 public constant MAX_GAS_CAP = 1_000_000;

    /// @notice Most proofs in one batch.
    uint256 public constant MAX_BATCH = 32;

    /// @notice Highest gas cap of a full batch: what a caller must be able to leave for it.
    uint256 public constant MAX_BATCH_GAS = 2_500_000;

    /// @notice Fewest jobs that a proof of many covers.
    uint256 public constant MIN_JOBS_PER_PROOF = 2;

    /// @notice Most jobs that one proof covers; with 65 public inputs it is checked for about 670 k gas.
    uint256 public constant MAX_JOBS_PER_PROOF = 32;

    /// @dev Gas that the call itself takes beyond what it forwards.
    uint256 private constant CALL_OVERHEAD = 3_000;

    /// @param entry Verifier, gas cap and status, in one slot.
    /// @param codeHash EXTCODEHASH of the verifier when it was registered.
    /// @param batch Batch verifier of a set and its caps, in one slot that single proofs never read.
    /// @param multi Verifier of many jobs in one proof and its cap, in one slot likewise.
    struct Registration {
        Entry entry;
        bytes32 codeHash;
        BatchEntry batch;
        bytes32 batchCodeHash;
        MultiEntry multi;
        bytes32 multiCodeHash;
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
        _requireCode(verifier);
        _requireGasCap(gasCap);
        selector = selectorOf(verifier);
        _store(selector, verifier, gasCap);
    }

    /// @inheritdoc IVerifierRouter
    function registerSet(VerifierSet calldata set) external returns (bytes4 selector) {
        _requireCode(set.verifier);
        _requireGasCap(set.gasCap);
        if (set.batchVerifier == address(0) && set.multiVerifier == address(0)) {
            revert VerifierRouterSingleVerifier(set.verifier);
        }
        _requireBatchBounds(set);
        _requireMultiBounds(set);
        selector = selectorOfSet(set);
        Registration storage registration = _store(selector, set.verifier, set.gasCap);
        if (set.batchVerifier != address(0)) {
            registration.batch = BatchEntry(set.batchVerifier, set.batchBaseGas, set.batchGasPerProof);
            registration.batchCodeHash = set.batchVerifier.codehash;
        }
        if (set.multiVerifier != address(0)) {
            bytes4 entryPoint = _entryPoint(_inputCount(set.jobsPerProof));
            registration.multi = MultiEntry(set.multiVerifier, set.multiGasCap, set.jobsPerProof, entryPoint);
            registration.multiCodeHash = set.multiVerifier.codehash;
        }
        emit VerifierSetRegistered(selector, set);
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
    ) external view returns (bool valid) {
        Registration storage registration = _storage().registrations[selector];
        Entry memory entry = registration.entry;
        _requireRunning(selector, entry.status);
        _requireSameCode(selector, entry.verifier, registration.codeHash);
        if (!_areCanonicalInputs(publicInputs)) _revertNonCanonicalInput(publicInputs, 0);
        if (!_isCanonicalProof(proof)) _revertNonCanonicalProof(proof, 0);
        bytes memory data = abi.encodeWithSelector(IGroth16Verifier.verifyProof.selector, proof, publicInputs);
        return _call(entry.verifier, entry.gasCap, data);
    }

    /// @inheritdoc IVerifierRouter
    function verifyBatch(
        bytes4 selector,
        uint256[8][] calldata proofs,
        uint256[3][] calldata publicInputs
    ) external view returns (bool valid) {
        Registration storage registration = _storage().registrations[selector];
        _requireRunning(selector, registration.entry.status);
        BatchEntry memory batch = registration.batch;
        if (batch.verifier == address(0)) revert VerifierRouterNoBatchVerifier(selector);
        _requireSameCode(selector, batch.verifier, registration.batchCodeHash);
        _requireBatch(proofs, publicInputs);
        uint256 gasCap = uint256(batch.baseGas) + uint256(batch.gasPerProof) * proofs.length;
        return _call(batch.verifier, gasCap, _encodeBatch(proofs, publicInputs));
    }

    /// @inheritdoc IVerifierRouter
    function verifyMany(
        bytes4 selector,
        uint256[8] calldata proof,
        uint256[] calldata publicInputs
    ) external view returns (bool valid) {
        Registration storage registration = _storage().registrations[selector];
        _requireRunning(selector, registration.entry.status);
        MultiEntry memory multi = registration.multi;
        if (multi.verifier == address(0)) revert VerifierRouterNoMultiVerifier(selector);
        _requireSameCode(selector, multi.verifier, registration.multiCodeHash);
        uint256 expected = _inputCount(multi.jobsPerProof);
        if (publicInputs.length != expected) revert VerifierRouterWrongInputCount(publicInputs.length, expected);
        for (uint256 i = 0; i < expected; ++i) {
            if (publicInputs[i] >= Bn254.SCALAR_FIELD) revert VerifierRouterNonCanonicalInput(i, publicInputs[i]);
        }
        if (!_isCanonicalProof(proof)) _revertNonCanonicalProof(proof, 0);
        // Static arrays are encoded in place, and packing pads their words: this is the call of a `verifyProof` whose
        // last argument is a static array of this length.
        return _call(multi.verifier, multi.gasCap, abi.encodePacked(multi.entryPoint, proof, publicInputs));
    }

    // Views

    /// @inheritdoc IVerifierRouter
    function entryOf(bytes4 selector) external view returns (Entry memory) {
        return _storage().registrations[selector].entry;
    }

    /// @inheritdoc IVerifierRouter
    function batchEntryOf(bytes4 selector) external view returns (BatchEntry memory) {
        return _storage().registrations[selector].batch;
    }

    /// @inheritdoc IVerifierRouter
    function multiEntryOf(bytes4 selector) external view returns (MultiEntry memory) {
        return _storage().registrations[selector].multi;
    }

    /// @inheritdoc IVerifierRouter
    function selectorOf(address verifier) public view returns (bytes4) {
        return bytes4(keccak256(abi.encode(verifier, verifier.codehash)));
    }

    /// @inheritdoc IVerifierRouter
    function selectorOfSet(VerifierSet calldata set) public view returns (bytes4) {
        bytes32[3] memory codeHashes = [set.verifier.codehash, set.batchVerifier.codehash, set.multiVerifier.codehash];
        return bytes4(keccak256(abi.encode(set, codeHashes)));
    }

    /// @inheritdoc IVerifierRouter
    function isUsable(bytes4 selector) external view returns (bool) {
        Registration storage registration = _storage().registrations[selector];
        Entry memory entry = registration.entry;
        if (entry.status != Status.Registered && entry.status != Status.Reviewed) return false;
        return entry.verifier.codehash == registration.codeHash;
    }

    // Internals

    function _store(
        bytes4 selector,
        address verifier,
        uint32 gasCap
    ) private returns (Registration storage registration) {
        registration = _storage().registrations[selector];
        if (registration.entry.status != Status.None) {
            revert VerifierRouterSelectorTaken(selector, registration.entry.verifier);
        }
        registration.entry = Entry({verifier: verifier, gasCap: gasCap, status: Status.Registered});
        registration.codeHash = verifier.codehash;
        emit VerifierRegistered(selector, verifier, verifier.codehash, gasCap);
    }

    function _requireCode(address verifier) private view {
        if (verifier.code.length == 0) revert VerifierRouterNotContract(verifier);
    }

    function _requireGasCap(uint256 gasCap) private pure {
        if (gasCap < MIN_GAS_CAP || gasCap > MAX_GAS_CAP) {
            revert VerifierRouterInvalidGasCap(gasCap, MIN_GAS_CAP, MAX_GAS_CAP);
        }
    }

    /// @dev A set has one encoding: members that belong to no verifier are zero. There is no least cap, because caps are
    /// part of a set's selector: who registers a starved set starves nobody else's.
    function _requireBatchBounds(VerifierSet calldata set) private view {
        uint256 baseGas = set.batchBaseGas;
        uint256 gasPerProof = set.batchGasPerProof;
        bool fits;
        if (set.batchVerifier == address(0)) {
            fits = baseGas == 0 && gasPerProof == 0;
        } else {
            _requireCode(set.batchVerifier);
            fits = baseGas > 0 && gasPerProof > 0 && baseGas + gasPerProof * MAX_BATCH <= MAX_BATCH_GAS;
        }
        if (!fits) revert VerifierRouterInvalidBatchGas(baseGas, gasPerProof);
    }

    function _requireMultiBounds(VerifierSet calldata set) private view {
        uint256 jobs = set.jobsPerProof;
        if (set.multiVerifier == address(0)) {
            if (jobs != 0) revert VerifierRouterInvalidJobsPerProof(jobs, 0, 0);
            if (set.multiGasCap != 0) revert VerifierRouterInvalidGasCap(set.multiGasCap, 0, 0);
            return;
        }
        _requireCode(set.multiVerifier);
        _requireGasCap(set.multiGasCap);
        if (jobs < MIN_JOBS_PER_PROOF || jobs > MAX_JOBS_PER_PROOF) {
            revert VerifierRouterInvalidJobsPerProof(jobs, MIN_JOBS_PER_PROOF, MAX_JOBS_PER_PROOF);
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

    function _requireRunning(bytes4 selector, Status status) private pure {
        if (status == Status.None) revert VerifierRouterUnknownSelector(selector);
        if (status == Status.Stopped) revert VerifierRouterStopped(selector);
    }

    function _requireSameCode(bytes4 selector, address verifier, bytes32 codeHash) private view {
        if (verifier.codehash != codeHash) revert VerifierRouterCodeChanged(selector, codeHash, verifier.codehash);
    }

    function _requireBatch(uint256[8][] calldata proofs, uint256[3][] calldata publicInputs) private pure {
        uint256 count = proofs.length;
        if (count != publicInputs.length) revert VerifierRouterLengthMismatch(count, publicInputs.length);
        if (count == 0) revert VerifierRouterEmptyBatch();
        if (count > MAX_BATCH) revert VerifierRouterBatchTooLarge(count, MAX_BATCH);
        for (uint256 i = 0; i < count; ++i) {
            if (!_areCanonicalInputs(publicInputs[i])) _revertNonCanonicalInput(publicInputs[i], 3 * i);
            if (!_isCanonicalProof(proofs[i])) _revertNonCanonicalProof(proofs[i], 8 * i);
        }
    }

    /// @dev Field elements have one accepted encoding each; exported verifiers check only some of the words and
    /// reduce others, which would let one proof be written in several ways. Every word is below the order when the largest
    /// is, which is found without a branch for each: a full batch has 352 of them.
    function _areCanonicalInputs(uint256[3] calldata inputs) private pure returns (bool) {
        return Math.max(Math.max(inputs[0], inputs[1]), inputs[2]) < Bn254.SCALAR_FIELD;
    }

    function _isCanonicalProof(uint256[8] calldata proof) private pure returns (bool) {
        uint256 largest = Math.max(Math.max(proof[0], proof[1]), Math.max(proof[2], proof[3]));
        largest = Math.max(largest, Math.max(Math.max(proof[4], proof[5]), Math.max(proof[6], proof[7])));
        return largest < Bn254.BASE_FIELD;
    }

    /// @param offset Number of the first word in what the caller sent.
    function _revertNonCanonicalInput(uint256[3] calldata inputs, uint256 offset) private pure {
        uint256 i = 0;
        while (inputs[i] < Bn254.SCALAR_FIELD) ++i;
        revert VerifierRouterNonCanonicalInput(offset + i, inputs[i]);
    }

    function _revertNonCanonicalProof(uint256[8] calldata proof, uint256 offset) private pure {
        uint256 i = 0;
        while (proof[i] < Bn254.BASE_FIELD) ++i;
        revert VerifierRouterNonCanonicalProof(offset + i, proof[i]);
    }

    /// @dev The same bytes as abi.encodeCall, which copies row after row: rows lie together in calldata as they do in
    /// the encoding.
    function _encodeBatch(
        uint256[8][] calldata proofs,
        uint256[3][] calldata publicInputs
    ) private pure returns (bytes memory) {
        bytes calldata proofBytes;
        bytes calldata inputBytes;
        assembly ("memory-safe") {
            proofBytes.offset := proofs.offset
            proofBytes.length := mul(proofs.length, 0x100)
            inputBytes.offset := publicInputs.offset
            inputBytes.length := mul(publicInputs.length, 0x60)
        }
        return
            abi.encodePacked(
                IGroth16BatchVerifier.verifyBatch.selector,
                // Where the two arrays start: after these words, and after the first with its length.
                uint256(0x40),
                0x60 + proofBytes.length,
                proofs.length,
                proofBytes,
                publicInputs.length,
                inputBytes
            );
    }

    /// @dev A caller that leaves too little gas must not be able to turn a valid proof into a "no": EIP-150 would
    /// silently forward less than the cap, so the call is refused unless 63/64 of what is left covers it.
    function _call(address verifier, uint256 gasCap, bytes memory data) private view returns (bool valid) {
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
