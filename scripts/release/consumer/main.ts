// Type-checked and run in an empty project that installed both packages.
import { type IJobMarket, IJobMarket__factory, LatticeToken__factory } from "@lattice/contracts";
import abi from "@lattice/contracts/abis/JobMarket.json" with { type: "json" };
import {
  AssignmentMode,
  type EventItem,
  explainError,
  hashOrder,
  type LatticeEvent,
  ORDER_DEFAULTS,
  type Order,
  SdkError,
  Tier,
} from "@lattice/sdk";
import { loadAddressBook } from "@lattice/sdk/node";

const order: Order = {
  ...ORDER_DEFAULTS,
  requester: `0x${"11".repeat(20)}`,
  modelVersion: `0x${"22".repeat(32)}`,
  inputCommitment: `0x${"03".repeat(32)}`,
  inputDigest: `0x${"44".repeat(32)}`,
  paymentToken: `0x${"55".repeat(20)}`,
  maxPrice: 10n ** 18n,
  collateral: 10n ** 18n,
  tier: Tier.Zk,
  mode: AssignmentMode.Draw,
  assignSeconds: 60,
  commitSeconds: 60,
  proveSeconds: 60,
};

export function describe({ type, event }: EventItem<LatticeEvent<"JobMarket">>): string {
  if (event.name !== "JobPosted") return type;
  const jobId: bigint = event.args.jobId;
  return `${type} ${jobId}`;
}

export function postWith(market: IJobMarket) {
  return market.post(order);
}

const market = IJobMarket__factory.createInterface();
const data = market.encodeErrorResult("JobMarketDeadlinePassed", [7, 1]);
const missing = await loadAddressBook("none.json").catch((error: unknown) => error);
console.log(
  JSON.stringify({
    order: hashOrder(order),
    error: explainError({ data })?.message,
    book: missing instanceof SdkError ? missing.code : "unexpected",
    abi: abi.length > 0,
    bytecode: LatticeToken__factory.bytecode.length > 1000,
  }),
);
