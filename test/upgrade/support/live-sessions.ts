import {
  latticeDomain,
  SessionState,
  SIGNING_DOMAINS,
  signClosure,
  signVoucher,
  type Voucher,
  VoucherRejection,
} from "@lattice/sdk";
import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { LAT } from "../../helpers/custody.ts";
import { expectPaid, splitTotal } from "./books.ts";
import type { Live } from "./live-state.ts";
import { type World, waitUntil } from "./world.ts";

const DEPOSIT = 10n * LAT;
const COLLATERAL = 50n * LAT;
const CHALLENGE_SECONDS = 60;
/** Outlasts an upgrade, its rollback and all else that ends. */
const SESSION_SECONDS = 30 * 86_400;

/** Opens a session of the requester with Ada. Returns its id. */
async function open({ vouchers, token, actors, modelVersion, chain }: World): Promise<string> {
  const terms = {
    requester: actors.requester.address,
    sponsor: ZeroAddress,
    provider: actors.ada.address,
    modelVersion,
    paymentToken: await token.getAddress(),
    deposit: DEPOSIT,
    collateral: COLLATERAL,
    challengeSeconds: CHALLENGE_SECONDS,
    maxUnsigned: LAT,
    expiresAt: (await chain.networkHelpers.time.latest()) + SESSION_SECONDS,
  };
  await vouchers.connect(actors.requester).open(terms);
  return vouchers.sessionIdOf(actors.requester, await vouchers.sessionCount());
}

async function domainOf({ chain, vouchers }: World) {
  const { chainId } = await chain.ethers.provider.getNetwork();
  const verifyingContract = await vouchers.getAddress();
  return latticeDomain(SIGNING_DOMAINS.VoucherSettlement, { chainId, verifyingContract });
}

/** A voucher over `amount`, and the requester's signature. */
async function signed(world: World, session: string, amount: bigint) {
  const voucher: Voucher = { session, amount, jobs: 0n, jobsRoot: ZeroHash };
  const signature = await signVoucher(world.actors.requester, await domainOf(world), voucher);
  return { voucher, signature };
}

type Signed = Awaited<ReturnType<typeof signed>>;

/** Redeems a voucher of a session that was paid `before` in all: each leg grows by its difference. */
async function redeem(world: World, { voucher, signature }: Signed, before: bigint) {
  const { session, amount } = voucher;
  const [earlier, later] = [splitTotal(before), splitTotal(amount)];
  const provider = world.vouchers.connect(world.actors.ada);
  const redeeming = await expectPaid(world, () => provider.redeem([voucher], [signature]), {
    ada: later.provider - earlier.provider,
    royalty: later.royalty - earlier.royalty,
    fee: later.fee - earlier.fee,
  });
  await expect(redeeming)
    .to.emit(world.vouchers, "VoucherRedeemed")
    .withArgs(session, amount, 0n, ZeroHash);
}

/** Frees the collateral of a session once nothing that it paid can be challenged. */
async function free(world: World, session: string) {
  const { vouchers, vault, registry, actors } = world;
  const { redeemedAt, challengeSeconds } = await vouchers.sessionOf(session);
  await waitUntil(world, redeemedAt + challengeSeconds);
  const locked = await vault.lockedBy(actors.ada, registry, vouchers);
  await expect(vouchers.connect(actors.stranger).releaseCollateral(session))
    .to.emit(vouchers, "CollateralReleased")
    .withArgs(session, actors.ada, COLLATERAL);
  expect(locked - (await vault.lockedBy(actors.ada, registry, vouchers))).to.equal(COLLATERAL);
}

/** Sessions of which time alone is left to wait for. */
export const CLOSING_SESSIONS: Live[] = [
  {
    name: "a session that closes is finished, and what it did not pay returns",
    begin: async (world) => {
      const { vouchers, actors } = world;
      const session = await open(world);
      await redeem(world, await signed(world, session, LAT), 0n);
      await vouchers.connect(actors.requester).close(session);
      return async () => {
        const { state, closesAt } = await vouchers.sessionOf(session);
        expect(state).to.equal(SessionState.Closing);
        await waitUntil(world, closesAt);
        const stranger = vouchers.connect(actors.stranger);
        await expectPaid(world, () => stranger.finish(session), { deposit: DEPOSIT - LAT });
        await free(world, session);
      };
    },
  },
];

export const SESSIONS: Live[] = [
  {
    name: "an open session whose vouchers were redeemed in part is redeemed further, and closed",
    begin: async (world) => {
      const { vouchers, actors } = world;
      const session = await open(world);
      const first = await signed(world, session, 2n * LAT + 1n);
      await redeem(world, first, 0n);
      // Signed before the upgrade, redeemed after it.
      const second = await signed(world, session, 3n * LAT);
      return async () => {
        const provider = vouchers.connect(actors.ada);
        await redeem(world, second, 2n * LAT + 1n);
        await expect(provider.redeem([first.voucher], [first.signature]))
          .to.emit(vouchers, "VoucherRejected")
          .withArgs(session, 0, VoucherRejection.StaleAmount);
        await redeem(world, await signed(world, session, 5n * LAT + 7n), 3n * LAT);

        const closure = { session, redeemed: 5n * LAT + 7n };
        const agreement = await signClosure(actors.ada, await domainOf(world), closure);
        const requester = vouchers.connect(actors.requester);
        await expectPaid(world, () => requester.closeNow(session, closure.redeemed, agreement), {
          deposit: DEPOSIT - closure.redeemed,
        });
        expect((await vouchers.sessionOf(session)).state).to.equal(SessionState.Closed);
        await free(world, session);
      };
    },
  },
];
