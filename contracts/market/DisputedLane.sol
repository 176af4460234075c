// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IDisputedLane} from "../interfaces/IDisputedLane.sol";
import {IDisputeHolds} from "../interfaces/IDisputeHolds.sol";
import {SignedOrders} from "./SignedOrders.sol";

/// @title DisputedLane: what a lane of bonded results asks the dispute game, and does at its word
/// @dev The game is fixed in the lane's code. It can have collateral slashed and refunded, of results that it convicted,
/// and nothing else: whom the money goes to is the lane's to say.
abstract contract DisputedLane is SignedOrders, IDisputedLane {
    IDisputeHolds public immutable DISPUTES;

    constructor(IDisputeHolds disputes) {
        DISPUTES = disputes;
    }

    // Checks

    function _requireNotHeld(bytes32 hold) internal view {
        if (DISPUTES.isHeld(address(this), hold)) revert DisputedLaneHeld(hold);
    }

    function _requireGame() internal view {
        if (msg.sender != address(DISPUTES)) revert DisputedLaneNotGame(msg.sender);
    }

    // Collateral

    /// @dev True while the registry lets this lane slash.
    function _maySlash() internal view returns (bool) {
        return VAULT.isModule(address(REGISTRY), address(this));
    }

    /// @dev Takes `collateral`, which this lane has locked, for a fault that `reporter` reported. A lane that the registry no
    /// longer lets slash must still return what is locked (LIV-1).
    /// @return slashed LAT (wei) taken.
    function _forfeit(
        address requester,
        address provider,
        uint96 collateral,
        address reporter
    ) internal returns (uint256 slashed) {
        if (!_maySlash()) {
            _unlock(provider, collateral);
            return 0;
        }
        return
            VAULT.slash(
                address(REGISTRY),
                provider,
                collateral,
                collateral,
                _slashLegs(requester, provider, collateral, reporter)
            );
    }
}
