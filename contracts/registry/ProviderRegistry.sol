// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IProtocolParameters} from "../interfaces/IProtocolParameters.sol";
import {IProviderRegistry} from "../interfaces/IProviderRegistry.sol";
import {IStakeService} from "../interfaces/IStakeService.sol";
import {IStakeVault} from "../interfaces/IStakeVault.sol";
import {Bls12381} from "../libraries/Bls12381.sol";
import {G1Point, G2Point} from "../types/Bls.sol";
import {Capabilities, Provider} from "../types/ProviderTypes.sol";
import {ProviderDelegation} from "./ProviderDelegation.sol";
import {ProviderPools} from "./ProviderPools.sol";

/// @title ProviderRegistry: who provides, and the weights they are drawn with
/// @notice See IProviderRegistry. Offers and weights are in ProviderPools, delegation in ProviderDelegation.
/// @dev Holds no funds. It is the StakeVault service of all stake, so whoever may call `setStakeModule` decides which
/// contracts can slash: the timelock. A registered BLS key proved possession and is never replaced, which the beacon's
/// uniqueness rests on.
contract ProviderRegistry is ProviderDelegation, IStakeService, AccessManagedUpgradeable, UUPSUpgradeable {
    /// @notice Longest endpoint, bytes.
    uint256 public constant MAX_ENDPOINT_BYTES = 256;

    /// @notice RFC 9380 domain separation tag of proofs of possession.
    string public constant POSSESSION_DST = "LATTICE-V3-POSSESSION-BLS12381G1_XMD:SHA-256_SSWU_RO_";

    bytes32 private constant POSSESSION_DOMAIN = keccak256("LATTICE-V3-POSSESSION");

    /// @custom:storage-location erc7201:lattice.storage.ProviderRegistry
    struct RegistryStorage {
        mapping(address provider => Provider) providers;
        mapping(bytes32 blsKeyHash => bool) keyTaken;
    }

    // keccak256(abi.encode(uint256(keccak256("lattice.storage.ProviderRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_SLOT = 0x61edd579e924fa2623d6a155ffe201df8c5c130aaf5e1914b713a547c4f32400;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(
        IStakeVault vault,
        IProtocolParameters parameters,
        address delegationPayout
    ) ProviderPools(vault, parameters) ProviderDelegation(delegationPayout) {
        _disableInitializers();
    }

    /// @param accessManager Holder of every role.
    function initialize(address accessManager) external initializer {
        __AccessManaged_init(accessManager);
    }

    // ------------------------------------------------------------------------------------------ Providers

    /// @inheritdoc IProviderRegistry
    function register(
        string calldata endpoint,
        address payout,
        Capabilities calldata capabilities,
        G2Point calldata blsKey,
        G1Point calldata possession
    ) external {
        RegistryStorage storage $ = _registryStorage();
        Provider storage provider = $.providers[msg.sender];
        if (provider.registered) revert ProviderRegistryAlreadyRegistered(msg.sender);
        _requireProvision(msg.sender);
        bytes32 keyHash = keccak256(abi.encode(blsKey));
        if ($.keyTaken[keyHash]) revert ProviderRegistryKeyTaken(keyHash);
        if (!Bls12381.verify(possession, blsKey, possessionMessage(msg.sender), bytes(POSSESSION_DST))) {
            revert ProviderRegistryInvalidPossessionProof(msg.sender);
        }

        provider.registered = true;
        provider.blsKeyHash = keyHash;
        $.keyTaken[keyHash] = true;
        emit ProviderRegistered(msg.sender, payout, endpoint, blsKey);
        _setProfile(provider, endpoint, payout, capabilities);
        _join(msg.sender, LEADER_POOL);
        _syncPools(msg.sender);
    }

    /// @inheritdoc IProviderRegistry
    function update(string calldata endpoint, address payout, Capabilities calldata capabilities) external {
        _requireRegistered(msg.sender);
        _setProfile(_registryStorage().providers[msg.sender], endpoint, payout, capabilities);
    }

    /// @inheritdoc IProviderRegistry
    function setDraining(bool draining) external {
        _requireRegistered(msg.sender);
        _registryStorage().providers[msg.sender].draining = draining;
        emit ProviderDrainSet(msg.sender, draining);
        _syncPools(msg.sender);
    }

    // ------------------------------------------------------------------------------------------ Protocol

    /// @inheritdoc IStakeService
    /// @dev Open to anyone: it only reads what the vault holds now.
    function onProvisionChanged(address provider) external {
        if (_registryStorage().providers[provider].registered) _syncPools(provider);
    }

    /// @inheritdoc IProviderRegistry
    function setJailed(address provider, bool jailed) external restricted {
        _requireRegistered(provider);
        _registryStorage().providers[provider].jailed = jailed;
        emit ProviderJailSet(provider, jailed);
        _syncPools(provider);
    }

    // ------------------------------------------------------------------------------------------ Governance

    /// @inheritdoc IProviderRegistry
    function setStakeModule(address module, bool allowed) external restricted {
        VAULT.setModule(module, allowed);
    }

    /// @inheritdoc IProviderRegistry
    function connectBeacon(address connected) external restricted {
        _connectBeacon(connected);
    }

    // ------------------------------------------------------------------------------------------ Views

    /// @inheritdoc IProviderRegistry
    function providerOf(address provider) external view returns (Provider memory) {
        return _registryStorage().providers[provider];
    }

    /// @inheritdoc IProviderRegistry
    function payoutOf(address provider) external view returns (address) {
        return _payout(provider);
    }

    /// @inheritdoc IProviderRegistry
    function payeeOf(address provider) external view returns (address payout, bool available) {
        return (_payout(provider), isAvailable(provider));
    }

    /// @inheritdoc IProviderRegistry
    function tiersOf(address provider) external view returns (uint8) {
        return _registryStorage().providers[provider].capabilities.tiers;
    }

    /// @inheritdoc IProviderRegistry
    function blsKeyHashOf(address provider) external view returns (bytes32) {
        return _registryStorage().providers[provider].blsKeyHash;
    }

    /// @inheritdoc IProviderRegistry
    function isAvailable(address provider) public view override returns (bool) {
        Provider storage profile = _registryStorage().providers[provider];
        return profile.registered && !profile.draining && !profile.jailed;
    }

    /// @inheritdoc IProviderRegistry
    function quoteOf(
        address provider,
        bytes32 pool,
        uint256 epoch,
        uint256 collateral
    ) external view returns (bool willing, uint96 ask) {
        (willing, ask) = askOf(provider, pool, epoch);
        willing =
            willing &&
            isAvailable(provider) &&
            collateral <= _registryStorage().providers[provider].capabilities.maxCollateral;
    }

    /// @inheritdoc IProviderRegistry
    function possessionMessage(address provider) public view returns (bytes memory) {
        return abi.encode(POSSESSION_DOMAIN, block.chainid, address(this), provider);
    }

    // ------------------------------------------------------------------------------------------ Internals

    function _setProfile(
        Provider storage provider,
        string calldata endpoint,
        address payout,
        Capabilities calldata capabilities
    ) private {
        uint256 length = bytes(endpoint).length;
        if (length == 0 || length > MAX_ENDPOINT_BYTES) {
            revert ProviderRegistryInvalidEndpoint(length, MAX_ENDPOINT_BYTES);
        }
        if (payout == address(0)) revert ProviderRegistryZeroPayout();
        provider.endpoint = endpoint;
        _declarePayout(msg.sender, payout);
        provider.capabilities = capabilities;
        emit ProviderUpdated(msg.sender, payout, endpoint, capabilities);
    }

    function _payout(address provider) internal view override returns (address) {
        return _registryStorage().providers[provider].payout;
    }

    function _setPayout(address provider, address payout) internal override {
        _registryStorage().providers[provider].payout = payout;
    }

    function _requireRegistered(address provider) internal view override {
        if (!_registryStorage().providers[provider].registered) revert ProviderRegistryNotRegistered(provider);
    }

    function _registryStorage() private pure returns (RegistryStorage storage $) {
        assembly ("memory-safe") {
            $.slot := STORAGE_SLOT
        }
    }

    /// @dev Restricted to the timelock.
    function _authorizeUpgrade(address) internal override restricted {}
}
