// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {IMatchmaker} from "../../../contracts/interfaces/IMatchmaker.sol";
import {IModelRegistry} from "../../../contracts/interfaces/IModelRegistry.sol";
import {IPaymentEscrow} from "../../../contracts/interfaces/IPaymentEscrow.sol";
import {IProtocolParameters} from "../../../contracts/interfaces/IProtocolParameters.sol";
import {IProviderRegistry} from "../../../contracts/interfaces/IProviderRegistry.sol";
import {IStakeVault} from "../../../contracts/interfaces/IStakeVault.sol";
import {IVerifierRouter} from "../../../contracts/interfaces/IVerifierRouter.sol";
import {SteeredBeacon} from "../../../contracts/mocks/SteeredBeacon.sol";
import {TableVerifier} from "../../../contracts/mocks/TableVerifier.sol";
import {ModelVersion} from "../../../contracts/types/Model.sol";
import {Tier} from "../../../contracts/types/Order.sol";
import {Parameter} from "../../../contracts/types/Parameter.sol";
import {Capabilities} from "../../../contracts/types/ProviderTypes.sol";
import {BlsSigner} from "./BlsSigner.sol";
import {LatticeTest} from "./LatticeTest.sol";
import {IDisputeGame} from "../../../contracts/interfaces/IDisputeGame.sol";
import {SteeredReferee} from "../../../contracts/mocks/SteeredReferee.sol";

/// @notice The whole protocol but for its beacon, whose seeds the test chooses.
/// @param dollar A second payment token.
/// @param verifiers One for each model version.
/// @param requesterKeys With which the requesters sign.
/// @param sponsor Has funds, and lets the market lock them.
struct World {
    IAccessManager manager;
    IERC20 lat;
    IERC20 dollar;
    IProtocolParameters parameters;
    IStakeVault vault;
    IPaymentEscrow escrow;
    address treasury;
    IMatchmaker matchmaker;
    IProviderRegistry registry;
    SteeredBeacon beacon;
    IVerifierRouter router;
    IModelRegistry models;
    IDisputeGame disputes;
    SteeredReferee referee;
    IJobMarket market;
    TableVerifier[2] verifiers;
    bytes32[2] modelVersions;
    address[2] requesters;
    uint256[2] requesterKeys;
    address sponsor;
    address[3] providers;
    address[3] payouts;
    address royaltyRecipient;
}

/// @title MarketWorld: deploys the protocol with three offering providers, two funded requesters and a sponsor
abstract contract MarketWorld is LatticeTest {
    uint256 internal constant SUPPLY = 1_000_000_000 ether;
    /// @dev What each payer deposits of each token.
    uint256 internal constant FUNDS = 10_000 ether;
    uint96 internal constant PROVIDER_STAKE = 5_000 ether;

    /// @dev The test itself is governance. Contracts are deployed from their artifacts: compiling them again into every
    /// test that needs the protocol would take minutes. A run of all tests builds them first; before a run that names
    /// single files, build.
    function deployWorld() internal returns (World memory world) {
        world.manager = IAccessManager(_deploy("AccessManager", abi.encode(address(this))));
        world.lat = IERC20(_deploy("LatticeToken", abi.encode(address(this), SUPPLY)));
        world.dollar = IERC20(_deploy("LatticeToken", abi.encode(address(this), SUPPLY)));
        world.parameters = IProtocolParameters(
            _deploy("ProtocolParameters", abi.encode(world.manager, _parameterValues()))
        );
        world.vault = IStakeVault(_deploy("StakeVault", abi.encode(world.lat, world.parameters)));
        world.escrow = IPaymentEscrow(_deploy("PaymentEscrow", abi.encode(world.parameters)));
        world.beacon = new SteeredBeacon();
        world.royaltyRecipient = actor("royalty recipient");
        _deployLogic(world);
        for (uint256 i = 0; i < 2; ++i) _publish(world, i);
        for (uint256 i = 0; i < 3; ++i) _join(world, i);
        for (uint256 i = 0; i < 2; ++i) _admit(world, i);
        world.sponsor = actor("sponsor");
        _fund(world, world.sponsor);
        // Offers and weights count two epochs after they were made.
        world.beacon.start(keccak256("first"), true);
        world.beacon.start(keccak256("second"), true);
    }

    /// @dev A referee for all kinds of evidence, which the test steers; nobody equivocates in these worlds.
    function _deployDisputes(World memory world) private {
        world.referee = new SteeredReferee();
        // Access manager, then the members of DisputePeers in their order.
        bytes memory peers = abi.encode(
            world.manager,
            world.lat,
            world.parameters,
            world.models,
            world.registry,
            address(0),
            world.referee,
            world.referee,
            world.referee
        );
        world.disputes = IDisputeGame(_deploy("DisputeGame", peers));
    }

    function _deployLogic(World memory world) private {
        address sharing = _deploy("DelegationPayout", abi.encode(world.escrow, world.vault, world.lat));
        bytes memory stakes = abi.encode(world.vault, world.parameters, sharing);
        world.registry = IProviderRegistry(_proxied(world, "ProviderRegistry", stakes));
        world.router = IVerifierRouter(_proxied(world, "VerifierRouter", ""));
        world.models = IModelRegistry(_deploy("ModelRegistry", abi.encode(world.parameters, world.router)));
        // No model of this world asks for an attested class, so nothing asks the gate.
        world.matchmaker = IMatchmaker(
            _deploy(
                "Matchmaker",
                abi.encode(world.registry, world.vault, world.models, address(0), world.parameters, world.beacon)
            )
        );
        address policy = _deploy("OrderPolicy", abi.encode(world.models, world.router, world.parameters));
        address rewards = _deploy("BeaconRewards", abi.encode(world.beacon, world.registry));
        world.treasury = _deploy(
            "FeeTreasury",
            abi.encode(world.manager, world.escrow, world.parameters, world.lat, rewards)
        );
        _deployDisputes(world);
        // The members of MarketPeers in their order; all are static, so the struct is encoded in place.
        bytes memory peers = abi.encode(
            world.escrow,
            world.vault,
            world.registry,
            world.beacon,
            world.models,
            world.router,
            world.parameters,
            policy,
            world.matchmaker,
            world.treasury
        );
        world.market = IJobMarket(_proxied(world, "JobMarket", abi.encodePacked(peers, abi.encode(world.disputes))));
        world.disputes.setLane(address(world.market), _deploy("JobClaims", ""));
        world.registry.connectBeacon(address(world.beacon));
        world.registry.setStakeModule(address(world.market), true);
        world.market.setTier(Tier.Zk, true);
        world.market.setTier(Tier.Optimistic, true);
        world.market.setPaymentToken(address(world.lat), true);
        world.market.setPaymentToken(address(world.dollar), true);
    }

    function _deploy(string memory name, bytes memory arguments) internal returns (address deployed) {
        bytes memory code = bytes.concat(vm.getCode(name), arguments);
        assembly ("memory-safe") {
            deployed := create(0, add(code, 0x20), mload(code))
        }
        require(deployed != address(0), string.concat("MarketWorld: cannot deploy ", name));
    }

    /// @dev Every logic contract is initialised with the manager alone.
    function _proxied(World memory world, string memory name, bytes memory arguments) internal returns (address) {
        address implementation = _deploy(name, arguments);
        bytes memory initialize = abi.encodeWithSignature("initialize(address)", world.manager);
        return _deploy("ERC1967Proxy", abi.encode(implementation, initialize));
    }

    function _publish(World memory world, uint256 i) private {
        world.verifiers[i] = new TableVerifier();
        ModelVersion memory version = ModelVersion({
            artifactDigest: keccak256(abi.encode("artifact", i)),
            programRoot: keccak256("program"),
            weightsRoot: keccak256("weights"),
            quantisationDigest: keccak256("quantisation"),
            royaltyRecipient: world.royaltyRecipient,
            royaltyPpm: i == 0 ? 30_000 : 0,
            verifierSelector: world.router.register(address(world.verifiers[i]), 400_000),
            tiers: 3,
            attestedClass: 0
        });
        world.modelVersions[i] = world.models.publish(version, "ipfs://model");
    }

    function _join(World memory world, uint256 i) private {
        address provider = actor(string(abi.encodePacked("provider ", bytes1(uint8(65 + i)))));
        address payout = actor(string(abi.encodePacked("payout ", bytes1(uint8(65 + i)))));
        world.providers[i] = provider;
        world.payouts[i] = payout;
        world.lat.transfer(provider, 4 * uint256(PROVIDER_STAKE));
        uint256 secret = uint256(keccak256(abi.encode("secret", i))) >> 2;
        bytes memory message = world.registry.possessionMessage(provider);
        bytes memory dst = "LATTICE-V3-POSSESSION-BLS12381G1_XMD:SHA-256_SSWU_RO_";

        vm.startPrank(provider);
        world.lat.approve(address(world.vault), type(uint256).max);
        world.vault.provision(address(world.registry), PROVIDER_STAKE);
        world.registry.register(
            "https://provider.example",
            payout,
            Capabilities({
                accelerator: 1,
                memoryMiB: 4096,
                maxTensorBytes: 1 << 20,
                tiers: 3,
                maxCollateral: type(uint96).max
            }),
            BlsSigner.publicKeyOf(secret),
            BlsSigner.sign(secret, message, dst)
        );
        for (uint256 j = 0; j < 2; ++j) {
            uint96 ask = uint96((i + 1) * 0.5 ether + j + 1);
            world.registry.setOffer(world.modelVersions[j], address(world.lat), ask);
            world.registry.setOffer(world.modelVersions[j], address(world.dollar), ask);
        }
        vm.stopPrank();
    }

    function _admit(World memory world, uint256 i) private {
        string memory name = i == 0 ? "first requester" : "second requester";
        world.requesterKeys[i] = uint256(keccak256(bytes(name))) >> 1;
        world.requesters[i] = vm.addr(world.requesterKeys[i]);
        vm.label(world.requesters[i], name);
        _fund(world, world.requesters[i]);
    }

    function _fund(World memory world, address payer) private {
        IERC20[2] memory tokens = [world.lat, world.dollar];
        for (uint256 i = 0; i < 2; ++i) {
            tokens[i].approve(address(world.escrow), FUNDS);
            world.escrow.deposit(address(tokens[i]), payer, FUNDS);
        }
        vm.prank(payer);
        world.escrow.setMarket(address(world.market), true);
    }

    function _parameterValues() private pure returns (uint128[] memory values) {
        values = new uint128[](uint256(type(Parameter).max) + 1);
        values[uint256(Parameter.ProtocolFeePpm)] = 50_000;
        values[uint256(Parameter.BurnSharePpm)] = 400_000;
        values[uint256(Parameter.MaxRoyaltyPpm)] = 200_000;
        values[uint256(Parameter.CompensationPpm)] = 500_000;
        values[uint256(Parameter.BountyPpm)] = 100_000;
        values[uint256(Parameter.MinProvision)] = 1_000 ether;
        values[uint256(Parameter.WeightCap)] = 100_000 ether;
        values[uint256(Parameter.ZkCollateralFloor)] = 10 ether;
        values[uint256(Parameter.StakeThawSeconds)] = 7_200;
        values[uint256(Parameter.EscrowThawSeconds)] = 300;
        values[uint256(Parameter.MinCommitSeconds)] = 30;
        values[uint256(Parameter.MinProveSeconds)] = 60;
        values[uint256(Parameter.MaxWindowSeconds)] = 3_600;
        values[uint256(Parameter.MaxReassignments)] = 1;
        values[uint256(Parameter.EpochSeconds)] = 60;
        values[uint256(Parameter.RevealSeconds)] = 20;
        values[uint256(Parameter.WithholdingSlash)] = 50 ether;
        values[uint256(Parameter.BeaconSharePpm)] = 100_000;
        values[uint256(Parameter.FallbackRanks)] = 3;
        values[uint256(Parameter.EquivocationSlash)] = 200 ether;
        values[uint256(Parameter.OptimisticCollateralFloor)] = 10 ether;
        values[uint256(Parameter.QuorumCollateralFloor)] = 10 ether;
        values[uint256(Parameter.MinBidSeconds)] = 30;
        values[uint256(Parameter.MinChallengeSeconds)] = 60;
        values[uint256(Parameter.ChallengeBond)] = 20 ether;
        values[uint256(Parameter.OpeningBond)] = 1 ether;
        values[uint256(Parameter.ResponseSeconds)] = 600;
    }
}
