import { isVoucherSigned, VoucherRejection } from "@lattice/sdk";
import { expect } from "chai";
import { BrowserProvider, type Interface } from "ethers";
import { network } from "hardhat";
import { expectRejected } from "../../helpers/rejections.ts";
import {
  DEPOSIT,
  deploySessions,
  openSession,
  redeem,
  signed,
  voucherFor,
} from "../../helpers/sessions.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
/** As integrators read the chain: with ethers' own errors. */
const reader = new BrowserProvider(chain.provider);

describe("VoucherSettlement", () => {
  describe("ERC-1271", () => {
    const MANNERS = [
      "Honest",
      "AcceptsAll",
      "Refuses",
      "Reverts",
      "BurnsAllGas",
      "AnswersShort",
      "AnswersLong",
    ];

    /** A session whose requester is a wallet contract. */
    async function withWallet() {
      const lane = await deploySessions(chain);
      const good = await openSession(lane);
      const wallet = await ethers.deployContract("FickleWallet", [lane.requester]);
      await lane.token.mint(wallet, DEPOSIT);
      const as = async (
        target: { target: unknown; interface: Interface },
        name: string,
        args: unknown[],
      ) => wallet.execute(target.target as string, target.interface.encodeFunctionData(name, args));
      await as(lane.token, "approve", [lane.escrow.target, DEPOSIT]);
      await as(lane.escrow, "deposit", [lane.token.target, wallet.target, DEPOSIT]);
      await as(lane.escrow, "setMarket", [lane.vouchers.target, true]);
      const address = await wallet.getAddress();
      const terms = { requester: address, sponsor: lane.sponsor.address };
      const session = await openSession(lane, terms, lane.sponsor);
      return { lane, good, session, wallet, address };
    }

    for (const manner of MANNERS) {
      const good = ["Honest", "AcceptsAll", "AnswersLong"].includes(manner);
      it(`a wallet that ${manner} ${good ? "signs" : "is left out and blocks nobody"}`, async () => {
        const world = await networkHelpers.loadFixture(withWallet);
        const { lane, session, wallet, address } = world;
        await wallet.behave(MANNERS.indexOf(manner));
        const item = await signed(lane, voucherFor(session, 10n));
        const says = await isVoucherSigned(
          lane.domain,
          item.voucher,
          item.signature,
          address,
          reader,
        );
        if (good) {
          await expect(redeem(lane, [item])).to.emit(lane.vouchers, "VoucherRedeemed");
          expect((await lane.vouchers.sessionOf(session)).redeemed).to.equal(10);
        } else {
          await expectRejected(world, item, VoucherRejection.InvalidSignature);
        }
        expect(says).to.equal(good);
      });
    }

    it("an honest wallet does not sign what its owner did not", async () => {
      const world = await networkHelpers.loadFixture(withWallet);
      const item = await signed(world.lane, voucherFor(world.session, 10n), world.lane.stranger);
      await expectRejected(world, item, VoucherRejection.InvalidSignature);
    });

    it("a wallet gets its gas, or the batch reverts", async () => {
      const { lane, session } = await networkHelpers.loadFixture(withWallet);
      const { voucher, signature } = await signed(lane, voucherFor(session, 10n));
      await expect(
        lane.vouchers.connect(lane.provider).redeem([voucher], [signature], { gasLimit: 150_000 }),
      ).to.be.revertedWithCustomError(lane.vouchers, "SignerCheckInsufficientGas");
    });
  });
});
