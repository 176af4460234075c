// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ProofContext} from "../libraries/ProofContext.sol";
import {DisputeDemands} from "./DisputeDemands.sol";
import {DisputePeers, DisputeStorage} from "./DisputeStorage.sol";
import {DisputeVerdicts} from "./DisputeVerdicts.sol";

/// @title DisputeGame: disputes without a judge
/// @notice See IDisputeGame. Verdicts are in DisputeVerdicts, inquiries in DisputeInquiries, demands in DisputeDemands.
/// @dev Holds the bonds that are open, in LAT, and nothing else. It cannot be upgraded. Governance says which lanes it judges
/// and who reads them; it can neither convict nor acquit.
contract DisputeGame is DisputeDemands {
    constructor(address accessManager, DisputePeers memory peers) DisputeStorage(accessManager, peers) {}

    /// @dev A proof against a result is bound to this contract instead of the result's market, so none that a market was or
    /// will be shown passes here.
    function proofContext(
        address market,
        bytes32 subject,
        address challenger,
        bytes32 modelVersion
    ) public view override(DisputeVerdicts) returns (uint256) {
        bytes32 disputed = keccak256(abi.encode(market, subject));
        return ProofContext.compute(address(this), disputed, challenger, modelVersion);
    }
}
