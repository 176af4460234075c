// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {StakeVault} from "../../../contracts/staking/StakeVault.sol";
import {LatticeToken} from "../../../contracts/token/LatticeToken.sol";
import {SlashLeg} from "../../../contracts/types/Stake.sol";
import {StakeVaultActions} from "./StakeVaultActions.sol";

/// @title StakeSeizureActions: modules that slash in two steps
abstract contract StakeSeizureActions is StakeVaultActions {
    // What should be in the vault for each module, counted apart from it.
    mapping(address service => mapping(address module => uint256)) public seized;
    mapping(address service => mapping(address module => uint256)) public seizedOfPools;

    constructor(LatticeToken lat, StakeVault vault) StakeVaultActions(lat, vault) {}

    // Actions

    function seize(uint256 seed, uint256 module, uint256 amount) external {
        (bool found, address provider, address service) = _find(seed, _hasTokens);
        address by = modules[module % MODULES];
        if (!found || !isModule[service][by]) return;
        uint256 tokens = VAULT.provisionOf(provider, service).tokens + _pool(provider, service).tokens;
        _seize(provider, service, by, uint96(bound(amount, 1, 2 * tokens)));
    }

    /// @dev By the first module from `seed` on that holds something, whether it may still seize or not.
    function disburse(uint256 seed, uint256 amount, uint256 share) external {
        for (uint256 i = 0; i < SERVICES * MODULES; ++i) {
            uint256 index = ((seed % (SERVICES * MODULES)) + i) % (SERVICES * MODULES);
            address service = address(services[index / MODULES]);
            address by = modules[index % MODULES];
            if (seized[service][by] == 0) continue;
            _disburse(providers[seed % PROVIDERS], service, by, uint96(bound(amount, 1, seized[service][by])), share);
            return;
        }
    }

    // Their effects

    function _seize(address provider, address service, address by, uint96 asked) private counted("seize") {
        uint256 balance = LAT.balanceOf(address(VAULT));
        uint256 own = VAULT.provisionOf(provider, service).tokens;
        uint256 pooled = _pool(provider, service).tokens;
        vm.prank(by);
        (uint256 taken, uint256 ofOwn) = VAULT.seize(service, provider, asked);
        assertEq(LAT.balanceOf(address(VAULT)), balance, "SOL-2: what was seized stays");
        assertEq(own - VAULT.provisionOf(provider, service).tokens, ofOwn, "the provider's part");
        _noteSlash(provider, service, own, pooled, taken, 0);
        seized[service][by] += ofOwn;
        seizedOfPools[service][by] += taken - ofOwn;
    }

    function _disburse(
        address provider,
        address service,
        address by,
        uint96 amount,
        uint256 share
    ) private counted("disburse") {
        SlashLeg[] memory legs = new SlashLeg[](2);
        legs[0] = SlashLeg(reporter, uint96(bound(share, 0, amount / 2)));
        // The provider tries to be paid itself.
        legs[1] = SlashLeg(provider, amount / 2);
        uint256 outside = LAT.balanceOf(reporter);
        uint256 supply = LAT.totalSupply();
        vm.prank(by);
        VAULT.disburse(service, provider, amount, legs);
        uint256 paid = LAT.balanceOf(reporter) - outside;
        uint256 gone = supply - LAT.totalSupply();
        assertEq(paid, legs[0].amount, "the leg in full");
        assertEq(paid + gone, amount + seizedOfPools[service][by], "SLA-2: legs and what burned");
        seized[service][by] -= amount;
        seizedOfPools[service][by] = 0;
        paidOut += paid;
        burned += gone;
    }
}
