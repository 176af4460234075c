// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IEquivocation: two signed results for one order
/// @notice A provider signs a receipt with each result that it hands over: this output for this subject in this market
/// (EIP-712, domain "Lattice Equivocation"). Two receipts for one subject with different outputs contradict each other:
/// no reading makes both true, and nobody but the provider can have signed them. They are the whole ground of the slash.
/// `report` takes the stake, for good; `settle` pays the reporter, burns the rest and has weights follow.
/// @dev The bounty goes to whoever reports first, and a report in the public mempool can be copied: whoever pays more for
/// its place then earns the bounty. That is accepted. The slash is the same whoever reports, the requester that got two
/// answers has them already, and commit and reveal would cost every reporter one more transaction and a wait, in which
/// the provider could take its stake out of reach. A reporter that minds sends its report to a block builder directly.
/// The provider gains nothing by reporting itself first: its own addresses get no bounty, and from any other, an address
/// that was its payout included, the bounty is a fraction of what it loses.
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

    /// @notice What became of a reported subject.
    /// @param reporter Never zero once reported, whatever was taken.
    /// @param seized The provider's own part of the slash, LAT wei: the bounty is a share of it.
    /// @param settled The bounty was paid and the rest burned.
    struct Report {
        address reporter;
        uint80 seized;
        bool settled;
    }

    /// @notice `provider` lost `amount` LAT (wei), delegated LAT included, for two results of `subject`, reported by
    /// `reporter`.
    event EquivocationReported(
        address indexed provider,
        address indexed market,
        bytes32 indexed subject,
        address reporter,
        uint256 amount
    );
    /// @notice What `provider` lost for `subject` was disbursed: `bounty` LAT (wei) to `reporter`, and the rest burned.
    event EquivocationSettled(
        address indexed provider,
        address indexed market,
        bytes32 indexed subject,
        address reporter,
        uint256 bounty
    );

    /// @notice The two statements agree.
    error EquivocationSameOutput(bytes32 outputCommitment);
    /// @notice The provider was reported for this subject before.
    error EquivocationAlreadyReported(address provider, address market, bytes32 subject);
    /// @notice The provider was not reported for this subject.
    error EquivocationNotReported(address provider, address market, bytes32 subject);
    /// @notice What the provider lost for this subject was disbursed before.
    error EquivocationAlreadySettled(address provider, address market, bytes32 subject);
    /// @notice The reporter is the provider's payout now: no bounty is paid to it.
    error EquivocationOwnAddress(address provider, address reporter);
    /// @notice The provider did not sign the receipt with this digest.
    error EquivocationInvalidSignature(address provider, bytes32 digest);

    /// @notice Takes the slash from `provider` for two contradicting receipts, at once and for good. Anyone may; the
    /// caller earns the bounty, which `settle` pays.
    function report(
        address provider,
        address market,
        bytes32 subject,
        Statement calldata first,
        Statement calldata second
    ) external;

    /// @notice Pays the bounty for a report, burns the rest of what was taken, and has the provider's weights brought up
    /// to date. Anyone may; the reporter wants to.
    /// @dev A provider that reported itself gets no bounty (SLA-3). One whose payout is the reporter now cannot be settled
    /// before it declares another: were the bounty burned instead, a provider could declare any reporter its payout, settle
    /// and take it back, all in one transaction, and nobody would report for nothing. While it stands, its earnings go to
    /// the reporter. The bounty's share is the one in force now, within its bounds. A reporter that minds either reports
    /// and settles in one transaction of a contract.
    ///
    /// Until then what was taken lies in the vault, where nobody reaches it, and draws count the provider's stake of
    /// before, unless somebody calls the registry's `syncWeight`.
    function settle(address provider, address market, bytes32 subject) external;

    /// @notice True once the provider was reported for the subject, settled or not. It stays so.
    function isReported(address provider, address market, bytes32 subject) external view returns (bool);

    /// @notice What became of the report for the subject; all zero when there is none.
    function reportOf(address provider, address market, bytes32 subject) external view returns (Report memory);

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
