// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IEquivocation} from "../interfaces/IEquivocation.sol";
import {IProtocolParameters} from "../interfaces/IProtocolParameters.sol";
import {IProviderRegistry} from "../interfaces/IProviderRegistry.sol";
import {IStakeVault} from "../interfaces/IStakeVault.sol";
import {FeeSplit} from "../libraries/FeeSplit.sol";
import {SignerCheck} from "../libraries/SignerCheck.sol";
import {Parameter} from "../types/Parameter.sol";
import {SlashLeg} from "../types/Stake.sol";

/// @title Equivocation: two signed results for one order
/// @notice See IEquivocation.
/// @dev Holds no funds and cannot be upgraded; it is a module of the registry's stake, so it can seize, and what it
/// seized stays in the vault. A contract that provides judges its own signatures (ERC-1271), and answers for what it
/// accepts.
contract Equivocation is IEquivocation {
    bytes32 private constant RECEIPT_TYPEHASH = keccak256(
        "Receipt(address market,bytes32 subject,bytes32 outputCommitment)"
    );
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    string private constant DOMAIN_NAME = "Lattice Equivocation";
    string private constant DOMAIN_VERSION = "1";

    IProviderRegistry public immutable REGISTRY;
    IStakeVault public immutable VAULT;
    IProtocolParameters public immutable PARAMETERS;

    uint256 private immutable _CHAIN_ID;
    bytes32 private immutable _DOMAIN_SEPARATOR;

    mapping(bytes32 key => Report) private _reports;

    constructor(IProviderRegistry registry, IStakeVault vault, IProtocolParameters parameters) {
        REGISTRY = registry;
        VAULT = vault;
        PARAMETERS = parameters;
        _CHAIN_ID = block.chainid;
        _DOMAIN_SEPARATOR = _hashDomain();
    }

    // Anyone

    /// @inheritdoc IEquivocation
    function report(
        address provider,
        address market,
        bytes32 subject,
        Statement calldata first,
        Statement calldata second
    ) external {
        if (first.outputCommitment == second.outputCommitment) revert EquivocationSameOutput(first.outputCommitment);
        Report storage reported = _reports[_keyOf(provider, market, subject)];
        if (reported.reporter != address(0)) revert EquivocationAlreadyReported(provider, market, subject);
        bytes32 separator = _domainSeparator();
        _requireSigned(provider, _digest(separator, market, subject, first.outputCommitment), first.signature);
        _requireSigned(provider, _digest(separator, market, subject, second.outputCommitment), second.signature);

        reported.reporter = msg.sender;
        // Within its bounds, below 2^80.
        uint96 amount = uint96(PARAMETERS.get(Parameter.EquivocationSlash));
        (uint256 seized, uint256 own) = VAULT.seize(address(REGISTRY), provider, amount);
        // No more than `amount`.
        reported.seized = uint80(own);
        emit EquivocationReported(provider, market, subject, msg.sender, seized);
    }

    /// @inheritdoc IEquivocation
    function settle(address provider, address market, bytes32 subject) external {
        Report storage reported = _reports[_keyOf(provider, market, subject)];
        (address reporter, uint80 seized) = (reported.reporter, reported.seized);
        if (reporter == address(0)) revert EquivocationNotReported(provider, market, subject);
        if (reported.settled) revert EquivocationAlreadySettled(provider, market, subject);

        reported.settled = true;
        SlashLeg[] memory legs = new SlashLeg[](1);
        legs[0] = SlashLeg({recipient: reporter, amount: _bounty(provider, reporter, seized)});
        emit EquivocationSettled(provider, market, subject, reporter, legs[0].amount);
        VAULT.disburse(address(REGISTRY), provider, seized, legs);
    }

    // Views

    /// @inheritdoc IEquivocation
    function isReported(address provider, address market, bytes32 subject) external view returns (bool) {
        return _reports[_keyOf(provider, market, subject)].reporter != address(0);
    }

    /// @inheritdoc IEquivocation
    function reportOf(address provider, address market, bytes32 subject) external view returns (Report memory) {
        return _reports[_keyOf(provider, market, subject)];
    }

    /// @inheritdoc IEquivocation
    function receiptDigest(Receipt calldata receipt) external view returns (bytes32) {
        return _digest(_domainSeparator(), receipt.market, receipt.subject, receipt.outputCommitment);
    }

    /// @inheritdoc IEquivocation
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
        )
    {
        // 0x0f: name, version, chain id and contract are used (EIP-5267).
        return (hex"0f", DOMAIN_NAME, DOMAIN_VERSION, block.chainid, address(this), bytes32(0), new uint256[](0));
    }

    // Internals

    function _requireSigned(address provider, bytes32 digest, bytes calldata signature) private view {
        if (!SignerCheck.isValid(provider, digest, signature)) revert EquivocationInvalidSignature(provider, digest);
    }

    function _keyOf(address provider, address market, bytes32 subject) private pure returns (bytes32) {
        return keccak256(abi.encode(provider, market, subject));
    }

    function _digest(
        bytes32 separator,
        address market,
        bytes32 subject,
        bytes32 outputCommitment
    ) private pure returns (bytes32) {
        bytes32 receiptHash = keccak256(abi.encode(RECEIPT_TYPEHASH, market, subject, outputCommitment));
        return keccak256(abi.encodePacked(hex"1901", separator, receiptHash));
    }

    /// @dev As computed when deployed, unless the chain forked and took another id since.
    function _domainSeparator() private view returns (bytes32) {
        return block.chainid == _CHAIN_ID ? _DOMAIN_SEPARATOR : _hashDomain();
    }

    function _hashDomain() private view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    DOMAIN_TYPEHASH,
                    keccak256(bytes(DOMAIN_NAME)),
                    keccak256(bytes(DOMAIN_VERSION)),
                    block.chainid,
                    address(this)
                )
            );
    }

    /// @dev Share of the provider's loss for the reporter, rounded down; none when the provider reported itself (SLA-3).
    /// The rest burns: which requester was cheated, if any, the receipts do not say.
    function _bounty(address provider, address reporter, uint256 seized) private view returns (uint96) {
        if (reporter == provider) return 0;
        if (REGISTRY.isOwnAddress(provider, reporter)) revert EquivocationOwnAddress(provider, reporter);
        // Below `seized`: the share is below one million.
        return uint96((seized * PARAMETERS.slashParameters().bountyPpm) / FeeSplit.PPM);
    }
}
