import { expect } from "chai";
import { network } from "hardhat";
import { deployEscrow, namedSigners } from "../../helpers/custody.ts";

const { ethers, networkHelpers } = await network.create();

/** A re-entering token of which the requester and the token itself hold 100, both approved for the escrow. */
async function deploy() {
  const actors = await namedSigners(ethers, "admin", "requester", "outsider");
  const { escrow } = await deployEscrow(ethers, actors.admin);
  const token = await ethers.deployContract("ReenteringToken");
  await token.mint(actors.requester, 100n);
  await token.mint(token, 100n);
  await token.approveFor(escrow, 100n);
  await token.connect(actors.requester).approve(escrow, 100n);
  const calls = escrow.interface;
  const depositOwn = calls.encodeFunctionData("deposit", [token.target, token.target, 30n]);
  return { ...actors, escrow, token, calls, depositOwn };
}

describe("PaymentEscrow", () => {
  describe("re-entering tokens", () => {
    it("SOL-1: cannot have one transfer counted for two deposits", async () => {
      const { escrow, token, requester, depositOwn } = await networkHelpers.loadFixture(deploy);
      await token.arm(escrow, depositOwn);
      await expect(escrow.connect(requester).deposit(token, requester, 50n))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowTransferMismatch")
        .withArgs(token, 50n, 80n);
    });

    it("SOL-1: cannot withdraw twice", async () => {
      const { escrow, token, requester, outsider, calls, depositOwn } =
        await networkHelpers.loadFixture(deploy);
      await escrow.connect(requester).deposit(token, requester, 100n);
      await token.execute(escrow, depositOwn);
      await token.execute(escrow, calls.encodeFunctionData("thaw", [token.target, 30n]));
      await networkHelpers.time.increase(1_000);
      const withdraw = calls.encodeFunctionData("withdraw", [token.target, outsider.address]);
      await token.arm(escrow, withdraw);
      const refusal = calls.encodeErrorResult("PaymentEscrowNothingToWithdraw", [
        token.target,
        token.target,
      ]);
      const withdrawing = token.execute(escrow, withdraw);
      await expect(withdrawing).to.emit(token, "Reentered").withArgs(false, refusal);
      await expect(withdrawing).to.changeTokenBalances(
        ethers,
        token,
        [outsider, escrow],
        [30n, -30n],
      );
    });
  });
});
