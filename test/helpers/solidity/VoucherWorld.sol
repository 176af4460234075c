// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IVoucherSettlement} from "../../../contracts/interfaces/IVoucherSettlement.sol";
import {ModelVersion} from "../../../contracts/types/Model.sol";
import {Tier} from "../../../contracts/types/Order.sol";
import {MarketWorld, World} from "./MarketWorld.sol";

/// @notice The protocol with its lane of voucher sessions.
/// @param challengeable Model versions of tier Optimistic, with and without a royalty.
/// @param keys Of the signers, who pay for themselves or are sponsored.
struct SessionWorld {
    World base;
    IVoucherSettlement vouchers;
    bytes32[2] challengeable;
    uint256[2] keys;
    address[2] signers;
    address sponsor;
}

/// @title VoucherWorld: MarketWorld with voucher sessions, two requesters that can sign, and a sponsor
abstract contract VoucherWorld is MarketWorld {
    uint256 internal constant SESSION_FUNDS = 1_000 ether;

    function deploySessionWorld() internal returns (SessionWorld memory world) {
        World memory base = deployWorld();
        world.base = base;
        world.vouchers = _deployVouchers(base);
        base.registry.setStakeModule(address(world.vouchers), true);
        base.disputes.setLane(address(world.vouchers), _create("SessionClaims", ""));
        world.vouchers.setTier(Tier.Optimistic, true);
        world.vouchers.setPaymentToken(address(base.lat), true);
        world.vouchers.setPaymentToken(address(base.dollar), true);
        for (uint256 i = 0; i < 2; ++i) {
            world.challengeable[i] = _publishChallengeable(base, i);
            world.keys[i] = uint256(keccak256(abi.encode("session key", i)));
            world.signers[i] = vm.addr(world.keys[i]);
            _fundSessions(world, world.signers[i]);
        }
        world.sponsor = actor("sponsor");
        _fundSessions(world, world.sponsor);
        for (uint256 i = 0; i < 2; ++i) {
            vm.startPrank(world.sponsor);
            world.vouchers.setSponsorship(world.signers[i], address(base.lat), 300 ether);
            world.vouchers.setSponsorship(world.signers[i], address(base.dollar), 300 ether);
            vm.stopPrank();
        }
    }

    function _deployVouchers(World memory base) private returns (IVoucherSettlement) {
        // The members of MarketPeers in their order, the gate, and the game. Sessions ask neither policy nor matchmaker.
        bytes memory arguments = abi.encode(
            base.escrow,
            base.vault,
            base.registry,
            base.beacon,
            base.models,
            base.router,
            base.parameters,
            address(0),
            address(0),
            base.treasury,
            address(0),
            base.disputes
        );
        address implementation = _create("VoucherSettlement", arguments);
        bytes memory initialize = abi.encodeWithSignature("initialize(address)", base.manager);
        return IVoucherSettlement(_create("ERC1967Proxy", abi.encode(implementation, initialize)));
    }

    function _create(string memory name, bytes memory arguments) private returns (address created) {
        bytes memory code = bytes.concat(vm.getCode(name), arguments);
        assembly ("memory-safe") {
            created := create(0, add(code, 0x20), mload(code))
        }
        require(created != address(0), string.concat("VoucherWorld: cannot deploy ", name));
    }

    function _publishChallengeable(World memory base, uint256 i) private returns (bytes32) {
        return
            base.models.publish(
                ModelVersion({
                    artifactDigest: keccak256(abi.encode("challengeable", i)),
                    programRoot: keccak256("program"),
                    weightsRoot: keccak256("weights"),
                    quantisationDigest: keccak256("quantisation"),
                    royaltyRecipient: base.royaltyRecipient,
                    royaltyPpm: i == 0 ? 199_999 : 0,
                    verifierSelector: bytes4(0),
                    tiers: uint8(1 << uint8(Tier.Optimistic)),
                    attestedClass: 0
                }),
                "ipfs://challengeable"
            );
    }

    function _fundSessions(SessionWorld memory world, address payer) private {
        IERC20[2] memory tokens = [world.base.lat, world.base.dollar];
        for (uint256 i = 0; i < 2; ++i) {
            tokens[i].approve(address(world.base.escrow), SESSION_FUNDS);
            world.base.escrow.deposit(address(tokens[i]), payer, SESSION_FUNDS);
        }
        vm.prank(payer);
        world.base.escrow.setMarket(address(world.vouchers), true);
    }
}
