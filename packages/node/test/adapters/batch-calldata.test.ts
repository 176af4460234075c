import {
  AssignmentMode,
  ORDER_DEFAULTS,
  type Order,
  type ServedOrder,
  settlementBatch,
  Tier,
} from "@lattice/sdk";
import { expect } from "chai";
import { Signature, ZeroAddress } from "ethers";
import { orderOfItem } from "../../src/adapters/chain/batch-calldata.ts";
import { failureOf } from "../helpers/failure.ts";
import { OTHER, SELF, word } from "../helpers/jobs.ts";

const SIGNATURE = Signature.from({ r: word(5), s: word(6), v: 27 }).serialized;

function signed(changes: Partial<Order>): Order {
  return {
    ...ORDER_DEFAULTS,
    requester: OTHER,
    nonce: 7n,
    validUntil: 2 ** 40 - 1,
    modelVersion: word(1),
    inputCommitment: word(2),
    inputDigest: word(3),
    paymentToken: SELF,
    maxPrice: 2n ** 96n - 1n,
    collateral: 10n ** 20n,
    tier: Tier.Optimistic,
    mode: AssignmentMode.Direct,
    provider: SELF,
    assignSeconds: 0,
    commitSeconds: 0,
    proveSeconds: 0,
    challengeSeconds: 2 ** 32 - 1,
    ...changes,
  };
}

const serve = (order: Order): ServedOrder => ({
  ...{ order, signature: SIGNATURE, outputCommitment: word(8), outputDigest: word(9) },
});

describe("orderOfItem", () => {
  for (const mode of [AssignmentMode.Direct, AssignmentMode.Draw]) {
    it(`puts together the orders that a batch of mode ${mode} was made of`, () => {
      const where =
        mode === AssignmentMode.Direct ? { mode } : { mode, provider: ZeroAddress, epoch: 12n };
      const orders = [
        signed({ ...where, sponsor: SELF }),
        signed({ ...where, nonce: 2n ** 64n - 1n, requester: SELF, challengeSeconds: 5 }),
        signed({ ...where, nonce: 0n, maxPrice: 1n, collateral: 0n, inputDigest: word(4) }),
      ];
      const { terms, items } = settlementBatch(SELF, orders.map(serve));
      expect(items.map((item) => orderOfItem(terms, item, SELF))).to.deep.equal(orders);
    });
  }

  it("refuses an item that names no requester", async () => {
    const { terms, items } = settlementBatch(SELF, [serve(signed({}))]);
    const [item] = items;
    if (!item) throw new Error("the batch is empty");
    const none = { ...terms, requesters: [] };
    const error = await failureOf(() => orderOfItem(none, item, SELF));
    expect(error).to.be.instanceOf(RangeError);
  });
});
