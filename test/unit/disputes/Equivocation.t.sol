// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Equivocation} from "../../../contracts/disputes/Equivocation.sol";
import {IEquivocation} from "../../../contracts/interfaces/IEquivocation.sol";
import {IProtocolParameters} from "../../../contracts/interfaces/IProtocolParameters.sol";
import {IProviderDelegation} from "../../../contracts/interfaces/IProviderDelegation.sol";
import {IProviderRegistry} from "../../../contracts/interfaces/IProviderRegistry.sol";
import {StakeServiceProbe} from "../../../contracts/mocks/StakeServiceProbe.sol";
import {StakeVault} from "../../../contracts/staking/StakeVault.sol";
import {LatticeToken} from "../../../contracts/token/LatticeToken.sol";
import {Parameter} from "../../../contracts/types/Parameter.sol";
import {CustodyTest} from "../../helpers/solidity/CustodyTest.sol";

/// @title EquivocationTest: slashes of any size, on a chain that may change its id
contract EquivocationTest is CustodyTest {
    uint256 private constant KEY = 0xada;
    bytes32 private constant SUBJECT = keccak256("order");

    LatticeToken private _lat;
    StakeVault private _vault;
    StakeServiceProbe private _service;
    IProtocolParameters private _parameters;
    Equivocation private _equivocation;
    address private _provider;
    address private _market;
    address private _delegator;
    address private _reporter;

    function setUp() public {
        _lat = deployLat();
        _parameters = deployParameters(address(this));
        _vault = new StakeVault(_lat, _parameters);
        _service = new StakeServiceProbe(_vault);
        _equivocation = new Equivocation(IProviderRegistry(address(_service)), _vault, _parameters);
        _service.setModule(address(_equivocation), true);
        _provider = vm.addr(KEY);
        _service.setDelegationOpen(_provider, true);
        _market = actor("market");
        _delegator = actor("delegator");
        _reporter = actor("reporter");
        vm.mockCall(
            address(_service),
            abi.encodeCall(IProviderDelegation.isOwnAddress, (_provider, _reporter)),
            abi.encode(false)
        );
    }

    struct Case {
        uint96 own;
        uint96 delegated;
        uint128 slash;
        uint128 bountyPpm;
        uint128 later;
    }

    function testFuzz_SLA1_SLA2_SLA3_ReportAndSettlementTakePayAndBurnToTheWei(Case memory input) public {
        uint256 stake = _arrange(input);
        uint256 taken = input.slash < stake ? input.slash : stake;
        uint256 ofPool = (taken * input.delegated) / stake;
        _report();
        assertEq(_vault.provisionOf(_provider, address(_service)).tokens, input.own + ofPool - taken, "SLA-1: own");
        assertEq(_lat.balanceOf(address(_vault)), stake, "SOL-2: it stays in the vault");
        IEquivocation.Report memory reported = _equivocation.reportOf(_provider, _market, SUBJECT);
        assertEq(reported.seized, taken - ofPool, "seized");
        assertTrue(_equivocation.isReported(_provider, _market, SUBJECT), "reported, whatever was taken");

        // A vote in between changes what a later fault costs, and the share of this one's reporter.
        input.later = uint128(bound(input.later, 0, 300_000));
        _set(Parameter.EquivocationSlash, 0);
        _set(Parameter.BountyPpm, input.later);
        _equivocation.settle(_provider, _market, SUBJECT);
        uint256 bounty = ((taken - ofPool) * input.later) / 1_000_000;
        assertEq(_lat.balanceOf(_reporter), bounty, "SLA-3: a share of the provider's own loss");
        assertEq(SUPPLY - _lat.totalSupply(), taken - bounty, "SLA-2: the rest burns");
        assertEq(_lat.balanceOf(address(_vault)), stake - taken, "SOL-2");
    }

    function test_Report_OnAForkCountsOnlyReceiptsForItsChain() public {
        _arrange(Case(1_000 ether, 0, 200 ether, 100_000, 0));
        (IEquivocation.Statement memory first, IEquivocation.Statement memory second) = _statements();
        bytes32 before = _digest(first.outputCommitment);
        vm.chainId(block.chainid + 1);
        bytes32 digest = _digest(first.outputCommitment);
        assertTrue(digest != before, "another chain, another digest");
        (, , , uint256 chainId, , , ) = _equivocation.eip712Domain();
        assertEq(
            uint256(digest),
            uint256(_digestOn(chainId, first.outputCommitment)),
            "the digest of the domain that is told"
        );
        vm.expectRevert(abi.encodeWithSelector(IEquivocation.EquivocationInvalidSignature.selector, _provider, digest));
        _equivocation.report(_provider, _market, SUBJECT, first, second);
        _report();
        assertTrue(_equivocation.isReported(_provider, _market, SUBJECT), "with the fork's receipts");
    }

    function _arrange(Case memory input) private returns (uint256 stake) {
        input.own = uint96(bound(input.own, 1 ether, SUPPLY / 8));
        input.delegated = uint96(bound(input.delegated, 0, 4 * uint256(input.own)));
        if (input.delegated < 1 ether) input.delegated = 0;
        input.slash = uint128(bound(input.slash, 0, 1_000_000 ether));
        input.bountyPpm = uint128(bound(input.bountyPpm, 0, 300_000));
        _set(Parameter.EquivocationSlash, input.slash);
        _set(Parameter.BountyPpm, input.bountyPpm);
        _lat.transfer(_provider, input.own);
        vm.startPrank(_provider);
        _lat.approve(address(_vault), input.own);
        _vault.provision(address(_service), input.own);
        vm.stopPrank();
        if (input.delegated > 0) {
            _lat.transfer(_delegator, input.delegated);
            vm.startPrank(_delegator);
            _lat.approve(address(_vault), input.delegated);
            _vault.delegate(_provider, address(_service), input.delegated);
            vm.stopPrank();
        }
        return uint256(input.own) + input.delegated;
    }

    function _set(Parameter parameter, uint256 value) private {
        vm.mockCall(
            address(this),
            abi.encodeWithSignature("canCall(address,address,bytes4)"),
            abi.encode(true, uint32(0))
        );
        _parameters.set(parameter, value);
    }

    function _report() private {
        (IEquivocation.Statement memory first, IEquivocation.Statement memory second) = _statements();
        vm.prank(_reporter);
        _equivocation.report(_provider, _market, SUBJECT, first, second);
    }

    function _statements() private view returns (IEquivocation.Statement memory, IEquivocation.Statement memory) {
        return (_statement("one"), _statement("two"));
    }

    function _statement(string memory output) private view returns (IEquivocation.Statement memory) {
        bytes32 commitment = keccak256(bytes(output));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, _digest(commitment));
        return IEquivocation.Statement({outputCommitment: commitment, signature: abi.encodePacked(r, s, v)});
    }

    function _digest(bytes32 commitment) private view returns (bytes32) {
        return _equivocation.receiptDigest(IEquivocation.Receipt(_market, SUBJECT, commitment));
    }

    /// @dev Written out once more, apart from the contract.
    function _digestOn(uint256 chainId, bytes32 commitment) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Lattice Equivocation"),
                keccak256("1"),
                chainId,
                address(_equivocation)
            )
        );
        bytes32 receipt = keccak256(
            abi.encode(
                keccak256("Receipt(address market,bytes32 subject,bytes32 outputCommitment)"),
                _market,
                SUBJECT,
                commitment
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, receipt));
    }
}
