// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Bls12381} from "../../../contracts/libraries/Bls12381.sol";
import {G1Point, G2Point} from "../../../contracts/types/Bls.sol";
import {LatticeTest} from "../../helpers/solidity/LatticeTest.sol";

/// @title Bls12381Test: arbitrary words are refused, never reverted on
contract Bls12381Test is LatticeTest {
    bytes private constant DST = "LATTICE-V3-BEACON-BLS12381G1_XMD:SHA-256_SSWU_RO_";

    function testFuzz_Verify_RefusesArbitraryWords(
        G1Point memory signature,
        G2Point memory key,
        bytes memory message
    ) public view {
        assertTrue(!Bls12381.verify(signature, key, message, DST), "refused");
    }

    /// A point of G1 that the library itself made is on the curve; it signs nothing by chance.
    function testFuzz_Verify_RefusesUnrelatedPoint(bytes memory message, bytes memory other) public view {
        vm.assume(keccak256(message) != keccak256(other));
        G1Point memory point = Bls12381.hashToG1(other, DST);
        assertTrue(!Bls12381.verify(point, _generator(), message, DST), "refused");
        // Under the secret key one the signature is the hashed message itself.
        assertTrue(Bls12381.verify(point, _generator(), other, DST), "accepted");
    }

    function _generator() private pure returns (G2Point memory) {
        return
            G2Point({
                x0High: 0x00000000000000000000000000000000024aa2b2f08f0a91260805272dc51051,
                x0Low: 0xc6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8,
                x1High: 0x0000000000000000000000000000000013e02b6052719f607dacd3a088274f65,
                x1Low: 0x596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e,
                y0High: 0x000000000000000000000000000000000ce5d527727d6e118cc9cdc6da2e351a,
                y0Low: 0xadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801,
                y1High: 0x000000000000000000000000000000000606c4a02ea734cc32acd2b02bc28b99,
                y1Low: 0xcb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be
            });
    }
}
