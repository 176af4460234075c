import { z } from "zod";
import { filePath, httpUrl, milliseconds, secretSource } from "./config.ts";
import { NodeError } from "./errors.ts";
import { LOG_LEVELS } from "./log-levels.ts";

const share = z.coerce
  .number()
  .gt(0, "must be above 0")
  .max(1, "must be at most 1: the share of results to check");

const wei = z
  .string()
  .regex(/^\d{1,30}$/, "must be a whole number of wei")
  .transform((value) => BigInt(value));

export const watchConfigSchema = z
  .object({
    rpc: httpUrl,
    addresses: filePath,
    data: filePath,
    artifacts: filePath,
    /** A dry run needs none. */
    key: secretSource.optional(),
    sample: share.default(1),
    /** Wei of the chain's coin for one LAT; undefined: challenge whatever it costs. */
    latPrice: wei.optional(),
    once: z.boolean().default(false),
    dryRun: z.boolean().default(false),
    pollMs: milliseconds.default(1_000),
    confirmations: z.coerce.number().int().min(0).max(1_000).default(0),
    logLevel: z.enum(LOG_LEVELS).default("warn"),
  })
  .refine(({ key, dryRun }) => dryRun || key !== undefined, {
    message: "is needed to challenge; only a dry run goes without",
    path: ["key"],
  });

/** A challenger's settings, checked. Amounts are in wei; paths are absolute. */
export type WatchConfig = z.output<typeof watchConfigSchema>;

/** Checks settings. @throws NodeError CONFIG_INVALID naming every setting that is wrong. */
export function parseWatchConfig(raw: unknown): WatchConfig {
  const result = watchConfigSchema.safeParse(raw);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ path: at, message }) => `${at.join(".") || "settings"}: ${message}`,
  );
  throw new NodeError("CONFIG_INVALID", problems.join("; "), { problems: problems.length });
}
