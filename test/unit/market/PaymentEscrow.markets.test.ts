import { expect } from "chai";
import { network } from "hardhat";
import { deployEscrow, namedSigners } from "../../helpers/custody.ts";

const { ethers, networkHelpers } = await network.create();

async function deploy() {
  const actors = await namedSigners(
    ethers,
    "admin",
    "requester",
    "provider",
    "publisher",
    "market",
    "sessions",
    "outsider",
  );
  const custody = await deployEscrow(ethers, actors.admin);
  const { token, escrow } = custody;
  await token.mint(actors.requester, 1_000n);
  await token.connect(actors.requester).approve(escrow, ethers.MaxUint256);
  await escrow.connect(actors.requester).deposit(token, actors.requester, 1_000n);
  await escrow.connect(actors.requester).setMarket(actors.market, true);
  return { ...actors, ...custody };
}

async function deployLocked() {
  const fixture = await deploy();
  await fixture.escrow.connect(fixture.market).lock(fixture.token, fixture.requester, 700n);
  return fixture;
}

describe("PaymentEscrow", () => {
  describe("setMarket", () => {
    it("allows and forbids for the caller only", async () => {
      const { escrow, requester, outsider, sessions } = await networkHelpers.loadFixture(deploy);
      await expect(escrow.connect(requester).setMarket(sessions, true))
        .to.emit(escrow, "EscrowMarketSet")
        .withArgs(requester, sessions, true);
      expect(await escrow.isMarketAllowed(requester, sessions)).to.equal(true);
      expect(await escrow.isMarketAllowed(outsider, sessions)).to.equal(false);
      await expect(escrow.connect(requester).setMarket(sessions, false))
        .to.emit(escrow, "EscrowMarketSet")
        .withArgs(requester, sessions, false);
      expect(await escrow.isMarketAllowed(requester, sessions)).to.equal(false);
    });
  });

  describe("lock", () => {
    it("moves deposit under the market's lock and no tokens", async () => {
      const { escrow, token, requester, market } = await networkHelpers.loadFixture(deploy);
      const locking = escrow.connect(market).lock(token, requester, 700n);
      await expect(locking)
        .to.emit(escrow, "EscrowLocked")
        .withArgs(market, requester, token, 700n);
      await expect(locking).to.changeTokenBalances(ethers, token, [requester, escrow], [0n, 0n]);
      expect(await escrow.lockedBy(market, token)).to.equal(700n);
      expect(await escrow.accountOf(requester, token)).to.deep.equal([300n, 0n, 0n, 0n]);
    });

    it("reverts when the owner has not allowed the market", async () => {
      const { escrow, token, requester, sessions } = await networkHelpers.loadFixture(deploy);
      await expect(escrow.connect(sessions).lock(token, requester, 1n))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowMarketNotAllowed")
        .withArgs(requester, sessions);
    });

    it("reverts when the amount is zero", async () => {
      const { escrow, token, requester, market } = await networkHelpers.loadFixture(deploy);
      await expect(escrow.connect(market).lock(token, requester, 0n))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowZeroAmount")
        .withArgs();
    });

    it("reverts when the deposit is smaller", async () => {
      const { escrow, token, requester, market } = await networkHelpers.loadFixture(deployLocked);
      await expect(escrow.connect(market).lock(token, requester, 301n))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowInsufficientDeposit")
        .withArgs(requester, token, 300n, 301n);
    });
  });

  describe("pay", () => {
    it("credits every leg, to earnings or to the deposit, and moves no tokens", async () => {
      const { escrow, token, requester, provider, publisher, market } =
        await networkHelpers.loadFixture(deployLocked);
      const legs = [
        { recipient: provider.address, amount: 400n, toDeposit: false },
        { recipient: publisher.address, amount: 100n, toDeposit: false },
        { recipient: ethers.ZeroAddress, amount: 0n, toDeposit: false },
        { recipient: requester.address, amount: 200n, toDeposit: true },
      ];
      const paying = escrow.connect(market).pay(token, legs);
      await expect(paying)
        .to.emit(escrow, "EscrowPaid")
        .withArgs(market, token, legs.map(Object.values));
      await expect(paying).to.changeTokenBalances(
        ethers,
        token,
        [escrow, provider, publisher, requester],
        [0n, 0n, 0n, 0n],
      );
      const receipt = await (await paying).wait();
      expect(receipt?.logs.length).to.equal(1);
      expect(await escrow.accountOf(provider, token)).to.deep.equal([0n, 400n, 0n, 0n]);
      expect(await escrow.accountOf(publisher, token)).to.deep.equal([0n, 100n, 0n, 0n]);
      expect(await escrow.accountOf(requester, token)).to.deep.equal([500n, 0n, 0n, 0n]);
      expect(await escrow.lockedBy(market, token)).to.equal(0n);
    });

    it("adds legs of one recipient up", async () => {
      const { escrow, token, provider, market } = await networkHelpers.loadFixture(deployLocked);
      await escrow.connect(market).pay(token, [
        { recipient: provider, amount: 1n, toDeposit: false },
        { recipient: provider, amount: 2n, toDeposit: false },
        { recipient: provider, amount: 4n, toDeposit: true },
      ]);
      expect(await escrow.accountOf(provider, token)).to.deep.equal([4n, 3n, 0n, 0n]);
      expect(await escrow.lockedBy(market, token)).to.equal(693n);
    });

    it("pays what is locked even after the owner forbade the market", async () => {
      const { escrow, token, requester, provider, market } =
        await networkHelpers.loadFixture(deployLocked);
      await escrow.connect(requester).setMarket(market, false);
      await escrow
        .connect(market)
        .pay(token, [{ recipient: provider, amount: 700n, toDeposit: false }]);
      expect((await escrow.accountOf(provider, token)).earnings).to.equal(700n);
    });

    it("reverts when the market has locked less, in sum or in this token", async () => {
      const { escrow, token, provider, market, outsider } =
        await networkHelpers.loadFixture(deployLocked);
      const legs = [
        { recipient: provider, amount: 700n, toDeposit: false },
        { recipient: provider, amount: 1n, toDeposit: true },
      ];
      await expect(escrow.connect(market).pay(token, legs))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowInsufficientLocked")
        .withArgs(market, token, 700n, 701n);
      await expect(escrow.connect(outsider).pay(token, legs))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowInsufficientLocked")
        .withArgs(outsider, token, 0n, 701n);
      const other = await ethers.deployContract("MintableToken", ["Other", "OTH"]);
      await expect(escrow.connect(market).pay(other, legs))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowInsufficientLocked")
        .withArgs(market, other, 0n, 701n);
    });

    it("reverts when a leg that is not zero goes to the zero address", async () => {
      const { escrow, token, market } = await networkHelpers.loadFixture(deployLocked);
      const legs = [{ recipient: ethers.ZeroAddress, amount: 1n, toDeposit: false }];
      await expect(escrow.connect(market).pay(token, legs))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowZeroRecipient")
        .withArgs();
    });
  });
});
