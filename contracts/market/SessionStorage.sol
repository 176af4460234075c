// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {SessionState} from "../types/Session.sol";

/// @notice What redemptions read. One slot.
/// @param tariff Number of the session's tariff.
/// @param closesAt As in Session.
struct SessionParties {
    address requester;
    uint40 tariff;
    uint40 closesAt;
    SessionState state;
}

/// @notice What redemptions change. One slot.
struct SessionFunds {
    uint96 deposit;
    uint96 redeemed;
    uint40 redeemedAt;
    bool backed;
}

/// @notice What redemptions do not need, but for the first. Two slots.
struct SessionConditions {
    address sponsor;
    uint96 collateral;
    uint128 maxUnsigned;
    uint40 expiresAt;
    uint32 challengeSeconds;
}

/// @param voucherHash Of the voucher redeemed last. It stands for the amount, the number of jobs and their root, which
/// its event states.
struct StoredSession {
    SessionParties parties;
    SessionFunds funds;
    bytes32 voucherHash;
    SessionConditions conditions;
}

/// @notice Whom the sessions of one kind pay, and at which rates. Stored once for all that share it: a batch of a
/// provider's vouchers reads it once.
struct Tariff {
    address provider;
    uint32 royaltyPpm;
    uint32 protocolFeePpm;
    address token;
    address royaltyRecipient;
    bytes32 modelVersion;
}

/// @custom:storage-location erc7201:lattice.storage.VoucherSettlement
/// @param sessionCount Sessions opened so far.
/// @param tariffCount Number of the last tariff; they count from one.
/// @param tariffOf Number of the tariff by the hash of its members.
/// @param redeemers Who may redeem for a provider.
struct Sessions {
    uint128 sessionCount;
    uint40 tariffCount;
    mapping(bytes32 sessionId => StoredSession session) sessions;
    mapping(uint256 number => Tariff tariff) tariffs;
    mapping(bytes32 tariffHash => uint40 number) tariffOf;
    mapping(address provider => mapping(address redeemer => bool allowed)) redeemers;
}

/// @title SessionStorage: where the state of VoucherSettlement lies
library SessionStorage {
    // keccak256(abi.encode(uint256(keccak256("lattice.storage.VoucherSettlement")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_SLOT = 0x46d299e4ed6888c0359d78410a4f581aa29b9be83d3a70e61fd2a25043c64a00;

    function load() internal pure returns (Sessions storage $) {
        assembly ("memory-safe") {
            $.slot := STORAGE_SLOT
        }
    }
}
