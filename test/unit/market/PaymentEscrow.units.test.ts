import { expect } from "chai";
import { network } from "hardhat";
import { deployEscrow, namedSigners } from "../../helpers/custody.ts";

const { ethers, networkHelpers } = await network.create();
const MAX_UNITS = 2n ** 96n - 1n;

async function deploy() {
  const actors = await namedSigners(ethers, "admin", "rita", "rob", "market", "outsider");
  const custody = await deployEscrow(ethers, actors.admin);
  const { token, escrow } = custody;
  for (const [owner, amount] of [
    [actors.rita, 1_000n],
    [actors.rob, 250n],
  ] as const) {
    await token.mint(owner, amount);
    await token.connect(owner).approve(escrow, ethers.MaxUint256);
    await escrow.connect(owner).deposit(token, owner, amount);
    await escrow.connect(owner).setMarket(actors.market, true);
  }
  const depositOf = async (owner: string) => (await escrow.accountOf(owner, token)).deposit;
  return { ...actors, ...custody, depositOf };
}

const entry = (owner: { readonly address: string }, units: bigint) =>
  (BigInt(owner.address) << 96n) | units;

describe("PaymentEscrow", () => {
  describe("lockUnits", () => {
    it("locks of each owner what was asked, and says that nothing is missing", async () => {
      const { escrow, token, market, rita, rob, depositOf } =
        await networkHelpers.loadFixture(deploy);
      const locks = [entry(rita, 3n), entry(rob, 2n), entry(rita, 1n)];
      const asMarket = escrow.connect(market);
      expect(await asMarket.lockUnits.staticCall(token, 100n, locks)).to.deep.equal([]);
      await expect(asMarket.lockUnits(token, 100n, locks))
        .to.emit(escrow, "EscrowUnitsLocked")
        .withArgs(market.address, token, 100n, locks, []);
      expect(await depositOf(rita.address)).to.equal(600n);
      expect(await depositOf(rob.address)).to.equal(50n);
      expect(await escrow.lockedBy(market, token)).to.equal(600n);
    });

    it("locks whole units only, and says how many are missing of whom", async () => {
      const { escrow, token, market, rita, rob, outsider, depositOf } =
        await networkHelpers.loadFixture(deploy);
      const locks = [entry(rob, 3n), entry(outsider, 5n), entry(rita, 10n), entry(rita, 1n)];
      await expect(escrow.connect(market).lockUnits(token, 100n, locks))
        .to.emit(escrow, "EscrowUnitsLocked")
        .withArgs(market.address, token, 100n, locks, [1n, 5n, 0n, 1n]);
      expect(await depositOf(rob.address)).to.equal(50n);
      expect(await depositOf(rita.address)).to.equal(0n);
      expect(await escrow.lockedBy(market, token)).to.equal(1_200n);
    });

    it("locks nothing of owners that do not allow the caller", async () => {
      const { escrow, token, outsider, rita, depositOf } = await networkHelpers.loadFixture(deploy);
      await expect(escrow.connect(outsider).lockUnits(token, 1n, [entry(rita, 4n)])).not.to.emit(
        escrow,
        "EscrowUnitsLocked",
      );
      expect(await depositOf(rita.address)).to.equal(1_000n);
      expect(await escrow.lockedBy(outsider, token)).to.equal(0n);
    });

    it("does not overflow with the largest unit and number", async () => {
      const { escrow, token, market, rita, depositOf } = await networkHelpers.loadFixture(deploy);
      const largest = 2n ** 128n - 1n;
      const asMarket = escrow.connect(market);
      for (const [unit, most, missing] of [
        [largest, MAX_UNITS, MAX_UNITS],
        [1n, MAX_UNITS, MAX_UNITS - 1_000n],
      ] as const) {
        const answer = await asMarket.lockUnits.staticCall(token, unit, [entry(rita, most)]);
        expect(answer).to.deep.equal([missing]);
      }
      await asMarket.lockUnits(token, 1n, [entry(rita, MAX_UNITS)]);
      expect(await depositOf(rita.address)).to.equal(0n);
      expect(await escrow.lockedBy(market, token)).to.equal(1_000n);
    });

    it("reverts when the unit is zero", async () => {
      const { escrow, token, market, rita } = await networkHelpers.loadFixture(deploy);
      await expect(
        escrow.connect(market).lockUnits(token, 0n, [entry(rita, 1n)]),
      ).to.be.revertedWithCustomError(escrow, "PaymentEscrowZeroAmount");
    });

    it("leaves what is locked payable by the market alone", async () => {
      const { escrow, token, market, rita, rob, depositOf } =
        await networkHelpers.loadFixture(deploy);
      await escrow.connect(market).lockUnits(token, 100n, [entry(rita, 3n)]);
      const legs = [{ recipient: rob, amount: 300n, toDeposit: true }];
      await escrow.connect(market).pay(token, legs);
      expect(await depositOf(rob.address)).to.equal(550n);
      await expect(
        escrow.connect(market).pay(
          token,
          legs.map((leg) => ({ ...leg, amount: 1n })),
        ),
      )
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowInsufficientLocked")
        .withArgs(market, token, 0n, 1n);
    });
  });

  describe("spendable", () => {
    it("is the deposit of who allowed the market, and nothing of others", async () => {
      const { escrow, token, market, rita, outsider } = await networkHelpers.loadFixture(deploy);
      expect(await escrow.spendable(rita, market, token)).to.equal(1_000n);
      expect(await escrow.spendable(rita, outsider, token)).to.equal(0n);
      await escrow.connect(rita).thaw(token, 400n);
      expect(await escrow.spendable(rita, market, token)).to.equal(600n);
      await escrow.connect(rita).setMarket(market, false);
      expect(await escrow.spendable(rita, market, token)).to.equal(0n);
    });
  });
});
