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
    it("draws all earned fees, for anyone who calls", async () => {
      const { treasury, escrow, token, earn, outsider } = await networkHelpers.loadFixture(deploy);
      await earn(token, treasury, 300n);
      await earn(token, treasury, 200n);
      const collecting = treasury.connect(outsider).collect(token);
      await expect(collecting).to.emit(treasury, "TreasuryCollected").withArgs(token, 500n);
      await expect(collecting)
        .to.emit(escrow, "EscrowWithdrawn")
        .withArgs(treasury, token, treasury, 500n);
      await expect(collecting).to.changeTokenBalances(
        ethers,
        token,
        [treasury, escrow],
        [500n, -500n],
      );
      expect(await treasury.available(token)).to.equal(500n);
    });

    it("returns the amount", async () => {
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
        .withArgs(taxed, 990n);
      expect(await treasury.available(taxed)).to.equal(990n);
      expect(await taxed.balanceOf(treasury)).to.equal(990n);
      // What it holds already makes no difference.
      await taxed.setTax(0n);
      await earn(taxed, treasury, 1_000n);
      await taxed.setTax(20_000n);
      await treasury.collect(taxed);
      expect(await treasury.available(taxed)).to.equal(1_970n);
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
      await expect(collecting).to.emit(treasury, "TreasuryCollected").withArgs(reentering, 300n);
      await expect(collecting).to.changeTokenBalances(ethers, reentering, [treasury], [500n]);
      expect(await treasury.available(reentering)).to.equal(300n);
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
      expect(await treasury.available(token)).to.equal(300n);
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
      expect(await treasury.available(token)).to.equal(500n);
      await expect(treasury.connect(admin).spend(token, admin, 501n))
        .to.be.revertedWithCustomError(treasury, "FeeTreasuryInsufficientFunds")
        .withArgs(token, 500n, 501n);
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
      await treasury.connect(admin).spend(token, admin, 510n);
      expect(await token.balanceOf(escrow)).to.equal(90n);
      expect(await escrow.accountOf(requester, token)).to.deep.equal([90n, 0n, 0n, 0n]);
    });
  });
});
