import { PARAMETERS, type ParameterName } from "@lattice/sdk";
import type { HardhatEthers, HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";

/** One LAT, in wei. */
export const LAT = 10n ** 18n;
export const SUPPLY = 1_000_000_000n * LAT;

/** Values within all bounds, each different, so that a mix-up shows. Units as in the names; amounts in LAT wei. */
export const PARAMETER_VALUES: Readonly<Record<ParameterName, bigint>> = {
  ProtocolFeePpm: 50_000n,
  BurnSharePpm: 400_000n,
  MaxRoyaltyPpm: 200_000n,
  CompensationPpm: 500_000n,
  BountyPpm: 100_000n,
  MinProvision: 10_000n * LAT,
  WeightCap: 1_000_000n * LAT,
  ZkCollateralFloor: 10n * LAT,
  StakeThawSeconds: 7_200n,
  EscrowThawSeconds: 300n,
  MinCommitSeconds: 15n,
  MinProveSeconds: 30n,
  MaxWindowSeconds: 3_600n,
  MaxReassignments: 3n,
  EpochSeconds: 12n,
  RevealSeconds: 24n,
  WithholdingSlash: 100n * LAT,
  BeaconSharePpm: 90_000n,
  FallbackRanks: 4n,
  EquivocationSlash: 700n * LAT,
  OptimisticCollateralFloor: 11n * LAT,
  QuorumCollateralFloor: 12n * LAT,
  MinBidSeconds: 20n,
  MinChallengeSeconds: 25n,
  ChallengeBond: 21n * LAT,
  OpeningBond: 2n * LAT,
  ResponseSeconds: 26n,
};

/** The constructor argument of ProtocolParameters: all values in the order of the enum. */
export function parameterValues(changes: Partial<Record<ParameterName, bigint>> = {}): bigint[] {
  return PARAMETERS.map((name) => changes[name] ?? PARAMETER_VALUES[name]);
}

/** Signers under the names that a test gives them. */
export async function namedSigners<Name extends string>(
  ethers: HardhatEthers,
  ...names: Name[]
): Promise<Record<Name, HardhatEthersSigner>> {
  const signers = await ethers.getSigners();
  if (signers.length < names.length) throw new Error(`Only ${signers.length} signers exist.`);
  return Object.fromEntries(names.map((name, index) => [name, signers[index]])) as Record<
    Name,
    HardhatEthersSigner
  >;
}

/** An AccessManager whose admin is `admin`, and parameters that it governs. */
export async function deployParameters(
  ethers: HardhatEthers,
  admin: HardhatEthersSigner,
  changes: Partial<Record<ParameterName, bigint>> = {},
) {
  const manager = await ethers.deployContract("AccessManager", [admin]);
  const values = parameterValues(changes);
  const parameters = await ethers.deployContract("ProtocolParameters", [manager, values]);
  return { manager, parameters };
}

/** LAT held by `holder`, parameters, and a vault. */
export async function deployVault(
  ethers: HardhatEthers,
  admin: HardhatEthersSigner,
  holder: HardhatEthersSigner,
) {
  const { manager, parameters } = await deployParameters(ethers, admin);
  const lat = await ethers.deployContract("LatticeToken", [holder, SUPPLY]);
  const vault = await ethers.deployContract("StakeVault", [lat, parameters]);
  return { manager, parameters, lat, vault };
}

/** Parameters, an escrow, and a token that anyone may mint. */
export async function deployEscrow(ethers: HardhatEthers, admin: HardhatEthersSigner) {
  const { manager, parameters } = await deployParameters(ethers, admin);
  const escrow = await ethers.deployContract("PaymentEscrow", [parameters]);
  const token = await ethers.deployContract("MintableToken", ["Test Dollar", "USDT"]);
  return { manager, parameters, escrow, token };
}

/** What EIP-2612 signs. */
export const PERMIT_TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};
