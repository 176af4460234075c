import { expect } from "chai";
import { network } from "hardhat";
import { LAT } from "../../helpers/custody.ts";
import { deployService, HOOK, PROVISIONED, SLASH_GAS } from "../../helpers/stake-vault.ts";

const { ethers, networkHelpers } = await network.create();

async function deploy() {
  const fixture = await deployService(ethers);
  const { vault, service, provider } = fixture;
  await vault.connect(provider).thaw(service, 400n * LAT);
  await networkHelpers.time.increase(100_000);
  return fixture;
}

describe("StakeVault", () => {
  describe("service hook", () => {
    it("sees the final state and gets all of its gas", async () => {
      const { vault, service, provider } = await networkHelpers.loadFixture(deploy);
      const hookGas = await vault.HOOK_GAS();
      await expect(vault.connect(provider).withdraw(service))
        .to.emit(service, "HookCalled")
        // Less only what entering the function costs.
        .withArgs(provider, 600n * LAT, (gas: bigint) => gas <= hookGas && gas > hookGas - 2_000n);
    });

    for (const [failure, mode] of [
      ["reverts", HOOK.revert],
      ["burns its gas", HOOK.burnGas],
    ] as const) {
      it(`LIV-2: nothing is blocked by a service that ${failure}`, async () => {
        const { vault, lat, service, provider, market } = await networkHelpers.loadFixture(deploy);
        await vault.connect(market).lock(service, provider, 10n * LAT);
        await service.setMode(mode);
        const steps = [
          () => vault.connect(provider).withdraw(service),
          () => vault.connect(provider).provision(service, 1n * LAT),
          () => vault.connect(provider).thaw(service, 2n * LAT),
          () => vault.connect(provider).cancelThaw(service, 1n * LAT),
          () => vault.connect(market).slash(service, provider, 10n * LAT, 10n * LAT, [], SLASH_GAS),
        ];
        for (const step of steps) {
          await expect(step()).to.emit(vault, "StakeHookFailed").withArgs(provider, service);
        }
        expect(await lat.balanceOf(vault)).to.equal(591n * LAT);
      });
    }

    it("LIV-2: stake leaves a service that lost its code", async () => {
      const { vault, lat, service, provider } = await networkHelpers.loadFixture(deploy);
      await networkHelpers.setCode(await service.getAddress(), "0x");
      const withdrawing = vault.connect(provider).withdraw(service);
      await expect(withdrawing).to.emit(vault, "StakeHookFailed").withArgs(provider, service);
      await expect(withdrawing).to.changeTokenBalance(ethers, lat, provider, 400n * LAT);
    });

    it("reverts when the caller leaves the hook too little gas", async () => {
      const { vault, service, provider } = await networkHelpers.loadFixture(deploy);
      const needed = await vault.HOOK_GAS_NEEDED();
      const withdrawing = vault.connect(provider).withdraw(service, { gasLimit: needed });
      await expect(withdrawing)
        .to.be.revertedWithCustomError(vault, "StakeVaultInsufficientGas")
        .withArgs((available: bigint) => available < needed && available > 0n, needed);
    });

    it("never starves the hook: with any gas limit the call reverts or the hook gets its gas", async () => {
      const { vault, service, provider } = await networkHelpers.loadFixture(deploy);
      const needed = await vault.HOOK_GAS_NEEDED();
      const hookGas = await vault.HOOK_GAS();
      const start = await networkHelpers.takeSnapshot();
      let succeeded = 0;
      let reverted = 0;
      for (let gasLimit = needed + 50_000n; gasLimit <= needed + 130_000n; gasLimit += 2_000n) {
        const withdrawing = vault.connect(provider).withdraw(service, { gasLimit });
        const outcome = await withdrawing.then(
          () => "done",
          () => "reverted",
        );
        if (outcome === "reverted") {
          reverted += 1;
          await expect(
            vault.connect(provider).withdraw(service, { gasLimit }),
          ).to.be.revertedWithCustomError(vault, "StakeVaultInsufficientGas");
          continue;
        }
        succeeded += 1;
        await expect(withdrawing).not.to.emit(vault, "StakeHookFailed");
        await expect(withdrawing)
          .to.emit(service, "HookCalled")
          .withArgs(provider, 600n * LAT, (gas: bigint) => gas > hookGas - 2_000n);
        await start.restore();
      }
      expect(succeeded).to.be.greaterThan(0);
      expect(reverted).to.be.greaterThan(0);
    });

    it("cannot withdraw twice by re-entering", async () => {
      const { vault, lat, service, provider } = await networkHelpers.loadFixture(deploy);
      const withdraw = vault.interface.encodeFunctionData("withdraw", [service.target]);
      await lat.connect(provider).transfer(service, 8n * LAT);
      await service.approve(lat, 8n * LAT);
      const encoder = vault.interface;
      const target = await service.getAddress();
      await service.execute(encoder.encodeFunctionData("provision", [target, 8n * LAT]));
      await service.execute(encoder.encodeFunctionData("thaw", [target, 8n * LAT]));
      await networkHelpers.time.increase(100_000);
      await service.setReentry(withdraw);

      const refusal = vault.interface.encodeErrorResult("StakeVaultNothingToWithdraw", [
        service.target,
        service.target,
      ]);
      const withdrawing = service.execute(withdraw);
      await expect(withdrawing).to.emit(service, "Reentered").withArgs(false, refusal);
      await expect(withdrawing).to.changeTokenBalances(
        ethers,
        lat,
        [service, vault],
        [8n * LAT, -8n * LAT],
      );
      expect(await lat.balanceOf(vault)).to.equal(PROVISIONED);
    });
  });
});
