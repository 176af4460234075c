// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Bn254} from "./Bn254.sol";

/// @title ProofContext: what binds a proof to one job
library ProofContext {
    /// @notice First public input of a proof: keccak256 over {chain, market, order, provider, model version}, one
    /// word each, reduced into the scalar field. A market takes an order once, so its hash stands for the job.
    /// @dev The reduction maps at most six hashes onto one scalar, so finding a second preimage stays about as hard
    /// as for a hash of 253 bits.
    function compute(
        address market,
        bytes32 orderHash,
        address provider,
        bytes32 modelVersion
    ) internal view returns (uint256) {
        bytes32 digest = keccak256(abi.encode(block.chainid, market, orderHash, provider, modelVersion));
        return uint256(digest) % Bn254.SCALAR_FIELD;
    }

    /// @notice First public input of a proof of many jobs: keccak256 over the single contexts, ABI-encoded as an array
    /// in the order of the jobs, reduced into the scalar field.
    /// @dev Each context binds one job, so their order binds which commitments belong to which. A single context cannot
    /// pass for one of many: keys that prove one job and keys that prove many take different numbers of inputs.
    function computeMany(uint256[] memory contexts) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(contexts))) % Bn254.SCALAR_FIELD;
    }
}
