import { resolve } from "node:path";
import { z } from "zod";
import { NodeError } from "./errors.ts";
import { LOG_LEVELS } from "./log-levels.ts";

const WEI_PER_LAT_DIGITS = 18;
const MAX_UINT96 = 2n ** 96n - 1n;

/** Parses decimal LAT ("10000", "0.5") into LAT wei; undefined when it is not such a number. */
export function parseLat(text: string): bigint | undefined {
  const match = /^(\d{1,20})(?:\.(\d{1,18}))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, whole = "0", fraction = ""] = match;
  return BigInt(whole + fraction.padEnd(WEI_PER_LAT_DIGITS, "0"));
}

export const filePath = z
  .string()
  .min(1, "must not be empty")
  .transform((value) => resolve(value));

export const httpUrl = z.string().refine(
  (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
  // The value itself may hold credentials.
  "must be an http or https URL",
);

export const secretSource = z.union([
  z.object({ env: z.string().min(1, "must name an environment variable") }),
  z.object({ file: filePath }),
]);

const lat = z.string().transform((value, context) => {
  const wei = parseLat(value);
  if (wei !== undefined && wei <= MAX_UINT96) return wei;
  context.addIssue({ code: "custom", message: "must be an amount of LAT such as 10000 or 0.5" });
  return z.NEVER;
});

const offer = z.string().transform((value, context) => {
  const match = /^(0x[0-9a-fA-F]{64}):(\d{1,29})$/.exec(value);
  const ask = BigInt(match?.[2] ?? -1);
  if (match && ask >= 0n && ask <= MAX_UINT96) {
    return { modelVersion: (match[1] as string).toLowerCase(), ask };
  }
  context.addIssue({
    code: "custom",
    message: "must be ID:ASK, the model version's 32-byte id and the price of a job in wei",
  });
  return z.NEVER;
});

export const milliseconds = z.coerce.number().int().min(10).max(600_000);

export const providerConfigSchema = z.object({
  rpc: httpUrl,
  addresses: filePath,
  data: filePath,
  artifacts: filePath,
  buildDir: filePath,
  key: secretSource,
  /** Undefined: a seed file in the data directory, made on first use. */
  blsSeed: secretSource.optional(),
  /** "snarkjs", or the path of a program with rapidsnark's command line. */
  prover: z.string().min(1, "must not be empty").default("snarkjs"),
  models: z.array(offer).min(1, "at least one model is needed"),
  modelFiles: z.array(filePath).default([]),
  stake: lat.optional(),
  maxCollateral: lat.default(1_000n * 10n ** 18n),
  endpoint: z.string().min(1).max(256).default("none:"),
  payout: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/, "must be an address")
    .optional(),
  pollMs: milliseconds.default(300),
  confirmations: z.coerce.number().int().min(0).max(1_000).default(0),
  graceMs: z.coerce.number().int().min(0).max(600_000).default(1_000),
  reap: z.enum(["none", "bounty", "all"]).default("bounty"),
  reportWithholding: z.boolean().default(true),
  /** Relay of drand to take the beacon's fallback rounds from; undefined: others bring them. */
  drandUrl: httpUrl.optional(),
  /** Seconds from an assignment after which a missing input is demanded on-chain; undefined: never. */
  demandInputAfter: z.coerce.number().int().min(0).max(86_400).optional(),
  drainOnExit: z.boolean().default(false),
  logLevel: z.enum(LOG_LEVELS).default("warn"),
});

/** A provider's settings, checked. Amounts are in wei; paths are absolute. */
export type ProviderConfig = z.output<typeof providerConfigSchema>;

/** Checks settings. @throws NodeError CONFIG_INVALID naming every setting that is wrong. */
export function parseProviderConfig(raw: unknown): ProviderConfig {
  const result = providerConfigSchema.safeParse(raw);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ path: at, message }) => `${at.join(".") || "settings"}: ${message}`,
  );
  throw new NodeError("CONFIG_INVALID", problems.join("; "), { problems: problems.length });
}
