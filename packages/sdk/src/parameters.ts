/** Every tunable of the protocol, in the order of the contracts' `Parameter`. The suffix of a name is its unit. */
export const PARAMETERS = [
  "ProtocolFeePpm",
  "BurnSharePpm",
  "MaxRoyaltyPpm",
  "CompensationPpm",
  "BountyPpm",
  "MinProvision",
  "WeightCap",
  "ZkCollateralFloor",
  "StakeThawSeconds",
  "EscrowThawSeconds",
  "MinCommitSeconds",
  "MinProveSeconds",
  "MaxWindowSeconds",
  "MaxReassignments",
  "EpochSeconds",
  "RevealSeconds",
  "WithholdingSlash",
  "BeaconSharePpm",
  "FallbackRanks",
  "EquivocationSlash",
  "OptimisticCollateralFloor",
  "QuorumCollateralFloor",
  "MinBidSeconds",
  "MinChallengeSeconds",
  "ChallengeBond",
  "OpeningBond",
  "ResponseSeconds",
] as const;
export type ParameterName = (typeof PARAMETERS)[number];

/** Index of a parameter in the contracts' `Parameter`. */
export function parameterIndex(name: ParameterName): number {
  return PARAMETERS.indexOf(name);
}
