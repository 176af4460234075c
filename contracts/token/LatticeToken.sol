// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {ILatticeToken} from "../interfaces/ILatticeToken.sol";

/// @title LatticeToken: LAT, the token that is staked, burned and voted with
/// @notice The whole supply is minted once; from then on it only shrinks, by burning.
/// @dev No owner, no minter, no pause. Votes count by timestamp (EIP-6372), so that governance periods are seconds on
/// every chain.
contract LatticeToken is ERC20, ERC20Burnable, ERC20Permit, ERC20Votes, ILatticeToken {
    /// @param recipient Holder of the whole supply.
    /// @param supply LAT wei, at most 2^96 - 1.
    constructor(address recipient, uint256 supply) ERC20("Lattice", "LAT") ERC20Permit("Lattice") {
        if (supply > type(uint96).max) revert LatticeTokenSupplyTooLarge(supply, type(uint96).max);
        _mint(recipient, supply);
    }

    /// @inheritdoc ILatticeToken
    function burn(uint256 value) public override(ERC20Burnable, ILatticeToken) {
        super.burn(value);
    }

    /// @notice Unix seconds (EIP-6372).
    function clock() public view override returns (uint48) {
        return Time.timestamp();
    }

    /// @notice Machine-readable form of the clock (EIP-6372).
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @notice Next nonce of `owner`, for permits (EIP-2612) and for delegation by signature.
    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
