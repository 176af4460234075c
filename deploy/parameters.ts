import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { PARAMETERS } from "@lattice/sdk";
import { getAddress, id, isAddress, solidityPackedKeccak256, toBeHex } from "ethers";
import { z } from "zod";

const amount = z.string().regex(/^\d+$/, "must be a whole number in decimal digits, as a string");
const seconds = z.number().int().nonnegative();
const account = z.string().refine((value) => value === "deployer" || isAddress(value), {
  message: 'must be an address or "deployer"',
});

const address = z
  .string()
  .refine((value) => isAddress(value), { message: "must be an address" })
  .transform((value) => getAddress(value));
const mask = (bits: number) =>
  z
    .number()
    .int()
    .min(0)
    .max(2 ** bits - 1);

/** What a class of machines must have; see the gate's ClassRequirements. */
const attestedClass = z
  .strictObject({
    accelerator: mask(16),
    executionProviders: mask(16),
    memoryMiB: mask(32),
    maxTensorBytes: amount,
    tiers: mask(8),
  })
  .transform((requirements) => ({
    ...requirements,
    maxTensorBytes: BigInt(requirements.maxTensorBytes),
  }));

/** One network's parameter file. Amounts are LAT wei as decimal strings. */
const fileSchema = z.strictObject({
  tokenRecipient: account,
  tokenSupply: amount,
  guardian: account,
  timelockDelaySeconds: seconds,
  votingDelaySeconds: seconds,
  votingPeriodSeconds: seconds,
  proposalThreshold: amount,
  quorumPercent: z.number().int().min(1).max(100),
  // Everyone needs the time to bring the drand round; zero: the beacon has no fallback.
  beaconFallbackSeconds: seconds.refine((value) => value === 0 || value >= 3600, {
    message: "must be 0, or at least 3600",
  }),
  // Where the Ethereum Attestation Service is, or that the deployment brings it.
  eas: z.union([z.literal("deploy"), z.strictObject({ eas: address, schemaRegistry: address })]),
  attestors: z.array(account),
  // Classes 1, 2, … of the attestation gate.
  attestedClasses: z.array(attestedClass),
  parameters: z.strictObject(
    Object.fromEntries(PARAMETERS.map((name) => [name, amount])) as Record<
      (typeof PARAMETERS)[number],
      typeof amount
    >,
  ),
});
export type ParameterFile = z.infer<typeof fileSchema>;

/** The file for a network; the in-memory chain, its forks and localhost share `local`. */
export function parameterFileOf(networkName: string, isLocal: boolean): string {
  return fileURLToPath(
    new URL(`./parameters/${isLocal ? "local" : networkName}.json`, import.meta.url),
  );
}

/** Reads and checks a parameter file. Throws an Error that names the field to mend. */
export async function readParameterFile(file: string): Promise<ParameterFile> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new Error(
      `There is no parameter file ${file}. Write one like those in deploy/parameters, or pass --parameters.`,
      {
        cause,
      },
    );
  });
  const parsed = fileSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`${file} is not usable:\n${z.prettifyError(parsed.error)}`);
  const { timelockDelaySeconds, parameters } = parsed.data;
  if (BigInt(timelockDelaySeconds) <= BigInt(parameters.EscrowThawSeconds)) {
    throw new Error(
      `${file}: timelockDelaySeconds (${timelockDelaySeconds}) must exceed EscrowThawSeconds (${parameters.EscrowThawSeconds}), so that users can leave before an upgrade takes effect.`,
    );
  }
  return parsed.data;
}

const selectorOf = (signature: string) => toBeHex(BigInt(id(signature).slice(0, 10)), 4);

/**
 * What the Ignition modules take. Deterministic for one deployer and chain, so that a deployment can resume.
 * The genesis seed draws no job: the beacon's first drawable seed is a leader's signature.
 */
export function moduleParameters(
  file: ParameterFile,
  deployer: string,
  chainId: number,
  eas: string,
) {
  const resolve = (value: string) => (value === "deployer" ? deployer : getAddress(value));
  return {
    Governance: {
      tokenRecipient: resolve(file.tokenRecipient),
      tokenSupply: BigInt(file.tokenSupply),
      timelockDelaySeconds: BigInt(file.timelockDelaySeconds),
      votingDelaySeconds: BigInt(file.votingDelaySeconds),
      votingPeriodSeconds: BigInt(file.votingPeriodSeconds),
      proposalThreshold: BigInt(file.proposalThreshold),
      quorumPercent: BigInt(file.quorumPercent),
      initialParameters: PARAMETERS.map((name) => BigInt(file.parameters[name])),
    },
    Registries: {
      eas,
      attestors: file.attestors.map(resolve),
      attestedClasses: file.attestedClasses,
      beaconFallbackSeconds: file.beaconFallbackSeconds,
      genesisSeed: solidityPackedKeccak256(
        ["string", "uint256", "address"],
        ["Lattice genesis", chainId, deployer],
      ),
    },
    Lattice: {
      guardian: resolve(file.guardian),
      guardedSelector: selectorOf("setNewWorkPaused(bool)"),
      jailSelector: selectorOf("setJailed(address,bool)"),
    },
  };
}
