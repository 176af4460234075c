import { jobLeaves, jobsRoot } from "@lattice/sdk";
import { expect } from "chai";
import { id, Wallet } from "ethers";
import { network } from "hardhat";
import { itMeasuresGas } from "../../helpers/gas.ts";
import {
  deploySessions,
  fund,
  type Lane,
  openSession,
  redeem,
  signed,
  voucherFor,
} from "../../helpers/sessions.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

const SESSIONS = 64;
const JOBS = 100;

/** Sessions of as many requesters, each with a key of its own, opened with the same provider. */
async function openMany(lane: Lane) {
  const opened: { wallet: Wallet; session: string }[] = [];
  for (let i = 0; i < SESSIONS; i++) {
    const wallet = new Wallet(id(`requester ${i}`), ethers.provider);
    await networkHelpers.setBalance(wallet.address, 10n ** 20n);
    const account = await ethers.getImpersonatedSigner(wallet.address);
    await fund(lane, account, 10n ** 21n);
    const terms = { requester: wallet.address, deposit: 10n ** 20n };
    opened.push({ wallet, session: await openSession(lane, terms, account) });
  }
  return opened;
}

describe("VoucherSettlement", () => {
  describe("gas", () => {
    itMeasuresGas(
      "is at most 400 a job at 100 jobs a voucher and 64 vouchers a batch",
      async () => {
        const lane = await deploySessions(chain);
        const opened = await openMany(lane);
        let gas = 0n;
        // The first redemption of a session locks collateral; what a stream costs is what later ones cost.
        for (let round = 1; round <= 2; round++) {
          const items = [];
          for (const { wallet, session } of opened) {
            const outputs = Array.from({ length: round * JOBS }, (_, job) =>
              id(`${session} ${job}`),
            );
            const root = jobsRoot(jobLeaves(session, outputs));
            // An odd price of 18 decimals: no byte of the amount is spared.
            const amount = BigInt(round) * 123_456_789_012_345_677n;
            const voucher = voucherFor(session, amount, {
              jobs: BigInt(round * JOBS),
              jobsRoot: root,
            });
            items.push(await signed(lane, voucher, wallet));
          }
          gas = (await (await redeem(lane, items)).wait())?.gasUsed ?? 0n;
        }
        const perVoucher = Number(gas) / SESSIONS;
        console.log(
          `gas: ${perVoucher.toFixed(0)} a voucher, ${(perVoucher / JOBS).toFixed(1)} a job`,
        );
        expect(perVoucher / JOBS)
          .to.be.greaterThan(0)
          .and.at.most(400);
      },
    );
  });
});
