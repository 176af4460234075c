// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IProviderDelegation} from "../interfaces/IProviderDelegation.sol";
import {Parameter} from "../types/Parameter.sol";
import {DelegationTerms} from "../types/ProviderTypes.sol";
import {ProviderPools} from "./ProviderPools.sol";

/// @title ProviderDelegation: on which terms providers take delegations
/// @notice The half of the provider registry that decides where a provider's earnings go. See IProviderDelegation.
/// @dev While a provider has delegators, its profile's payout is the contract that shares its earnings, and the payout
/// that it declared is kept here: who pays it reads one slot, as ever.
abstract contract ProviderDelegation is ProviderPools {
    uint256 private constant PPM = 1_000_000;

    /// @notice Whose clones share the earnings of providers with delegators.
    address public immutable DELEGATION_PAYOUT;

    /// @param terms Of each provider that ever opened its pool.
    /// @custom:storage-location erc7201:lattice.storage.ProviderDelegation
    struct DelegationStorage {
        mapping(address provider => DelegationTerms terms) terms;
    }

    // keccak256(abi.encode(uint256(keccak256("lattice.storage.ProviderDelegation")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_SLOT = 0xce4daaaa22e9040c6d75c9350f428d3fa45beeb644d7db12f2f27fa9e6151400;

    constructor(address delegationPayout) {
        DELEGATION_PAYOUT = delegationPayout;
    }

    // ------------------------------------------------------------------------------------------ Providers

    /// @inheritdoc IProviderDelegation
    function openDelegation(uint256 cutPpm) external {
        _requireRegistered(msg.sender);
        DelegationTerms storage terms = _terms(msg.sender);
        if (terms.open) revert ProviderRegistryDelegationOpen(msg.sender);
        terms.open = true;
        // Delegators that stayed since it was closed keep their protection from a higher cut.
        bool active = terms.active;
        _setCut(terms, cutPpm, active);
        if (!active) {
            terms.active = true;
            terms.ownPayout = _payout(msg.sender);
        }
        if (terms.clone == address(0)) {
            terms.clone = Clones.cloneDeterministicWithImmutableArgs(
                DELEGATION_PAYOUT,
                _cloneArguments(msg.sender),
                _salt(msg.sender)
            );
        }
        _setPayout(msg.sender, terms.clone);
        emit DelegationOpened(msg.sender, terms.clone);
        VAULT.setDelegationOpen(msg.sender, true);
    }

    /// @inheritdoc IProviderDelegation
    function setDelegationCut(uint256 cutPpm) external {
        DelegationTerms storage terms = _terms(msg.sender);
        if (!terms.active) revert ProviderRegistryNoDelegation(msg.sender);
        _setCut(terms, cutPpm, true);
    }

    /// @inheritdoc IProviderDelegation
    function closeDelegation() external {
        DelegationTerms storage terms = _terms(msg.sender);
        if (!terms.active) revert ProviderRegistryNoDelegation(msg.sender);
        bool open = terms.open;
        uint256 shares = VAULT.delegationPoolOf(msg.sender, address(this)).shares;
        if (!open && shares > 0) revert ProviderRegistryDelegatorsLeft(msg.sender, shares);
        if (open) {
            terms.open = false;
            emit DelegationClosed(msg.sender);
            VAULT.setDelegationOpen(msg.sender, false);
        }
        if (shares == 0) {
            terms.active = false;
            _setPayout(msg.sender, terms.ownPayout);
            emit DelegationEnded(msg.sender, terms.ownPayout);
        }
    }

    // ------------------------------------------------------------------------------------------ Views

    /// @inheritdoc IProviderDelegation
    function delegationTermsOf(address provider) external view returns (DelegationTerms memory) {
        return _terms(provider);
    }

    /// @inheritdoc IProviderDelegation
    function delegationCutOf(address provider) external view returns (uint256) {
        return _cut(_terms(provider));
    }

    /// @inheritdoc IProviderDelegation
    function delegationPayoutOf(address provider) public view returns (address) {
        address clone = _terms(provider).clone;
        if (clone != address(0)) return clone;
        return
            Clones.predictDeterministicAddressWithImmutableArgs(
                DELEGATION_PAYOUT,
                _cloneArguments(provider),
                _salt(provider)
            );
    }

    /// @inheritdoc IProviderDelegation
    function ownPayoutOf(address provider) public view returns (address) {
        DelegationTerms storage terms = _terms(provider);
        return terms.active ? terms.ownPayout : _payout(provider);
    }

    /// @inheritdoc IProviderDelegation
    function isOwnAddress(address provider, address account) external view returns (bool) {
        return account == provider || account == ownPayoutOf(provider) || account == delegationPayoutOf(provider);
    }

    // ------------------------------------------------------------------------------------------ Internals

    /// @dev Receiver of the provider's earnings, as stored.
    function _payout(address provider) internal view virtual returns (address);

    function _setPayout(address provider, address payout) internal virtual;

    /// @dev Takes a payout that the provider declares: into its terms while its earnings are shared.
    function _declarePayout(address provider, address payout) internal {
        DelegationTerms storage terms = _terms(provider);
        if (terms.active) terms.ownPayout = payout;
        else _setPayout(provider, payout);
    }

    /// @dev A higher cut waits when `protects`, counted from the cut of now; what waited before is replaced.
    function _setCut(DelegationTerms storage terms, uint256 cutPpm, bool protects) private {
        if (cutPpm > PPM) revert ProviderRegistryInvalidCut(cutPpm, PPM);
        uint256 current = _cut(terms);
        bool waits = protects && cutPpm > current;
        uint256 from = block.timestamp + (waits ? PARAMETERS.get(Parameter.StakeThawSeconds) : 0);
        // One million fits 32 bits, and Unix seconds plus at most 60 days 64.
        terms.cutPpm = uint32(waits ? current : cutPpm);
        terms.nextCutPpm = uint32(cutPpm);
        terms.nextCutFrom = uint64(from);
        emit DelegationCutSet(msg.sender, cutPpm, from);
    }

    function _cut(DelegationTerms storage terms) private view returns (uint256) {
        return block.timestamp < terms.nextCutFrom ? terms.cutPpm : terms.nextCutPpm;
    }

    function _terms(address provider) private view returns (DelegationTerms storage) {
        return _delegationStorage().terms[provider];
    }

    function _cloneArguments(address provider) private view returns (bytes memory) {
        return abi.encode(address(this), provider);
    }

    function _salt(address provider) private pure returns (bytes32) {
        return bytes32(uint256(uint160(provider)));
    }

    function _delegationStorage() private pure returns (DelegationStorage storage $) {
        assembly ("memory-safe") {
            $.slot := STORAGE_SLOT
        }
    }
}
