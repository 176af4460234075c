// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AskHistory} from "../../../contracts/libraries/AskHistory.sol";
import {LatticeTest} from "../../helpers/solidity/LatticeTest.sol";

/// @title AskHistoryTest: the packed history against a table of every epoch
contract AskHistoryTest is LatticeTest {
    using AskHistory for AskHistory.History;

    uint256 private constant EPOCHS = 80;

    AskHistory.History private _history;
    mapping(uint256 epoch => bool) private _offered;
    mapping(uint256 epoch => uint96) private _asks;

    function testFuzz_Set_AgreesWithTable(uint256 seed) public {
        uint256 epoch;
        for (uint256 step = 0; step < 20; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            epoch += seed % 5;
            bool offered = (seed >> 8) % 3 != 0;
            uint96 ask = offered ? uint96(seed >> 16) : 0;
            if (epoch + 6 >= EPOCHS) return;

            _history.set(epoch, offered, ask);
            for (uint256 later = epoch + 2; later < EPOCHS; ++later) {
                (_offered[later], _asks[later]) = (offered, ask);
            }
            assertTrue(_history.isOffered() == offered, "written last");
            for (uint256 read = epoch == 0 ? 0 : epoch - 1; read < epoch + 6; ++read) {
                (bool wasOffered, uint96 wasAsked) = _history.at(read);
                assertTrue(wasOffered == _offered[read], "offered");
                assertEq(wasAsked, _asks[read], "ask");
            }
        }
    }

    function testFuzz_At_RevertWhen_Expired(uint40 epoch, uint256 read) public {
        epoch = uint40(bound(epoch, 2, type(uint40).max));
        read = bound(read, 0, epoch - 2);
        _history.set(epoch, true, 1);
        vm.expectRevert(abi.encodeWithSelector(AskHistory.AskHistoryExpired.selector, read, epoch - 1));
        this.readAt(read);
    }

    function readAt(uint256 epoch) external view returns (bool, uint96) {
        return _history.at(epoch);
    }
}
