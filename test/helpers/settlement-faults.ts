import { type Order, Rejection, type ServedOrder } from "@lattice/sdk";
import { parseEther, toBeHex, ZeroHash } from "ethers";
import { claim, orderOf, serve } from "./settlement.ts";
import { ASK, FUNDS, type Lane, STAKE } from "./settlement-lane.ts";

/** One way in which an item is not good: what makes it so. */
export interface Fault {
  readonly name: string;
  readonly reason: Rejection;
  readonly make: (system: Lane) => Promise<ServedOrder>;
}

/** A signed order of Rob with `changes`. */
export const robs = (changes: Partial<Order>) => async (system: Lane) =>
  serve(system, system.actors.rob, await orderOf(system, system.actors.rob, changes));

/** A signed order of Rob, settled as one with `changes`. */
const robsSettledWith = (changes: Partial<ServedOrder>) => async (system: Lane) =>
  serve(system, system.actors.rob, await orderOf(system, system.actors.rob), changes);

/** An order of Rob that the sponsor pays, with this allowance. */
const sponsored = (allowance: bigint) => async (system: Lane) => {
  const { rob, sponsor } = system.actors;
  await system.settlement.connect(sponsor).setSponsorship(rob, system.token, allowance);
  return robs({ sponsor: sponsor.address })(system);
};

const { r, s } = { r: toBeHex(7n, 32), s: toBeHex(9n, 32) };
export const FAULTS: readonly Fault[] = [
  { name: "expired", reason: Rejection.Expired, make: robs({ validUntil: 1 }) },
  {
    name: "expires this second",
    reason: Rejection.Expired,
    make: async (system) => {
      const { time } = system.chain.networkHelpers;
      const validUntil = (await time.latest()) + 100;
      const served = await robs({ validUntil })(system);
      await time.setNextBlockTimestamp(validUntil);
      return served;
    },
  },
  {
    name: "asks for less than the price",
    reason: Rejection.PriceAboveMaximum,
    make: robs({ maxPrice: ASK - 1n }),
  },
  { name: "pays nothing", reason: Rejection.PriceAboveMaximum, make: robs({ maxPrice: 0n }) },
  {
    name: "has collateral below the floor",
    reason: Rejection.CollateralTooLow,
    make: robs({ collateral: parseEther("10") - 1n }),
  },
  {
    name: "has too short a window",
    reason: Rejection.InvalidWindow,
    make: robs({ challengeSeconds: 59 }),
  },
  {
    name: "has too long a window",
    reason: Rejection.InvalidWindow,
    make: robs({ challengeSeconds: 3601 }),
  },
  {
    name: "commits to no input",
    reason: Rejection.InvalidInput,
    make: robs({ inputCommitment: ZeroHash }),
  },
  {
    name: "has no output",
    reason: Rejection.InvalidOutput,
    make: robsSettledWith({ outputCommitment: ZeroHash }),
  },
  {
    name: "was cancelled",
    reason: Rejection.NonceUsed,
    make: async (system) => {
      await system.settlement.connect(system.actors.rob).cancelNonces(40n, 1n << 3n);
      return robs({ nonce: 40n * 256n + 3n })(system);
    },
  },
  {
    name: "was settled before",
    reason: Rejection.NonceUsed,
    make: async (system) => {
      const served = await robs({})(system);
      await claim(system, [served]);
      return served;
    },
  },
  {
    name: "is signed by another",
    reason: Rejection.InvalidSignature,
    make: async (system) => {
      const { rob, stranger } = system.actors;
      return serve(system, stranger, await orderOf(system, rob));
    },
  },
  {
    name: "has a signature that recovers nothing",
    reason: Rejection.InvalidSignature,
    make: robsSettledWith({ signature: `${toBeHex(2n ** 256n - 1n, 32)}${s.slice(2)}1b` }),
  },
  {
    name: "has a made-up signature",
    reason: Rejection.InvalidSignature,
    make: robsSettledWith({ signature: `${r}${s.slice(2)}1b` }),
  },
  {
    name: "was changed after it was signed",
    reason: Rejection.InvalidSignature,
    make: async (system) => {
      const served = await robs({})(system);
      return { ...served, order: { ...served.order, inputDigest: toBeHex(1n, 32) } };
    },
  },
  {
    name: "was signed for another chain",
    reason: Rejection.InvalidSignature,
    make: async (system) => {
      const { rob } = system.actors;
      return serve(system, rob, await orderOf(system, rob), {}, { chainId: 1 });
    },
  },
  {
    name: "was signed for another contract",
    reason: Rejection.InvalidSignature,
    make: async (system) => {
      const { rob, stranger } = system.actors;
      const elsewhere = { verifyingContract: stranger.address };
      return serve(system, rob, await orderOf(system, rob), {}, elsewhere);
    },
  },
  {
    name: "was signed for another lane's name",
    reason: Rejection.InvalidSignature,
    make: async (system) => {
      const { rob } = system.actors;
      return serve(system, rob, await orderOf(system, rob), {}, { name: "Lattice JobMarket" });
    },
  },
  {
    name: "asks for more collateral than the provider has",
    reason: Rejection.StakeTooLow,
    make: robs({ collateral: STAKE + 1n }),
  },
  {
    name: "asks for the largest collateral there is",
    reason: Rejection.StakeTooLow,
    make: robs({ collateral: 2n ** 96n - 1n }),
  },
  {
    name: "names a sponsor that pays less",
    reason: Rejection.SponsorshipTooLow,
    make: sponsored(ASK - 1n),
  },
  {
    name: "names a sponsor that does not allow the lane",
    reason: Rejection.LaneNotAllowed,
    make: async (system) => {
      await system.escrow.connect(system.actors.sponsor).setMarket(system.settlement, false);
      return sponsored(10n * ASK)(system);
    },
  },
  {
    name: "has a requester that does not allow the lane",
    reason: Rejection.LaneNotAllowed,
    make: async (system) => {
      await system.escrow.connect(system.actors.rob).setMarket(system.settlement, false);
      return robs({})(system);
    },
  },
  {
    name: "has a requester with too small a deposit",
    reason: Rejection.DepositTooLow,
    make: async (system) => {
      await system.escrow.connect(system.actors.rob).thaw(system.token, FUNDS - ASK + 1n);
      return robs({})(system);
    },
  },
];
