// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IQuorumMarket} from "../../../contracts/interfaces/IQuorumMarket.sol";
import {ModelVersion} from "../../../contracts/types/Model.sol";
import {Tier} from "../../../contracts/types/Order.sol";
import {Capabilities} from "../../../contracts/types/ProviderTypes.sol";
import {BlsSigner} from "./BlsSigner.sol";
import {MarketWorld, World} from "./MarketWorld.sol";

/// @notice A peer that no one else needs by address.
interface IPolicyHolder {
    function POLICY() external view returns (address);
}

/// @notice The protocol with a quorum market beside the job market.
/// @param versions A float model, and an exact one that supports tier Optimistic too.
/// @param providers All offer both, for LAT.
struct QuorumScene {
    World world;
    IQuorumMarket market;
    bytes32[2] versions;
    address[5] providers;
    address[5] payouts;
}

/// @title QuorumWorld: five providers that serve tier Quorum
abstract contract QuorumWorld is MarketWorld {
    function deployScene() internal returns (QuorumScene memory scene) {
        World memory world = deployWorld();
        scene.world = world;
        // The members of MarketPeers in their order; all are static, so the struct is encoded in place.
        bytes memory peers = abi.encode(
            world.escrow,
            world.vault,
            world.registry,
            world.beacon,
            world.models,
            world.router,
            world.parameters,
            IPolicyHolder(address(world.market)).POLICY(),
            world.matchmaker,
            world.treasury
        );
        scene.market = IQuorumMarket(_proxied(world, "QuorumMarket", peers));
        world.registry.setStakeModule(address(scene.market), true);
        scene.market.setTier(Tier.Quorum, true);
        scene.market.setPaymentToken(address(world.lat), true);
        for (uint256 i = 0; i < 2; ++i) scene.versions[i] = _publishQuorum(world, i);
        for (uint256 i = 0; i < 5; ++i) _offer(scene, i);
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(world.requesters[i]);
            world.escrow.setMarket(address(scene.market), true);
        }
        world.beacon.start(keccak256("third"), true);
        world.beacon.start(keccak256("fourth"), true);
    }

    function _publishQuorum(World memory world, uint256 i) private returns (bytes32) {
        ModelVersion memory version = ModelVersion({
            artifactDigest: keccak256(abi.encode("quorum artifact", i)),
            programRoot: keccak256("program"),
            weightsRoot: keccak256("weights"),
            quantisationDigest: keccak256("quantisation"),
            royaltyRecipient: world.royaltyRecipient,
            royaltyPpm: i == 0 ? 30_000 : 7,
            verifierSelector: 0,
            tiers: i == 0 ? 4 : 6,
            attestedClass: 0
        });
        return world.models.publish(version, "ipfs://quorum");
    }

    /// @dev The first three are the world's own, and say that they serve the tier too.
    function _offer(QuorumScene memory scene, uint256 i) private {
        World memory world = scene.world;
        if (i < 3) (scene.providers[i], scene.payouts[i]) = (world.providers[i], world.payouts[i]);
        else _register(scene, i);
        Capabilities memory capabilities = _capabilities();
        vm.startPrank(scene.providers[i]);
        if (i < 3) world.registry.update("https://provider.example", scene.payouts[i], capabilities);
        for (uint256 j = 0; j < 2; ++j) {
            world.registry.setOffer(scene.versions[j], address(world.lat), uint96((i + 1) * 0.2 ether + j + 1));
        }
        vm.stopPrank();
    }

    function _register(QuorumScene memory scene, uint256 i) private {
        World memory world = scene.world;
        address provider = actor(string(abi.encodePacked("provider ", bytes1(uint8(65 + i)))));
        (scene.providers[i], scene.payouts[i]) = (
            provider,
            actor(string(abi.encodePacked("payout ", bytes1(uint8(65 + i)))))
        );
        world.lat.transfer(provider, 4 * uint256(PROVIDER_STAKE));
        uint256 secret = uint256(keccak256(abi.encode("secret", i))) >> 2;
        bytes memory message = world.registry.possessionMessage(provider);
        bytes memory dst = "LATTICE-V3-POSSESSION-BLS12381G1_XMD:SHA-256_SSWU_RO_";
        vm.startPrank(provider);
        world.lat.approve(address(world.vault), type(uint256).max);
        world.vault.provision(address(world.registry), PROVIDER_STAKE);
        world.registry.register(
            "https://provider.example",
            scene.payouts[i],
            _capabilities(),
            BlsSigner.publicKeyOf(secret),
            BlsSigner.sign(secret, message, dst)
        );
        vm.stopPrank();
    }

    function _capabilities() private pure returns (Capabilities memory) {
        return
            Capabilities({
                accelerator: 1,
                memoryMiB: 4096,
                maxTensorBytes: 1 << 20,
                tiers: 7,
                maxCollateral: type(uint96).max
            });
    }
}
