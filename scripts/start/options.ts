import { parseArgs } from "node:util";

/** What the main job was asked to do. */
export interface StartOptions {
  /** End after the summary instead of staying up. */
  readonly once: boolean;
  /** Inferences to order, 1 to 200. */
  readonly jobs: number;
  /** Provider processes to start, 1 to 12. */
  readonly providers: number;
  /** Print one JSON object as the last line of standard output, and nothing else there. */
  readonly json: boolean;
  /** TCP port of the local chain on 127.0.0.1. */
  readonly port: number;
}

export const HELP = `npm start -- [options]

Starts a local chain, deploys the protocol, starts providers, publishes a model and orders inferences.

  --jobs N        inferences to order (1 to 200, default 3)
  --providers N   provider processes (1 to 12, default 3)
  --once          end after the summary; without it everything keeps running until Ctrl-C
  --json          print the result as one JSON object, the last line of standard output
  --port N        port of the local chain (default 8545)
  --help          this text
`;

/** Wrong use of the command line. */
export class UsageError extends Error {
  override name = "UsageError";
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new UsageError(`--${name} takes a whole number from ${min} to ${max}, got "${text}".`);
  }
  return value;
}

/** Reads the command line; undefined when help was asked for. Throws UsageError. */
export function readOptions(argv: readonly string[]): StartOptions | undefined {
  const parsed = (() => {
    try {
      return parseArgs({
        args: [...argv],
        options: {
          once: { type: "boolean", default: false },
          json: { type: "boolean", default: false },
          help: { type: "boolean", default: false },
          jobs: { type: "string", default: "3" },
          providers: { type: "string", default: "3" },
          port: { type: "string", default: "8545" },
        },
      }).values;
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    }
  })();
  if (parsed.help) return undefined;
  return {
    once: parsed.once,
    json: parsed.json,
    jobs: wholeNumber("jobs", parsed.jobs, 1, 200),
    providers: wholeNumber("providers", parsed.providers, 1, 12),
    port: wholeNumber("port", parsed.port, 1, 65535),
  };
}
