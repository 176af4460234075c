import { parameterIndex } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { namedSigners } from "../../helpers/custody.ts";
import { deployTreasury } from "../../helpers/treasury.ts";

const { ethers, networkHelpers } = await network.create();

async function deploy() {
  return deployTreasury(ethers);
}

async function deployCollected() {
  const fixture = await deploy();
  await fixture.earn(fixture.token, fixture.treasury, 500n);
  await fixture.treasury.collect(fixture.token);
  return fixture;
}

describe("FeeTreasury", () => {
  describe("collect", () => {
    it("draws all earned fees and shares them, for anyone who calls", async () => {
      const { treasury, escrow, token, earn, rewards, outsider } =
        await networkHelpers.loadFixture(deploy);
      await earn(token, treasury, 300n);
      await earn(token, treasury, 200n);
      const collecting = treasury.connect(outsider).collect(token);
      await expect(collecting)
        .to.emit(treasury, "TreasuryCollected")
        .withArgs(token, 500n, 0n, 45n);
      await expect(collecting)
        .to.emit(escrow, "EscrowWithdrawn")
        .withArgs(treasury, token, treasury, 500n);
      await expect(collecting).to.changeTokenBalances(
        ethers,
        token,
        [treasury, rewards, escrow],
        [455n, 45n, -500n],
      );
      expect(await treasury.available(token)).to.equal(455n);
    });

    it("SOL-3: burns a share of LAT, rewards the beacon with a share, and keeps what rounding leaves", async () => {
      const { treasury, escrow, lat, earnLat, rewards } = await networkHelpers.loadFixture(deploy);
      const supply = await lat.totalSupply();
      await earnLat(treasury, 999n);
      const collecting = treasury.collect(lat);
      // 399.6 and 89.91, both rounded down.
      await expect(collecting)
        .to.emit(treasury, "TreasuryCollected")
        .withArgs(lat, 999n, 399n, 89n);
      await expect(collecting)
        .to.emit(lat, "Transfer")
        .withArgs(treasury, ethers.ZeroAddress, 399n);
      await expect(collecting).to.changeTokenBalances(
        ethers,
        lat,
        [treasury, rewards, escrow],
        [511n, 89n, -999n],
      );
      expect(await lat.totalSupply()).to.equal(supply - 399n);
      expect(await treasury.available(lat)).to.equal(511n);
    });

    it("shares by the parameters at the time, down to nothing and up to all", async () => {
      const { treasury, parameters, lat, earnLat, admin, rewards } =
        await networkHelpers.loadFixture(deploy);
      const setShares = async (ppm: bigint) => {
        for (const name of ["BurnSharePpm", "BeaconSharePpm"] as const) {
          await parameters.connect(admin).set(parameterIndex(name), ppm);
        }
      };
      await setShares(0n);
      await earnLat(treasury, 1_000n);
      await expect(treasury.collect(lat)).to.changeTokenBalances(
        ethers,
        lat,
        [treasury, rewards],
        [1_000n, 0n],
      );
      await setShares(500_000n);
      await earnLat(treasury, 1_000n);
      await expect(treasury.collect(lat))
        .to.emit(treasury, "TreasuryCollected")
        .withArgs(lat, 1_000n, 500n, 500n);
      expect(await treasury.available(lat)).to.equal(1_000n);
    });

    it("returns all that arrived", async () => {
      const { treasury, token, earn } = await networkHelpers.loadFixture(deploy);
      await earn(token, treasury, 300n);
      expect(await treasury.collect.staticCall(token)).to.equal(300n);
    });

    it("SOL-3: accounts what arrives when the token has begun to tax transfers", async () => {
      const { treasury, earn } = await networkHelpers.loadFixture(deploy);
      const taxed = await ethers.deployContract("TaxedToken");
      await earn(taxed, treasury, 1_000n);
      await taxed.setTax(10_000n);
      await expect(treasury.collect(taxed))
        .to.emit(treasury, "TreasuryCollected")
        .withArgs(taxed, 990n, 0n, 89n);
      expect(await treasury.available(taxed)).to.equal(901n);
      expect(await taxed.balanceOf(treasury)).to.equal(901n);
      // What it holds already makes no difference.
      await taxed.setTax(0n);
      await earn(taxed, treasury, 1_000n);
      await taxed.setTax(20_000n);
      await treasury.collect(taxed);
      expect(await treasury.available(taxed)).to.equal(901n + 892n);
    });

    it("SOL-3: accounts no more than was earned when the token sends more in the middle of a collection", async () => {
      const { treasury, earn } = await networkHelpers.loadFixture(deploy);
      const reentering = await ethers.deployContract("ReenteringToken");
      await earn(reentering, treasury, 300n);
      const donation = reentering.interface.encodeFunctionData("mint", [
        await treasury.getAddress(),
        200n,
      ]);
      await reentering.arm(reentering, donation);
      const collecting = treasury.collect(reentering);
      await expect(collecting).to.emit(reentering, "Reentered").withArgs(true, "0x");
      await expect(collecting)
        .to.emit(treasury, "TreasuryCollected")
        .withArgs(reentering, 300n, 0n, 27n);
      await expect(collecting).to.changeTokenBalances(ethers, reentering, [treasury], [473n]);
      expect(await treasury.available(reentering)).to.equal(273n);
    });

    it("reverts when nothing was earned", async () => {
      const { treasury, token } = await networkHelpers.loadFixture(deployCollected);
      await expect(treasury.collect(token))
        .to.be.revertedWithCustomError(treasury, "FeeTreasuryNothingToCollect")
        .withArgs(token);
    });
  });

  describe("spend", () => {
    it("pays what was collected", async () => {
      const { treasury, token, admin, outsider } =
        await networkHelpers.loadFixture(deployCollected);
      const spending = treasury.connect(admin).spend(token, outsider, 200n);
      await expect(spending).to.emit(treasury, "TreasurySpent").withArgs(token, outsider, 200n);
      await expect(spending).to.changeTokenBalances(
        ethers,
        token,
        [treasury, outsider],
        [-200n, 200n],
      );
      expect(await treasury.available(token)).to.equal(255n);
    });

    it("GOV-1: reverts when the caller has no role", async () => {
      const { treasury, token, outsider } = await networkHelpers.loadFixture(deployCollected);
      await expect(treasury.connect(outsider).spend(token, outsider, 1n))
        .to.be.revertedWithCustomError(treasury, "AccessManagedUnauthorized")
        .withArgs(outsider);
    });

    it("reverts when the recipient is the zero address", async () => {
      const { treasury, token, admin } = await networkHelpers.loadFixture(deployCollected);
      await expect(treasury.connect(admin).spend(token, ethers.ZeroAddress, 1n))
        .to.be.revertedWithCustomError(treasury, "FeeTreasuryZeroRecipient")
        .withArgs();
    });

    it("SOL-3: reverts when less is accounted, donations not counted", async () => {
      const { treasury, token, admin } = await networkHelpers.loadFixture(deployCollected);
      await token.mint(treasury, 1_000n);
      expect(await treasury.available(token)).to.equal(455n);
      await expect(treasury.connect(admin).spend(token, admin, 456n))
        .to.be.revertedWithCustomError(treasury, "FeeTreasuryInsufficientFunds")
        .withArgs(token, 455n, 456n);
    });

    it("cannot reach stakes, deposits or locks: it holds its own funds only", async () => {
      const { treasury, escrow, token, earn, admin } =
        await networkHelpers.loadFixture(deployCollected);
      const { requester } = await namedSigners(ethers, "admin", "requester");
      await token.mint(requester, 90n);
      await token.connect(requester).approve(escrow, 90n);
      await escrow.connect(requester).deposit(token, requester, 90n);
      await earn(token, treasury, 10n);
      await treasury.collect(token);
      const all = await treasury.available(token);
      await treasury.connect(admin).spend(token, admin, all);
      await expect(treasury.connect(admin).spend(token, admin, 1n))
        .to.be.revertedWithCustomError(treasury, "FeeTreasuryInsufficientFunds")
        .withArgs(token, 0n, 1n);
      expect(await token.balanceOf(escrow)).to.equal(90n);
      expect(await escrow.accountOf(requester, token)).to.deep.equal([90n, 0n, 0n, 0n]);
    });
  });
});
