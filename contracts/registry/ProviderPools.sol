// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IEpochBeacon} from "../interfaces/IEpochBeacon.sol";
import {IProtocolParameters} from "../interfaces/IProtocolParameters.sol";
import {IProviderRegistry} from "../interfaces/IProviderRegistry.sol";
import {IStakeVault} from "../interfaces/IStakeVault.sol";
import {AskHistory} from "../libraries/AskHistory.sol";
import {SumTree} from "../libraries/SumTree.sol";
import {Parameter} from "../types/Parameter.sol";

/// @title ProviderPools: offers, weights and draws
/// @notice The half of the provider registry that beacon and market draw from.
/// @dev A provider's weight is the same in all its pools. It is read from the vault whenever something changes, never
/// accumulated, so a missed change is made good by the next one or by `syncWeight`.
abstract contract ProviderPools is IProviderRegistry {
    using AskHistory for AskHistory.History;
    using SumTree for SumTree.Tree;

    /// @notice Most offers of one provider: so many that the vault's gas for telling of a changed
    /// provision updates all of them in full pools.
    uint256 public constant MAX_OFFERS = 8;
    /// @notice The pool of all registered providers.
    bytes32 public constant LEADER_POOL = 0;
    /// @notice Epochs until a change counts.
    uint256 public constant WEIGHT_DELAY = 2;

    uint256 private constant WEIGHT_UNIT = 1 ether;

    IStakeVault public immutable VAULT;
    IProtocolParameters public immutable PARAMETERS;

    /// @param members Provider at each leaf of the tree.
    /// @param positions Leaf of each provider plus one; zero when it never joined.
    struct Pool {
        SumTree.Tree tree;
        mapping(uint256 leaf => address provider) members;
        mapping(address provider => uint256 position) positions;
    }

    /// @param offers Pools in which each provider offers now, at most MAX_OFFERS.
    /// @param asks By provider and pool.
    /// @custom:storage-location erc7201:lattice.storage.ProviderPools
    struct PoolsStorage {
        IEpochBeacon beacon;
        mapping(bytes32 pool => Pool) pools;
        mapping(address provider => bytes32[] pools) offers;
        mapping(address provider => mapping(bytes32 pool => AskHistory.History)) asks;
    }

    // keccak256(abi.encode(uint256(keccak256("lattice.storage.ProviderPools")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_SLOT = 0x6b4bd481af26f402e781c9b5aac466f94673dc2ddff0b4f66c38b4d042173500;

    constructor(IStakeVault vault, IProtocolParameters parameters) {
        VAULT = vault;
        PARAMETERS = parameters;
    }

    // ------------------------------------------------------------------------------------------ Offers

    /// @inheritdoc IProviderRegistry
    function setOffer(bytes32 modelVersion, address token, uint96 ask) external {
        _requireRegistered(msg.sender);
        // Without it, idle registrations could fill the pool of any new model.
        _requireProvision(msg.sender);

        bytes32 pool = poolOf(modelVersion, token);
        PoolsStorage storage $ = _poolsStorage();
        AskHistory.History storage history = $.asks[msg.sender][pool];
        if (!history.isOffered()) {
            bytes32[] storage offers = $.offers[msg.sender];
            if (offers.length == MAX_OFFERS) revert ProviderRegistryTooManyOffers(msg.sender, MAX_OFFERS);
            offers.push(pool);
        }
        uint256 epoch = _epoch();
        history.set(epoch, true, ask);
        emit OfferSet(msg.sender, modelVersion, token, ask, epoch + WEIGHT_DELAY);
        _join(msg.sender, pool);
        _setWeight(msg.sender, pool, epoch, _presentWeight(msg.sender));
    }

    /// @inheritdoc IProviderRegistry
    function withdrawOffer(bytes32 modelVersion, address token) external {
        bytes32 pool = poolOf(modelVersion, token);
        PoolsStorage storage $ = _poolsStorage();
        AskHistory.History storage history = $.asks[msg.sender][pool];
        if (!history.isOffered()) revert ProviderRegistryNoOffer(msg.sender, modelVersion, token);

        bytes32[] storage offers = $.offers[msg.sender];
        uint256 last = offers.length - 1;
        uint256 index;
        while (offers[index] != pool) ++index;
        offers[index] = offers[last];
        offers.pop();

        uint256 epoch = _epoch();
        history.set(epoch, false, 0);
        emit OfferWithdrawn(msg.sender, modelVersion, token, epoch + WEIGHT_DELAY);
        _setWeight(msg.sender, pool, epoch, 0);
    }

    /// @inheritdoc IProviderRegistry
    function syncWeight(address provider) external {
        _requireRegistered(provider);
        _syncPools(provider);
    }

    // ------------------------------------------------------------------------------------------ Views

    /// @inheritdoc IProviderRegistry
    function draw(bytes32 pool, uint256 epoch, uint256 randomness) external view returns (address provider) {
        Pool storage drawn = _poolsStorage().pools[pool];
        uint256 total = drawn.tree.total(epoch);
        if (total == 0) revert ProviderRegistryEmptyPool(pool, epoch);
        return drawn.members[drawn.tree.draw(epoch, randomness % total)];
    }

    /// @inheritdoc IProviderRegistry
    function totalWeight(bytes32 pool, uint256 epoch) external view returns (uint256) {
        return _poolsStorage().pools[pool].tree.total(epoch);
    }

    /// @inheritdoc IProviderRegistry
    function weightOf(address provider, bytes32 pool, uint256 epoch) external view returns (uint256) {
        Pool storage joined = _poolsStorage().pools[pool];
        uint256 position = joined.positions[provider];
        return position == 0 ? 0 : joined.tree.weightAt(position - 1, epoch);
    }

    /// @inheritdoc IProviderRegistry
    function askOf(address provider, bytes32 pool, uint256 epoch) public view returns (bool offered, uint96 ask) {
        return _poolsStorage().asks[provider][pool].at(epoch);
    }

    /// @inheritdoc IProviderRegistry
    function poolOf(bytes32 modelVersion, address token) public pure returns (bytes32) {
        return keccak256(abi.encode(modelVersion, token));
    }

    /// @inheritdoc IProviderRegistry
    function offersOf(address provider) external view returns (bytes32[] memory) {
        return _poolsStorage().offers[provider];
    }

    /// @inheritdoc IProviderRegistry
    function poolMembers(
        bytes32 pool,
        uint256 offset,
        uint256 limit
    ) external view returns (address[] memory providers) {
        Pool storage listed = _poolsStorage().pools[pool];
        uint256 count = listed.tree.leafCount;
        uint256 available = offset < count ? count - offset : 0;
        providers = new address[](limit < available ? limit : available);
        for (uint256 i = 0; i < providers.length; ++i) providers[i] = listed.members[offset + i];
    }

    /// @notice The connected beacon; zero before.
    function beacon() external view returns (address) {
        return address(_poolsStorage().beacon);
    }

    /// @inheritdoc IProviderRegistry
    function isAvailable(address provider) public view virtual returns (bool);

    // ------------------------------------------------------------------------------------------ Internals

    function _requireRegistered(address provider) internal view virtual;

    function _requireProvision(address provider) internal view {
        uint256 needed = PARAMETERS.get(Parameter.MinProvision);
        // Delegations do not help: nobody provides with strangers' stake alone.
        (uint256 provision, ) = VAULT.activeStake(provider, address(this));
        if (provision < needed) revert ProviderRegistryProvisionTooLow(provider, provision, needed);
    }

    function _connectBeacon(address connected) internal {
        PoolsStorage storage $ = _poolsStorage();
        if (address($.beacon) != address(0)) revert ProviderRegistryBeaconAlreadyConnected(address($.beacon));
        // Fails for what is no beacon, which could never be disconnected.
        IEpochBeacon(connected).currentEpoch();
        $.beacon = IEpochBeacon(connected);
        emit BeaconConnected(connected);
    }

    /// @dev Adds the provider to the pool's tree, with weight zero, unless it is there.
    function _join(address provider, bytes32 pool) internal {
        Pool storage joined = _poolsStorage().pools[pool];
        if (joined.positions[provider] != 0) return;
        uint256 leaf = joined.tree.addLeaf();
        joined.members[leaf] = provider;
        joined.positions[provider] = leaf + 1;
    }

    /// @dev At most 1 + MAX_OFFERS trees of at most 17 nodes on the path to a leaf.
    function _syncPools(address provider) internal {
        uint256 epoch = _epoch();
        uint256 weight = _presentWeight(provider);
        _setWeight(provider, LEADER_POOL, epoch, weight);
        bytes32[] storage offers = _poolsStorage().offers[provider];
        uint256 count = offers.length;
        for (uint256 i = 0; i < count; ++i) _setWeight(provider, offers[i], epoch, weight);
    }

    function _setWeight(address provider, bytes32 pool, uint256 epoch, uint256 weight) private {
        Pool storage joined = _poolsStorage().pools[pool];
        if (joined.tree.set(joined.positions[provider] - 1, epoch, weight)) {
            emit WeightChanged(provider, pool, weight, epoch + WEIGHT_DELAY);
        }
    }

    /// @dev Whole LAT, rounded down: dust never draws.
    function _presentWeight(address provider) private view returns (uint256) {
        if (!isAvailable(provider)) return 0;
        (uint256 own, uint256 delegated) = VAULT.activeStake(provider, address(this));
        if (own < PARAMETERS.get(Parameter.MinProvision)) return 0;
        uint256 stake = own + delegated;
        uint256 cap = PARAMETERS.get(Parameter.WeightCap);
        return (stake < cap ? stake : cap) / WEIGHT_UNIT;
    }

    /// @dev Zero until the beacon is connected.
    function _epoch() private view returns (uint256) {
        IEpochBeacon connected = _poolsStorage().beacon;
        return address(connected) == address(0) ? 0 : connected.currentEpoch();
    }

    function _poolsStorage() private pure returns (PoolsStorage storage $) {
        assembly ("memory-safe") {
            $.slot := STORAGE_SLOT
        }
    }
}
