// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Bls12381} from "../../../contracts/libraries/Bls12381.sol";
import {G1Point, G2Point} from "../../../contracts/types/Bls.sol";

/// @title BlsSigner: BLS keys and signatures in Solidity tests, by the multiplication precompiles of EIP-2537
library BlsSigner {
    address private constant G1_MSM = address(0x0c);
    address private constant G2_MSM = address(0x0e);

    function publicKeyOf(uint256 secret) internal view returns (G2Point memory) {
        (bool success, bytes memory output) = G2_MSM.staticcall(abi.encode(_generator(), secret));
        require(success && output.length == 256, "BlsSigner: G2 multiplication failed");
        return abi.decode(output, (G2Point));
    }

    function sign(uint256 secret, bytes memory message, bytes memory dst) internal view returns (G1Point memory) {
        (bool success, bytes memory output) = G1_MSM.staticcall(abi.encode(Bls12381.hashToG1(message, dst), secret));
        require(success && output.length == 128, "BlsSigner: G1 multiplication failed");
        return abi.decode(output, (G1Point));
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
