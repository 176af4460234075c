import { expect } from "chai";
import { network } from "hardhat";
import { deployEscrow, namedSigners, PERMIT_TYPES } from "../../helpers/custody.ts";

const { ethers, networkHelpers } = await network.create();
const MAX = 2n ** 128n - 1n;

async function deploy() {
  const actors = await namedSigners(ethers, "admin", "requester", "sponsor", "outsider");
  const custody = await deployEscrow(ethers, actors.admin);
  const { token, escrow } = custody;
  for (const payer of [actors.requester, actors.sponsor]) {
    await token.mint(payer, 1_000n);
    await token.connect(payer).approve(escrow, 1_000n);
  }
  return { ...actors, ...custody };
}

/** A requester with tokens and no allowance, and its permit over `value` for the escrow. */
async function deployPermit() {
  const fixture = await deploy();
  const { token, escrow, requester } = fixture;
  await token.connect(requester).approve(escrow, 0n);
  const { chainId } = await ethers.provider.getNetwork();
  const domain = {
    name: await token.name(),
    version: "1",
    chainId,
    verifyingContract: await token.getAddress(),
  };
  const signPermit = async (value: bigint) => {
    const nonce = await token.nonces(requester);
    const spender = await escrow.getAddress();
    const deadline = ethers.MaxUint256;
    const message = { owner: requester.address, spender, value, nonce, deadline };
    const signature = await requester.signTypedData(domain, PERMIT_TYPES, message);
    const { v, r, s } = ethers.Signature.from(signature);
    return { deadline, v, r, s };
  };
  return { ...fixture, signPermit };
}

describe("PaymentEscrow", () => {
  describe("deposit", () => {
    it("credits the owner and takes from the payer", async () => {
      const { escrow, token, requester, sponsor } = await networkHelpers.loadFixture(deploy);
      const depositing = escrow.connect(sponsor).deposit(token, requester, 300n);
      await expect(depositing)
        .to.emit(escrow, "EscrowDeposited")
        .withArgs(requester, token, sponsor, 300n);
      await expect(depositing).to.changeTokenBalances(
        ethers,
        token,
        [sponsor, escrow, requester],
        [-300n, 300n, 0n],
      );
      expect(await escrow.accountOf(requester, token)).to.deep.equal([300n, 0n, 0n, 0n]);
      expect(await escrow.accountOf(sponsor, token)).to.deep.equal([0n, 0n, 0n, 0n]);
    });

    it("keeps tokens apart, and adds up", async () => {
      const { escrow, token, requester } = await networkHelpers.loadFixture(deploy);
      const other = await ethers.deployContract("MintableToken", ["Other", "OTH"]);
      await other.mint(requester, 7n);
      await other.connect(requester).approve(escrow, 7n);
      await escrow.connect(requester).deposit(other, requester, 7n);
      await escrow.connect(requester).deposit(token, requester, 1n);
      await escrow.connect(requester).deposit(token, requester, 2n);
      expect((await escrow.accountOf(requester, token)).deposit).to.equal(3n);
      expect((await escrow.accountOf(requester, other)).deposit).to.equal(7n);
    });

    it("accepts a token whose transfers return nothing, and pays it out", async () => {
      const { escrow, requester } = await networkHelpers.loadFixture(deploy);
      const silent = await ethers.deployContract("SilentToken");
      await silent.mint(requester, 9n);
      await silent.connect(requester).approve(escrow, 9n);
      await escrow.connect(requester).deposit(silent, requester, 9n);
      await escrow.connect(requester).thaw(silent, 9n);
      await networkHelpers.time.increase(1_000);
      await escrow.connect(requester).withdraw(silent, requester);
      expect(await silent.balanceOf(requester)).to.equal(9n);
    });

    it("reverts when the amount is zero", async () => {
      const { escrow, token, requester } = await networkHelpers.loadFixture(deploy);
      await expect(escrow.connect(requester).deposit(token, requester, 0n))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowZeroAmount")
        .withArgs();
    });

    it("reverts when the owner is the zero address", async () => {
      const { escrow, token, requester } = await networkHelpers.loadFixture(deploy);
      await expect(escrow.connect(requester).deposit(token, ethers.ZeroAddress, 1n))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowZeroRecipient")
        .withArgs();
    });

    it("reverts when an amount or a sum does not fit 128 bits", async () => {
      const { escrow, token, requester } = await networkHelpers.loadFixture(deploy);
      await token.mint(requester, MAX);
      await token.connect(requester).approve(escrow, ethers.MaxUint256);
      const own = escrow.connect(requester);
      await expect(own.deposit(token, requester, MAX + 1n))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowAmountTooLarge")
        .withArgs(MAX + 1n);
      await own.deposit(token, requester, MAX);
      await expect(own.deposit(token, requester, 1n))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowAmountTooLarge")
        .withArgs(MAX + 1n);
    });

    it("SOL-1: reverts when the token keeps a part of the transfer", async () => {
      const { escrow, requester } = await networkHelpers.loadFixture(deploy);
      const taxed = await ethers.deployContract("TaxedToken");
      await taxed.mint(requester, 1_000n);
      await taxed.connect(requester).approve(escrow, 1_000n);
      for (const [taxPpm, received] of [
        [10_000n, 990n],
        [1_000_000n, 0n],
      ] as const) {
        await taxed.setTax(taxPpm);
        await expect(escrow.connect(requester).deposit(taxed, requester, 1_000n))
          .to.be.revertedWithCustomError(escrow, "PaymentEscrowTransferMismatch")
          .withArgs(taxed, 1_000n, received);
      }
    });

    it("reverts when the payer has not approved", async () => {
      const { escrow, token, outsider } = await networkHelpers.loadFixture(deploy);
      await expect(escrow.connect(outsider).deposit(token, outsider, 1n))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(escrow, 0n, 1n);
    });
  });

  describe("depositWithPermit", () => {
    it("sets the allowance and deposits for the caller", async () => {
      const { escrow, token, requester, signPermit } =
        await networkHelpers.loadFixture(deployPermit);
      const { deadline, v, r, s } = await signPermit(250n);
      const depositing = escrow
        .connect(requester)
        .depositWithPermit(token, 250n, deadline, v, r, s);
      await expect(depositing).to.emit(token, "Approval").withArgs(requester, escrow, 250n);
      await expect(depositing)
        .to.emit(escrow, "EscrowDeposited")
        .withArgs(requester, token, requester, 250n);
      await expect(depositing).to.changeTokenBalances(
        ethers,
        token,
        [requester, escrow],
        [-250n, 250n],
      );
    });

    it("goes on when someone else already used the permit up", async () => {
      const { escrow, token, requester, outsider, signPermit } =
        await networkHelpers.loadFixture(deployPermit);
      const { deadline, v, r, s } = await signPermit(250n);
      await token.connect(outsider).permit(requester, escrow, 250n, deadline, v, r, s);
      await expect(
        escrow.connect(requester).depositWithPermit(token, 250n, deadline, v, r, s),
      ).to.changeTokenBalances(ethers, token, [requester, escrow], [-250n, 250n]);
    });

    it("reverts when the permit is not the caller's and no allowance is there", async () => {
      const { escrow, token, outsider, signPermit } =
        await networkHelpers.loadFixture(deployPermit);
      const { deadline, v, r, s } = await signPermit(250n);
      await expect(escrow.connect(outsider).depositWithPermit(token, 250n, deadline, v, r, s))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(escrow, 0n, 250n);
    });
  });
});
