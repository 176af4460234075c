// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title TaxedToken: a token that can start to keep a part of every transfer, or bar an account from receiving it
contract TaxedToken is ERC20 {
    uint256 private constant PPM = 1_000_000;

    uint256 public taxPpm;
    mapping(address account => bool) public isBarred;

    error TaxedTokenBarred(address account);

    constructor() ERC20("Taxed", "TAX") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setTax(uint256 ppm) external {
        taxPpm = ppm;
    }

    function setBarred(address account, bool barred) external {
        isBarred[account] = barred;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (isBarred[to]) revert TaxedTokenBarred(to);
        uint256 tax = from == address(0) || to == address(0) ? 0 : (value * taxPpm) / PPM;
        if (tax > 0) super._update(from, address(0), tax);
        super._update(from, to, value - tax);
    }
}
