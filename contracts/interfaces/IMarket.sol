// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Tier} from "../types/Order.sol";

/// @title IMarket: what all lanes that take orders have in common
/// @notice Each lane is a market of its own: an EIP-712 domain, nonces, sponsorships, accepted tokens and tiers. An
/// order signed for one lane is worth nothing in another.
interface IMarket {
    /// @notice `token` is, or no longer is, accepted for new orders.
    event PaymentTokenSet(address indexed token, bool allowed);
    /// @notice New work was stopped or resumed.
    event NewWorkPaused(bool paused);
    /// @notice Orders of `tier` are, or no longer are, accepted.
    event TierSet(Tier indexed tier, bool open);
    /// @notice `requester` used up or cancelled the nonces `mask` of word `word`: nonce = 256 · word + bit.
    event NoncesUsed(address indexed requester, uint256 indexed word, uint256 mask);
    /// @notice `sponsor` pays at most `amount` more of `token` for orders of `requester`.
    event SponsorshipSet(address indexed sponsor, address indexed requester, address indexed token, uint256 amount);

    /// @notice New work is stopped.
    error MarketNewWorkPaused();
    /// @notice The token is not accepted.
    error MarketTokenNotAllowed(address token);
    /// @notice This lane does not take orders of the tier, or not now.
    error MarketTierClosed(Tier tier);
    /// @notice The order's nonce was used up or cancelled.
    error MarketNonceUsed(address requester, uint256 nonce);
    /// @notice The signature is not the requester's for this order in this market.
    error MarketInvalidSignature(address requester, bytes32 digest);
    /// @notice The sponsor pays less for this requester than the order needs.
    error MarketSponsorshipTooLow(address sponsor, address requester, address token, uint256 allowed, uint256 needed);

    /// @notice Cancels signed orders: those of the caller whose nonces are `mask` in word `word`.
    function cancelNonces(uint256 word, uint256 mask) external;

    /// @notice Sets how much of `token` the caller pays, in all, for orders of `requester` that name it as sponsor.
    /// @dev What an order locks is taken off; refunds return to the sponsor's deposit, not to this allowance.
    function setSponsorship(address requester, address token, uint256 amount) external;

    /// @notice Accepts or refuses a payment token for new orders. Restricted to the timelock.
    function setPaymentToken(address token, bool allowed) external;

    /// @notice Opens or closes a tier for new orders. Restricted to the timelock.
    function setTier(Tier tier, bool open) external;

    /// @notice Stops or resumes new work; what ends a job goes on. Restricted to the guardian and the timelock.
    function setNewWorkPaused(bool paused) external;

    /// @notice True when the token is accepted for new orders.
    function isPaymentTokenAllowed(address token) external view returns (bool);

    /// @notice True when orders of the tier are accepted.
    function isTierOpen(Tier tier) external view returns (bool);

    /// @notice True while new work is stopped.
    function isNewWorkPaused() external view returns (bool);

    /// @notice Bits of nonces used up or cancelled in word `word`.
    function noncesUsed(address requester, uint256 word) external view returns (uint256);

    /// @notice How much more of `token` the sponsor pays for orders of `requester`.
    function sponsorshipOf(address sponsor, address requester, address token) external view returns (uint256);

    /// @notice EIP-712 digest that a requester signs for the order with this struct hash.
    function orderDigest(bytes32 orderHash) external view returns (bytes32);

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
