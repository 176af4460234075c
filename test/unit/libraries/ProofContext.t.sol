// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Bn254} from "../../../contracts/libraries/Bn254.sol";
import {ProofContext} from "../../../contracts/libraries/ProofContext.sol";
import {LatticeTest} from "../../helpers/solidity/LatticeTest.sol";

contract ProofContextTest is LatticeTest {
    struct Bound {
        address market;
        bytes32 orderHash;
        address provider;
        bytes32 modelVersion;
    }

    function testFuzz_PRF1_EveryFieldBinds(Bound memory given, uint256 field, uint256 noise) public {
        uint256 context = _compute(given);
        assertLe(context, Bn254.SCALAR_FIELD - 1, "a canonical scalar");
        noise = bound(noise, 1, type(uint160).max);
        field = bound(field, 0, 4);
        if (field == 0) given.market = address(uint160(given.market) ^ uint160(noise));
        if (field == 1) given.orderHash ^= bytes32(noise);
        if (field == 2) given.provider = address(uint160(given.provider) ^ uint160(noise));
        if (field == 3) given.modelVersion ^= bytes32(noise);
        if (field == 4) vm.chainId(block.chainid + 1 + (noise & type(uint32).max));
        assertTrue(_compute(given) != context, "another context");
    }

    function testFuzz_IsCommitment(bytes32 value) public pure {
        bool expected = uint256(value) > 0 && uint256(value) < Bn254.SCALAR_FIELD;
        assertTrue(Bn254.isCommitment(value) == expected, "non-zero and below the field order");
    }

    function test_IsCommitment_Bounds() public pure {
        assertTrue(!Bn254.isCommitment(0), "zero");
        assertTrue(Bn254.isCommitment(bytes32(uint256(1))), "one");
        assertTrue(Bn254.isCommitment(bytes32(Bn254.SCALAR_FIELD - 1)), "the largest");
        assertTrue(!Bn254.isCommitment(bytes32(Bn254.SCALAR_FIELD)), "the order");
    }

    function _compute(Bound memory given) private view returns (uint256) {
        return ProofContext.compute(given.market, given.orderHash, given.provider, given.modelVersion);
    }
}
