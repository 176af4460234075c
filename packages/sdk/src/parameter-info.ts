import { formatUnits } from "ethers";
import type { ParameterName } from "./parameters.ts";

/** What a parameter's value counts. */
export type ParameterUnit = "millionths" | "seconds" | "LAT wei" | "times" | "ranks";

// The two whose unit is not in the suffix of their name and that are no amounts.
const COUNTS: Partial<Record<ParameterName, ParameterUnit>> = {
  MaxReassignments: "times",
  FallbackRanks: "ranks",
};

/** Unit of a parameter, from the suffix of its name; amounts have none and are LAT wei. */
export function parameterUnit(name: ParameterName): ParameterUnit {
  if (name.endsWith("Ppm")) return "millionths";
  if (name.endsWith("Seconds")) return "seconds";
  return COUNTS[name] ?? "LAT wei";
}

/** A value for people: 30000 millionths are "3 %", amounts are whole LAT. */
export function formatParameter(name: ParameterName, value: bigint): string {
  const unit = parameterUnit(name);
  if (unit === "millionths") return `${formatUnits(value, 4).replace(/\.0$/, "")} %`;
  if (unit === "seconds") return `${value} s`;
  if (unit === "LAT wei") return `${formatUnits(value).replace(/\.0$/, "")} LAT`;
  return `${value} ${unit}`;
}

/** What each parameter means: the words of the contracts' `Parameter`. */
export const PARAMETER_MEANINGS: Readonly<Record<ParameterName, string>> = {
  ProtocolFeePpm: "Protocol fee, millionths of the price",
  BurnSharePpm:
    "Share of the collected protocol fee that burns when the payment token is LAT, millionths",
  MaxRoyaltyPpm: "Highest royalty that a model version may state, millionths of the price",
  CompensationPpm: "Share of slashed LAT paid to the requester, millionths",
  BountyPpm: "Share of slashed LAT paid to whoever reported the fault, millionths",
  MinProvision: "Least provision with which a provider may register and stay in the draw, LAT wei",
  WeightCap: "Provision above this counts no further in draws, LAT wei",
  ZkCollateralFloor: "Least collateral of a tier-Zk order, LAT wei",
  StakeThawSeconds: "Thaw of provisioned stake, seconds",
  EscrowThawSeconds: "Thaw of escrow deposits, seconds",
  MinCommitSeconds: "Least seconds an order must leave for a commitment",
  MinProveSeconds: "Least seconds an order must leave for a proof",
  MaxWindowSeconds: "Longest seconds of any single window of an order",
  MaxReassignments: "How many times a job is drawn again after a slash before it is refunded",
  EpochSeconds: "Shortest seconds between two beacon seeds",
  RevealSeconds: "Seconds that each drawn leader has to reveal before the next one may",
  WithholdingSlash: "LAT wei slashed from a leader that stayed silent",
  BeaconSharePpm: "Share of the collected protocol fee that rewards beacon leaders, millionths",
  FallbackRanks:
    "How many ranks of leaders must stay silent before a drand round may begin the epoch",
  EquivocationSlash: "LAT wei slashed from a provider that signed two results for one order",
  OptimisticCollateralFloor: "Least collateral of a tier-Optimistic order, LAT wei",
  QuorumCollateralFloor:
    "Least collateral that each provider of a tier-Quorum order locks, LAT wei",
  MinBidSeconds: "Least seconds an auction must leave for bids",
  MinChallengeSeconds: "Least seconds a bonded result stays open to challenges",
  ChallengeBond:
    "Bond of an inquiry into a bonded result, LAT wei. It pays the provider for its answers",
  OpeningBond:
    "Bond of each demanded chunk of an input or output, LAT wei. It pays whoever publishes the chunk",
  ResponseSeconds: "Seconds that each move of a dispute may take",
};
