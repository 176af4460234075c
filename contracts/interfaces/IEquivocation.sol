// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IEquivocation: two signed results for one order
/// @notice A provider signs a receipt with each result that it hands over: this output for this subject in this market
/// (EIP-712, domain "Lattice Equivocation"). Two receipts for one subject with different outputs contradict each other:
/// no reading makes both true, and nobody but the provider can have signed them. They are the whole ground of the slash.
/// @dev The bounty goes to the caller, and a report in the public mempool can be copied: whoever pays more for its place
/// then earns the bounty. That is accepted. The slash is the same whoever reports, the requester that got two answers
/// has them already, and commit and reveal would cost every reporter a second transaction and a wait, in which the
/// provider could take its stake out of reach. A reporter that minds sends its report to a block builder directly. The
/// provider gains nothing by reporting itself first: its own addresses get no bounty, and from any other the bounty is
/// a fraction of what it loses.
interface IEquivocation {
    /// @notice What a provider signs.
    /// @param market The market of the order or session.
    /// @param subject Struct hash of the order, or of the session's job.
    /// @param outputCommitment Commitment of the output that was handed over.
    struct Receipt {
        address market;
        bytes32 subject;
        bytes32 outputCommitment;
    }

    /// @notice One output, and the provider's signature of the receipt for it.
    struct Statement {
        bytes32 outputCommitment;
        bytes signature;
    }

    /// @notice `provider` was slashed `amount` LAT (wei) for two results of `subject`, reported by `reporter`.
    event EquivocationSlashed(
        address indexed provider,
        address indexed market,
        bytes32 indexed subject,
        address reporter,
        uint256 amount
    );

    /// @notice The two statements agree.
    error EquivocationSameOutput(bytes32 outputCommitment);
    /// @notice The provider was slashed for this subject before.
    error EquivocationAlreadyReported(address provider, address market, bytes32 subject);
    /// @notice The provider did not sign the receipt with this digest.
    error EquivocationInvalidSignature(address provider, bytes32 digest);

    /// @notice Slashes `provider` for two contradicting receipts. Anyone may; the caller earns the bounty.
    function report(
        address provider,
        address market,
        bytes32 subject,
        Statement calldata first,
        Statement calldata second
    ) external;

    /// @notice True once the provider was slashed for the subject.
    function isReported(address provider, address market, bytes32 subject) external view returns (bool);

    /// @notice EIP-712 digest that a provider signs.
    function receiptDigest(Receipt calldata receipt) external view returns (bytes32);

    /// @notice The EIP-712 domain (EIP-5267).
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        );
}
