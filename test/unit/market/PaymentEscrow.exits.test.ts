import { parameterIndex } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { deployEscrow, namedSigners, PARAMETER_VALUES } from "../../helpers/custody.ts";

const { ethers, networkHelpers } = await network.create();
const { time } = networkHelpers;
const THAW = PARAMETER_VALUES.EscrowThawSeconds;
const MAX = 2n ** 128n - 1n;

async function deploy() {
  const actors = await namedSigners(ethers, "admin", "requester", "provider", "market", "outsider");
  const custody = await deployEscrow(ethers, actors.admin);
  const { token, escrow } = custody;
  await token.mint(actors.requester, 1_000n);
  await token.connect(actors.requester).approve(escrow, ethers.MaxUint256);
  await escrow.connect(actors.requester).deposit(token, actors.requester, 1_000n);
  return { ...actors, ...custody };
}

async function deployThawing() {
  const fixture = await deploy();
  await fixture.escrow.connect(fixture.requester).thaw(fixture.token, 400n);
  return { ...fixture, until: BigInt(await time.latest()) + THAW };
}

/** The provider has earned 600. */
async function deployEarned() {
  const fixture = await deploy();
  const { escrow, token, requester, provider, market } = fixture;
  await escrow.connect(requester).setMarket(market, true);
  await escrow.connect(market).lock(token, requester, 600n);
  await escrow
    .connect(market)
    .pay(token, [{ recipient: provider, amount: 600n, toDeposit: false }]);
  return fixture;
}

async function nextTimestamp(): Promise<bigint> {
  const next = (await time.latest()) + 10;
  await time.setNextBlockTimestamp(next);
  return BigInt(next);
}

describe("PaymentEscrow", () => {
  describe("thaw", () => {
    it("takes the amount out of reach of markets", async () => {
      const { escrow, token, requester, market } = await networkHelpers.loadFixture(deploy);
      const until = (await nextTimestamp()) + THAW;
      const thawing = escrow.connect(requester).thaw(token, 400n);
      await expect(thawing)
        .to.emit(escrow, "EscrowThawStarted")
        .withArgs(requester, token, 400n, until);
      await expect(thawing).to.changeTokenBalances(ethers, token, [requester, escrow], [0n, 0n]);
      expect(await escrow.accountOf(requester, token)).to.deep.equal([600n, 0n, 400n, until]);
      await escrow.connect(requester).setMarket(market, true);
      await expect(escrow.connect(market).lock(token, requester, 601n))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowInsufficientDeposit")
        .withArgs(requester, token, 600n, 601n);
    });

    it("restarts the clock for all that thaws when more is added", async () => {
      const { escrow, token, requester, until } = await networkHelpers.loadFixture(deployThawing);
      await time.increaseTo(until - 50n);
      const later = (await nextTimestamp()) + THAW;
      await escrow.connect(requester).thaw(token, 1n);
      expect(await escrow.accountOf(requester, token)).to.deep.equal([599n, 0n, 401n, later]);
    });

    it("reverts when the amount is zero", async () => {
      const { escrow, token, requester } = await networkHelpers.loadFixture(deploy);
      await expect(escrow.connect(requester).thaw(token, 0n))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowZeroAmount")
        .withArgs();
    });

    it("reverts when the deposit is smaller", async () => {
      const { escrow, token, requester } = await networkHelpers.loadFixture(deployThawing);
      await expect(escrow.connect(requester).thaw(token, 601n))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowInsufficientDeposit")
        .withArgs(requester, token, 600n, 601n);
    });

    it("reverts when the thawing sum does not fit 128 bits", async () => {
      const { escrow, token, requester } = await networkHelpers.loadFixture(deployThawing);
      await token.mint(requester, MAX);
      const own = escrow.connect(requester);
      await own.deposit(token, requester, MAX - 600n);
      await expect(own.thaw(token, MAX))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowAmountTooLarge")
        .withArgs(MAX + 400n);
    });
  });

  describe("cancelThaw", () => {
    it("returns a part to the deposit and keeps the clock", async () => {
      const { escrow, token, requester, until } = await networkHelpers.loadFixture(deployThawing);
      await expect(escrow.connect(requester).cancelThaw(token, 150n))
        .to.emit(escrow, "EscrowThawCancelled")
        .withArgs(requester, token, 150n);
      expect(await escrow.accountOf(requester, token)).to.deep.equal([750n, 0n, 250n, until]);
    });

    it("stops the clock when all is returned", async () => {
      const { escrow, token, requester } = await networkHelpers.loadFixture(deployThawing);
      await escrow.connect(requester).cancelThaw(token, 400n);
      expect(await escrow.accountOf(requester, token)).to.deep.equal([1_000n, 0n, 0n, 0n]);
    });

    it("reverts when the amount is zero", async () => {
      const { escrow, token, requester } = await networkHelpers.loadFixture(deployThawing);
      await expect(escrow.connect(requester).cancelThaw(token, 0n))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowZeroAmount")
        .withArgs();
    });

    it("reverts when less is thawing", async () => {
      const { escrow, token, requester } = await networkHelpers.loadFixture(deployThawing);
      await expect(escrow.connect(requester).cancelThaw(token, 401n))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowInsufficientThawing")
        .withArgs(requester, token, 400n, 401n);
    });
  });

  describe("withdraw", () => {
    it("pays all that thawed to any address, from the second the thaw ends", async () => {
      const { escrow, token, requester, outsider, until } =
        await networkHelpers.loadFixture(deployThawing);
      await time.setNextBlockTimestamp(until);
      const withdrawing = escrow.connect(requester).withdraw(token, outsider);
      await expect(withdrawing)
        .to.emit(escrow, "EscrowWithdrawn")
        .withArgs(requester, token, outsider, 400n);
      await expect(withdrawing).to.changeTokenBalances(
        ethers,
        token,
        [outsider, escrow, requester],
        [400n, -400n, 0n],
      );
      expect(await escrow.accountOf(requester, token)).to.deep.equal([600n, 0n, 0n, 0n]);
    });

    it("LIV-2: returns the amount, whatever governance does to the thaw meanwhile", async () => {
      const { escrow, token, requester, until, parameters, admin } =
        await networkHelpers.loadFixture(deployThawing);
      await parameters.connect(admin).set(parameterIndex("EscrowThawSeconds"), 604_800n);
      await time.increaseTo(until);
      const call = escrow.connect(requester).withdraw;
      expect(await call.staticCall(token, requester)).to.equal(400n);
    });

    it("reverts when the recipient is the zero address", async () => {
      const { escrow, token, requester } = await networkHelpers.loadFixture(deployThawing);
      await expect(escrow.connect(requester).withdraw(token, ethers.ZeroAddress))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowZeroRecipient")
        .withArgs();
    });

    it("reverts one second before the thaw ends", async () => {
      const { escrow, token, requester, until } = await networkHelpers.loadFixture(deployThawing);
      await time.setNextBlockTimestamp(until - 1n);
      await expect(escrow.connect(requester).withdraw(token, requester))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowStillThawing")
        .withArgs(requester, token, until);
    });

    it("reverts when nothing thaws, as after a withdrawal", async () => {
      const { escrow, token, requester, until } = await networkHelpers.loadFixture(deployThawing);
      await time.increaseTo(until);
      await escrow.connect(requester).withdraw(token, requester);
      await expect(escrow.connect(requester).withdraw(token, requester))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowNothingToWithdraw")
        .withArgs(requester, token);
    });
  });

  describe("withdrawEarnings", () => {
    it("pays at once", async () => {
      const { escrow, token, provider, outsider } = await networkHelpers.loadFixture(deployEarned);
      const withdrawing = escrow.connect(provider).withdrawEarnings(token, outsider, 200n);
      await expect(withdrawing)
        .to.emit(escrow, "EscrowWithdrawn")
        .withArgs(provider, token, outsider, 200n);
      await expect(withdrawing).to.changeTokenBalances(
        ethers,
        token,
        [outsider, escrow],
        [200n, -200n],
      );
      expect(await escrow.accountOf(provider, token)).to.deep.equal([0n, 400n, 0n, 0n]);
    });

    it("reverts when the recipient is the zero address", async () => {
      const { escrow, token, provider } = await networkHelpers.loadFixture(deployEarned);
      await expect(escrow.connect(provider).withdrawEarnings(token, ethers.ZeroAddress, 1n))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowZeroRecipient")
        .withArgs();
    });

    it("reverts when the amount is zero", async () => {
      const { escrow, token, provider } = await networkHelpers.loadFixture(deployEarned);
      await expect(escrow.connect(provider).withdrawEarnings(token, provider, 0n))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowZeroAmount")
        .withArgs();
    });

    it("reverts when less is earned: a deposit does not count", async () => {
      const { escrow, token, requester, provider } = await networkHelpers.loadFixture(deployEarned);
      await expect(escrow.connect(provider).withdrawEarnings(token, provider, 601n))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowInsufficientEarnings")
        .withArgs(provider, token, 600n, 601n);
      await expect(escrow.connect(requester).withdrawEarnings(token, requester, 1n))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowInsufficientEarnings")
        .withArgs(requester, token, 0n, 1n);
    });
  });

  describe("redepositEarnings", () => {
    it("moves earnings into the deposit and no tokens", async () => {
      const { escrow, token, provider } = await networkHelpers.loadFixture(deployEarned);
      const moving = escrow.connect(provider).redepositEarnings(token, 250n);
      await expect(moving)
        .to.emit(escrow, "EscrowDeposited")
        .withArgs(provider, token, provider, 250n);
      await expect(moving).to.changeTokenBalances(ethers, token, [provider, escrow], [0n, 0n]);
      expect(await escrow.accountOf(provider, token)).to.deep.equal([250n, 350n, 0n, 0n]);
    });

    it("reverts when the amount is zero", async () => {
      const { escrow, token, provider } = await networkHelpers.loadFixture(deployEarned);
      await expect(escrow.connect(provider).redepositEarnings(token, 0n))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowZeroAmount")
        .withArgs();
    });

    it("reverts when less is earned", async () => {
      const { escrow, token, provider } = await networkHelpers.loadFixture(deployEarned);
      await expect(escrow.connect(provider).redepositEarnings(token, 601n))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowInsufficientEarnings")
        .withArgs(provider, token, 600n, 601n);
    });
  });
});
