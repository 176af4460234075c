// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IEpochBeacon} from "../interfaces/IEpochBeacon.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {IMatchmaker} from "../interfaces/IMatchmaker.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IOrderPolicy} from "../interfaces/IOrderPolicy.sol";
import {IPaymentEscrow} from "../interfaces/IPaymentEscrow.sol";
import {IProtocolParameters} from "../interfaces/IProtocolParameters.sol";
import {IProviderRegistry} from "../interfaces/IProviderRegistry.sol";
import {IStakeVault} from "../interfaces/IStakeVault.sol";
import {IVerifierRouter} from "../interfaces/IVerifierRouter.sol";
import {FeeSplit} from "../libraries/FeeSplit.sol";
import {Order, Tier} from "../types/Order.sol";
import {SlashParameters} from "../types/Parameter.sol";
import {SlashLeg} from "../types/Stake.sol";
import {MarketState, MarketStorage} from "./MarketStorage.sol";

/// @notice Contracts and accounts that a market works with, fixed in its code.
/// @param registry Providers; also the StakeVault service to which their stake is provisioned.
/// @param policy Which orders are acceptable.
/// @param matchmaker Draws providers, and takes bids.
/// @param treasury Escrow account of the protocol fee.
struct MarketPeers {
    IPaymentEscrow escrow;
    IStakeVault vault;
    IProviderRegistry registry;
    IEpochBeacon beacon;
    IModelRegistry models;
    IVerifierRouter router;
    IProtocolParameters parameters;
    IOrderPolicy policy;
    IMatchmaker matchmaker;
    address treasury;
}

/// @title MarketBase: peers, payers, accepted work and the rights of governance, the same in every lane
/// @dev A lane holds no funds: payments lie in the escrow and collateral in the vault, both of which let it move only
/// what it locked itself. The pause reaches what begins new work, nothing that ends it.
abstract contract MarketBase is IMarket, AccessManagedUpgradeable, UUPSUpgradeable {
    IPaymentEscrow public immutable ESCROW;
    IStakeVault public immutable VAULT;
    IProviderRegistry public immutable REGISTRY;
    IEpochBeacon public immutable BEACON;
    IModelRegistry public immutable MODELS;
    IVerifierRouter public immutable ROUTER;
    IProtocolParameters public immutable PARAMETERS;
    IOrderPolicy public immutable POLICY;
    IMatchmaker public immutable MATCHMAKER;
    address public immutable TREASURY;

    constructor(MarketPeers memory peers) {
        ESCROW = peers.escrow;
        VAULT = peers.vault;
        REGISTRY = peers.registry;
        BEACON = peers.beacon;
        MODELS = peers.models;
        ROUTER = peers.router;
        PARAMETERS = peers.parameters;
        POLICY = peers.policy;
        MATCHMAKER = peers.matchmaker;
        TREASURY = peers.treasury;
        _disableInitializers();
    }

    /// @param accessManager Holder of every role.
    function initialize(address accessManager) external initializer {
        __AccessManaged_init(accessManager);
    }

    // Sponsors

    /// @inheritdoc IMarket
    function setSponsorship(address requester, address token, uint256 amount) external {
        MarketStorage.load().sponsorships[msg.sender][requester][token] = amount;
        emit SponsorshipSet(msg.sender, requester, token, amount);
    }

    // Governance

    /// @inheritdoc IMarket
    function setPaymentToken(address token, bool allowed) external restricted {
        MarketStorage.load().paymentTokens[token] = allowed;
        emit PaymentTokenSet(token, allowed);
    }

    /// @inheritdoc IMarket
    function setTier(Tier tier, bool open) external restricted {
        MarketState storage $ = MarketStorage.load();
        uint8 bit = uint8(1 << uint8(tier));
        $.openTiers = open ? $.openTiers | bit : $.openTiers & ~bit;
        emit TierSet(tier, open);
    }

    /// @inheritdoc IMarket
    function setNewWorkPaused(bool paused) external restricted {
        MarketStorage.load().newWorkPaused = paused;
        emit NewWorkPaused(paused);
    }

    // Views

    /// @inheritdoc IMarket
    function isPaymentTokenAllowed(address token) external view returns (bool) {
        return MarketStorage.load().paymentTokens[token];
    }

    /// @inheritdoc IMarket
    function isTierOpen(Tier tier) external view returns (bool) {
        return (MarketStorage.load().openTiers >> uint8(tier)) & 1 != 0;
    }

    /// @inheritdoc IMarket
    function isNewWorkPaused() external view returns (bool) {
        return MarketStorage.load().newWorkPaused;
    }

    /// @inheritdoc IMarket
    function sponsorshipOf(address sponsor, address requester, address token) external view returns (uint256) {
        return MarketStorage.load().sponsorships[sponsor][requester][token];
    }

    // Checks

    function _requireNewWork() internal view {
        if (MarketStorage.load().newWorkPaused) revert MarketNewWorkPaused();
    }

    /// @dev Reverts unless orders of this tier, paid in this token, are taken now.
    function _requireOpen(Tier tier, address token) internal view {
        MarketState storage $ = MarketStorage.load();
        if ($.newWorkPaused) revert MarketNewWorkPaused();
        if (($.openTiers >> uint8(tier)) & 1 == 0) revert MarketTierClosed(tier);
        if (!$.paymentTokens[token]) revert MarketTokenNotAllowed(token);
    }

    // Payers

    function _payerOf(Order calldata order) internal pure returns (address) {
        return order.sponsor == address(0) ? order.requester : order.sponsor;
    }

    /// @dev Locks `amount` of the requester's deposit or, when it names one, of its sponsor's, within what the sponsor
    /// pays for it.
    function _lockPayment(address requester, address sponsor, address token, uint128 amount) internal {
        address payer = sponsor == address(0) ? requester : sponsor;
        if (payer != requester) _useSponsorship(sponsor, requester, token, amount);
        ESCROW.lock(token, payer, amount);
    }

    /// @dev Takes `amount` off what `sponsor` pays for `requester`.
    function _useSponsorship(address sponsor, address requester, address token, uint256 amount) internal {
        mapping(address token => uint256) storage allowances = MarketStorage.load().sponsorships[sponsor][requester];
        uint256 allowed = allowances[token];
        if (allowed < amount) revert MarketSponsorshipTooLow(sponsor, requester, token, allowed, amount);
        allowances[token] = allowed - amount;
    }

    // Collateral

    /// @dev Frees collateral that this lane has locked.
    function _unlock(address provider, uint96 collateral) internal {
        VAULT.unlock(address(REGISTRY), provider, collateral);
    }

    // Slashes

    /// @dev Compensation for the requester and a bounty for the reporter out of `amount`, rounded down; what no leg takes
    /// burns. The slashed provider's own addresses gain nothing (SLA-3).
    function _slashLegs(
        address requester,
        address provider,
        uint256 amount,
        address reporter
    ) internal view returns (SlashLeg[] memory legs) {
        SlashParameters memory shares = PARAMETERS.slashParameters();
        legs = new SlashLeg[](2);
        legs[0] = _slashLeg(requester, amount, shares.compensationPpm, provider);
        legs[1] = _slashLeg(reporter, amount, shares.bountyPpm, provider);
    }

    function _slashLeg(
        address recipient,
        uint256 amount,
        uint256 sharePpm,
        address provider
    ) private view returns (SlashLeg memory) {
        bool own = REGISTRY.isOwnAddress(provider, recipient);
        // The share is at most the collateral, which fits 96 bits.
        return SlashLeg({recipient: recipient, amount: own ? 0 : uint96((amount * sharePpm) / FeeSplit.PPM)});
    }

    // Upgrades

    /// @dev Restricted to the timelock.
    function _authorizeUpgrade(address) internal override restricted {}
}
