import type { Voucher, VoucherRejection } from "@lattice/sdk";
import { expect } from "chai";
import type { BytesLike } from "ethers";
import { earningsOf, type Lane, signed, voucherFor } from "./sessions.ts";
import type { Signer } from "./system.ts";

export interface Item {
  readonly voucher: Voucher;
  readonly signature: BytesLike;
}

/** Redeems `bad` in the middle of a batch: it is left out for `reason` and the others are paid. */
export async function expectRejected(
  { lane, good }: { readonly lane: Lane; readonly good: string },
  bad: Item,
  reason: VoucherRejection,
  redeemer = lane.provider as Signer,
) {
  const { vouchers } = lane;
  const before = await earningsOf(lane);
  const { redeemed } = await vouchers.sessionOf(good);
  const kept = await vouchers.sessionOf(bad.voucher.session);
  const items = [
    await signed(lane, voucherFor(good, redeemed + 100n)),
    bad,
    await signed(lane, voucherFor(good, redeemed + 300n)),
  ];
  const batch = [
    items.map(({ voucher }) => voucher),
    items.map(({ signature }) => signature),
  ] as const;
  const byProvider = redeemer === lane.provider;
  expect(await vouchers.connect(redeemer).redeem.staticCall(...batch)).to.equal(byProvider ? 5 : 0);
  await expect(vouchers.connect(redeemer).redeem(...batch))
    .to.emit(vouchers, "VoucherRejected")
    .withArgs(bad.voucher.session, 1, reason);
  expect(await vouchers.sessionOf(bad.voucher.session)).to.deep.equal(kept);
  const later = await earningsOf(lane);
  const sum = (legs: typeof later) => legs.provider + legs.publisher + legs.fee;
  expect(sum(later) - sum(before)).to.equal(byProvider ? 300n : 0n);
}
