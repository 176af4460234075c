import { PARAMETERS, type ParameterName } from "@lattice/sdk";
import { parseEther } from "ethers";

/** Values with which tests run unless they say otherwise: rates that do not divide evenly, short windows. */
const DEFAULTS: Record<ParameterName, bigint> = {
  ProtocolFeePpm: 50_000n,
  BurnSharePpm: 400_000n,
  MaxRoyaltyPpm: 200_000n,
  CompensationPpm: 500_000n,
  BountyPpm: 100_000n,
  MinProvision: parseEther("1000"),
  WeightCap: parseEther("100000"),
  ZkCollateralFloor: parseEther("10"),
  StakeThawSeconds: 7_200n,
  EscrowThawSeconds: 300n,
  MinCommitSeconds: 30n,
  MinProveSeconds: 60n,
  MaxWindowSeconds: 3_600n,
  MaxReassignments: 2n,
  EpochSeconds: 60n,
  RevealSeconds: 20n,
  WithholdingSlash: parseEther("50"),
  BeaconSharePpm: 100_000n,
  FallbackRanks: 3n,
  EquivocationSlash: parseEther("200"),
  OptimisticCollateralFloor: parseEther("10"),
  QuorumCollateralFloor: parseEther("10"),
  MinBidSeconds: 30n,
  MinChallengeSeconds: 60n,
  ChallengeBond: parseEther("20"),
  OpeningBond: parseEther("1"),
  ResponseSeconds: 40n,
};

/** Constructor argument of ProtocolParameters: one value per parameter, in the order of the enum. */
export function parameterValues(overrides: Partial<Record<ParameterName, bigint>> = {}): bigint[] {
  const values = { ...DEFAULTS, ...overrides };
  return PARAMETERS.map((name) => values[name]);
}
