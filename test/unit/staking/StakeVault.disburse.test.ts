import { expect } from "chai";
import { network } from "hardhat";
import { LAT, SUPPLY } from "../../helpers/custody.ts";
import { deployDelegated, deployService, HOOK, SLASH_GAS } from "../../helpers/stake-vault.ts";

const { ethers, networkHelpers } = await network.create();

async function deploy() {
  return deployService(ethers);
}

async function deployWithPool() {
  return deployDelegated(ethers);
}

/** The market has seized 100 LAT. */
async function deploySeized() {
  const fixture = await deployService(ethers);
  const { vault, market, service, provider } = fixture;
  await vault.connect(market).seize(service, provider, 100n * LAT);
  return fixture;
}

describe("StakeVault", () => {
  describe("disburse", () => {
    it("SLA-2: pays the legs in full, burns the rest, and tells the service", async () => {
      const f = await networkHelpers.loadFixture(deploySeized);
      const legs = [
        { recipient: f.requester, amount: 50n * LAT },
        { recipient: f.reporter, amount: 10n * LAT },
      ];
      const disbursing = f.vault
        .connect(f.market)
        .disburse(f.service, f.provider, 90n * LAT, legs, SLASH_GAS);
      await expect(disbursing)
        .to.emit(f.vault, "StakeDisbursed")
        .withArgs(f.provider, f.service, f.market, 90n * LAT, 30n * LAT, 0n);
      await expect(disbursing)
        .to.emit(f.service, "HookCalled")
        .withArgs(f.provider, 900n * LAT, (gas: bigint) => gas > 0n);
      await expect(disbursing).to.changeTokenBalances(
        ethers,
        f.lat,
        [f.vault, f.requester, f.reporter, f.provider],
        [-90n * LAT, 50n * LAT, 10n * LAT, 0n],
      );
      expect(await f.lat.totalSupply()).to.equal(SUPPLY - 30n * LAT);
      expect(await f.vault.seizedBy(f.service, f.market)).to.deep.equal([10n * LAT, 0n]);
    });

    it("SLA-3: burns legs to the provider and to nobody", async () => {
      const f = await networkHelpers.loadFixture(deploySeized);
      const legs = [
        { recipient: f.provider, amount: 60n * LAT },
        { recipient: ethers.ZeroAddress, amount: 20n * LAT },
      ];
      await f.vault.connect(f.market).disburse(f.service, f.provider, 100n * LAT, legs, SLASH_GAS);
      expect(await f.lat.totalSupply()).to.equal(SUPPLY - 100n * LAT);
    });

    it("SLA-3: never pays what delegators lost; it burns with the next disbursement, whosever it was", async () => {
      const f = await networkHelpers.loadFixture(deployWithPool);
      await f.vault.connect(f.market).seize(f.service, f.provider, 250n * LAT);
      const legs = [{ recipient: f.reporter, amount: 100n * LAT + 1n }];
      await expect(
        f.vault.connect(f.market).disburse(f.service, f.provider, 100n * LAT + 1n, legs, SLASH_GAS),
      )
        .to.be.revertedWithCustomError(f.vault, "StakeVaultInsufficientSeized")
        .withArgs(f.service, f.market, 100n * LAT, 100n * LAT + 1n);
      const disbursing = f.vault
        .connect(f.market)
        .disburse(f.service, f.outsider, 40n * LAT, [], SLASH_GAS);
      await expect(disbursing)
        .to.emit(f.vault, "StakeDisbursed")
        .withArgs(f.outsider, f.service, f.market, 40n * LAT, 40n * LAT, 150n * LAT);
      await expect(disbursing).to.changeTokenBalance(ethers, f.lat, f.vault, -190n * LAT);
      expect(await f.lat.totalSupply()).to.equal(SUPPLY - 190n * LAT);
      expect(await f.vault.seizedBy(f.service, f.market)).to.deep.equal([60n * LAT, 0n]);
    });

    it("lets a module that lost its rights disburse what it seized, and seize no more", async () => {
      const { vault, lat, market, service, provider, reporter } =
        await networkHelpers.loadFixture(deploySeized);
      await service.setModule(market, false);
      expect(await vault.isModule(service, market)).to.equal(false);
      const legs = [{ recipient: reporter, amount: 10n * LAT }];
      await expect(
        vault.connect(market).disburse(service, provider, 100n * LAT, legs, SLASH_GAS),
      ).to.changeTokenBalance(ethers, lat, reporter, 10n * LAT);
      expect(await vault.seizedBy(service, market)).to.deep.equal([0n, 0n]);
    });

    it("ends a fault for which nothing was seized", async () => {
      const { vault, lat, market, service, provider } = await networkHelpers.loadFixture(deploy);
      const disbursing = vault.connect(market).disburse(service, provider, 0n, [], SLASH_GAS);
      await expect(disbursing)
        .to.emit(vault, "StakeDisbursed")
        .withArgs(provider, service, market, 0n, 0n, 0n);
      await expect(disbursing).to.emit(service, "HookCalled");
      await expect(disbursing).to.changeTokenBalance(ethers, lat, vault, 0n);
    });

    it("reverts when the caller seized less, for this service", async () => {
      const f = await networkHelpers.loadFixture(deploySeized);
      const other = await ethers.deployContract("StakeServiceProbe", [f.vault]);
      for (const [caller, service, seized, needed] of [
        [f.market, f.service, 100n * LAT, 100n * LAT + 1n],
        [f.market, other, 0n, 1n],
        [f.beacon, f.service, 0n, 1n],
        [f.outsider, f.service, 0n, 1n],
        [f.provider, f.service, 0n, 1n],
      ] as const) {
        await expect(f.vault.connect(caller).disburse(service, f.provider, needed, [], SLASH_GAS))
          .to.be.revertedWithCustomError(f.vault, "StakeVaultInsufficientSeized")
          .withArgs(service, caller, seized, needed);
      }
    });

    it("reverts when the legs add up to more than is disbursed", async () => {
      const { vault, market, service, provider, requester, reporter } =
        await networkHelpers.loadFixture(deploySeized);
      const legs = [
        { recipient: requester, amount: 8n },
        { recipient: reporter, amount: 3n },
      ];
      await expect(vault.connect(market).disburse(service, provider, 10n, legs, SLASH_GAS))
        .to.be.revertedWithCustomError(vault, "StakeVaultSlashLegsExceedAmount")
        .withArgs(11n, 10n);
    });

    it("LIV-2: is not blocked by a service that fails, and not starved of its gas", async () => {
      const { vault, market, service, provider } = await networkHelpers.loadFixture(deploySeized);
      await service.setMode(HOOK.revert);
      await expect(vault.connect(market).disburse(service, provider, 1n, [], SLASH_GAS))
        .to.emit(vault, "StakeHookFailed")
        .withArgs(provider, service);
      const needed = await vault.HOOK_GAS_NEEDED();
      const starved = { gasLimit: needed };
      await expect(vault.connect(market).disburse(service, provider, 1n, [], starved))
        .to.be.revertedWithCustomError(vault, "StakeVaultInsufficientGas")
        .withArgs((available: bigint) => available < needed && available > 0n, needed);
    });

    it("cannot be made twice by re-entering from the hook", async () => {
      const { vault, lat, service, provider } = await networkHelpers.loadFixture(deploy);
      // The service is its own module.
      await service.setModule(service, true);
      const encode = vault.interface;
      const target = await service.getAddress();
      await service.execute(
        encode.encodeFunctionData("seize", [target, provider.address, 100n * LAT]),
      );
      const disburse = encode.encodeFunctionData("disburse", [
        target,
        provider.address,
        60n * LAT,
        [],
      ]);
      await service.setReentry(disburse);
      const refusal = encode.encodeErrorResult("StakeVaultInsufficientSeized", [
        target,
        target,
        40n * LAT,
        60n * LAT,
      ]);
      const disbursing = service.execute(disburse, SLASH_GAS);
      await expect(disbursing).to.emit(service, "Reentered").withArgs(false, refusal);
      await expect(disbursing).to.changeTokenBalance(ethers, lat, vault, -60n * LAT);
    });
  });
});
