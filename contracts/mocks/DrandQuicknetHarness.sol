// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {DrandQuicknet} from "../libraries/DrandQuicknet.sol";
import {G1Point, G2Point} from "../types/Bls.sol";

/// @title DrandQuicknetHarness: exposes the library to tests
contract DrandQuicknetHarness {
    function publicKey() external pure returns (G2Point memory) {
        return DrandQuicknet.publicKey();
    }

    function roundFrom(uint256 time) external pure returns (uint64) {
        return DrandQuicknet.roundFrom(time);
    }

    function timeOf(uint64 round) external pure returns (uint256) {
        return DrandQuicknet.timeOf(round);
    }

    function verify(uint64 round, G1Point calldata signature) external view returns (bool) {
        return DrandQuicknet.verify(round, signature);
    }
}
