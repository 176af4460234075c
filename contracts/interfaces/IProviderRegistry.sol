// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {G1Point, G2Point} from "../types/Bls.sol";
import {Capabilities, Provider} from "../types/ProviderTypes.sol";
import {IProviderDelegation} from "./IProviderDelegation.sol";

/// @title IProviderRegistry: who provides, what they offer, and the weights they are drawn with
/// @notice Each pair of model version and payment token has a pool, a sum tree of the providers that offer to run the
/// one for the other; pool zero holds all registered providers and elects beacon leaders. Weight is the provision less what thaws, in whole LAT, capped.
/// @dev A change of weight or ask made in epoch e counts from epoch e + 2, so whoever makes it does not know the
/// seed that will draw with it, unless it leads the next two epochs in a row. Trees remember enough to draw for the current epoch, the one before and the two after.
/// The registry is the StakeVault service to which all stake is provisioned.
interface IProviderRegistry is IProviderDelegation {
    /// @notice `provider` joined with this endpoint and BLS public key.
    event ProviderRegistered(address indexed provider, address indexed payout, string endpoint, G2Point blsKey);
    /// @notice Endpoint, payout or capabilities changed.
    event ProviderUpdated(address indexed provider, address indexed payout, string endpoint, Capabilities capabilities);
    /// @notice `provider` stopped or resumed taking new work.
    event ProviderDrainSet(address indexed provider, bool draining);
    /// @notice `provider` was taken out of, or returned to, new work by the protocol.
    event ProviderJailSet(address indexed provider, bool jailed);
    /// @notice `provider` offers to run `modelVersion` for `ask` smallest units of `token` a job, counted from `fromEpoch`.
    event OfferSet(
        address indexed provider,
        bytes32 indexed modelVersion,
        address indexed token,
        uint96 ask,
        uint256 fromEpoch
    );
    /// @notice `provider` no longer offers `modelVersion` for `token`, counted from `fromEpoch`.
    event OfferWithdrawn(
        address indexed provider,
        bytes32 indexed modelVersion,
        address indexed token,
        uint256 fromEpoch
    );
    /// @notice The weight of `provider` in `pool` becomes `weight` (whole LAT) from `fromEpoch`.
    event WeightChanged(address indexed provider, bytes32 indexed pool, uint256 weight, uint256 fromEpoch);
    /// @notice The beacon was connected.
    event BeaconConnected(address indexed beacon);

    /// @notice Already registered.
    error ProviderRegistryAlreadyRegistered(address provider);
    /// @notice Not registered.
    error ProviderRegistryNotRegistered(address provider);
    /// @notice The provision, thawing stake apart, is below the governed least.
    error ProviderRegistryProvisionTooLow(address provider, uint256 provision, uint256 needed);
    /// @notice The proof of possession does not verify under the given BLS key.
    error ProviderRegistryInvalidPossessionProof(address provider);
    /// @notice Another provider registered this BLS key.
    error ProviderRegistryKeyTaken(bytes32 blsKeyHash);
    /// @notice The endpoint is empty or longer than `max` bytes.
    error ProviderRegistryInvalidEndpoint(uint256 length, uint256 max);
    /// @notice The payout address is zero.
    error ProviderRegistryZeroPayout();
    /// @notice The provider already has as many offers as it may.
    error ProviderRegistryTooManyOffers(address provider, uint256 max);
    /// @notice The provider does not offer this model version for this token.
    error ProviderRegistryNoOffer(address provider, bytes32 modelVersion, address token);
    /// @notice The beacon is connected already.
    error ProviderRegistryBeaconAlreadyConnected(address beacon);
    /// @notice The pool has no weight in that epoch.
    error ProviderRegistryEmptyPool(bytes32 pool, uint256 epoch);

    /// @notice Registers the caller. Needs a provision of at least MinProvision. The key can never be changed.
    /// @param endpoint URI, 1 to 256 bytes.
    /// @param payout Receives earnings.
    /// @param capabilities Self-declared.
    /// @param blsKey BLS12-381 public key in G2.
    /// @param possession Signature of the key over `possessionMessage(caller)`.
    function register(
        string calldata endpoint,
        address payout,
        Capabilities calldata capabilities,
        G2Point calldata blsKey,
        G1Point calldata possession
    ) external;

    /// @notice Changes endpoint, payout and capabilities of the caller.
    function update(string calldata endpoint, address payout, Capabilities calldata capabilities) external;

    /// @notice Offers to run `modelVersion` for `ask` smallest units of `token` a job, or changes the ask.
    function setOffer(bytes32 modelVersion, address token, uint96 ask) external;

    /// @notice Stops offering `modelVersion` for `token`.
    function withdrawOffer(bytes32 modelVersion, address token) external;

    /// @notice Stops or resumes new work of the caller; open jobs go on. Draining takes effect at once.
    function setDraining(bool draining) external;

    /// @notice Recomputes the weights of `provider` in all its pools. Anyone may call.
    function syncWeight(address provider) external;

    /// @notice Jails or frees a provider. Restricted to governance and protocol modules.
    function setJailed(address provider, bool jailed) external;

    /// @notice Allows or forbids a module to lock and slash provisions. Restricted to the timelock.
    function setStakeModule(address module, bool allowed) external;

    /// @notice Connects the beacon, once. Restricted.
    function connectBeacon(address beacon) external;

    /// @notice The provider as registered.
    function providerOf(address provider) external view returns (Provider memory);

    /// @notice Receiver of the provider's earnings: the payout that it declared, or the contract that shares them while
    /// it has delegators.
    function payoutOf(address provider) external view returns (address);

    /// @notice `payoutOf` and `isAvailable` in one call.
    function payeeOf(address provider) external view returns (address payout, bool available);

    /// @notice True when registered, not draining and not jailed.
    function isAvailable(address provider) external view returns (bool);

    /// @notice Tiers that the provider says it serves: bit i is Tier(i).
    function tiersOf(address provider) external view returns (uint8);

    /// @notice keccak256 of the provider's BLS key; zero when not registered.
    function blsKeyHashOf(address provider) external view returns (bytes32);

    /// @notice Pool of the providers that run `modelVersion` for `token`: keccak256 of both, one word each.
    function poolOf(bytes32 modelVersion, address token) external pure returns (bytes32);

    /// @notice The ask that counts for draws of `epoch` in `pool`, and whether there is an offer then.
    function askOf(address provider, bytes32 pool, uint256 epoch) external view returns (bool offered, uint96 ask);

    /// @notice The ask that counts in `epoch`, and whether the provider would take a job with this collateral (LAT wei):
    /// it offers in `pool`, is available, and stakes that much on one job.
    function quoteOf(
        address provider,
        bytes32 pool,
        uint256 epoch,
        uint256 collateral
    ) external view returns (bool willing, uint96 ask);

    /// @notice Pools in which the provider offers now.
    function offersOf(address provider) external view returns (bytes32[] memory);

    /// @notice Sum of weights (whole LAT) in `pool` that counts for draws of `epoch`.
    function totalWeight(bytes32 pool, uint256 epoch) external view returns (uint256);

    /// @notice Weight (whole LAT) of `provider` in `pool` that counts for draws of `epoch`.
    function weightOf(address provider, bytes32 pool, uint256 epoch) external view returns (uint256);

    /// @notice Draws one provider of `pool` with probability weight / total, from 256 uniform bits.
    /// @dev The ticket is `randomness mod total`; its bias is below 2^-190. Providers stand in the tree by the order in which they joined.
    function draw(bytes32 pool, uint256 epoch, uint256 randomness) external view returns (address provider);

    /// @notice Providers that ever joined `pool`, in tree order.
    function poolMembers(bytes32 pool, uint256 offset, uint256 limit) external view returns (address[] memory);

    /// @notice Message that a provider's key must sign: binds chain, registry and provider.
    function possessionMessage(address provider) external view returns (bytes memory);
}
