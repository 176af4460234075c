// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ProofContext} from "../libraries/ProofContext.sol";

/// @title ProofContextHarness: ProofContext for tests that compare it with the SDK
contract ProofContextHarness {
    function compute(
        address market,
        bytes32 orderHash,
        address provider,
        bytes32 modelVersion
    ) external view returns (uint256) {
        return ProofContext.compute(market, orderHash, provider, modelVersion);
    }

    function computeMany(uint256[] calldata contexts) external pure returns (uint256) {
        return ProofContext.computeMany(contexts);
    }
}
