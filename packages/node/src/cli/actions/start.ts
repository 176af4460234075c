import { join } from "node:path";
import { type ProviderNode, startProvider } from "../../main.ts";
import { parseProviderConfig } from "../../shared/config.ts";
import { isAbort } from "../../shared/errors.ts";
import { createLogger } from "../../shared/logger.ts";
import { eventPrinter } from "../event-printer.ts";
import { untilInterrupted } from "../interrupt.ts";
import { keySource } from "../options.ts";
import type { Output } from "../output.ts";
import type { StartOptions } from "../provider-start.ts";

function toConfig(options: StartOptions) {
  const { model, modelFile, blsKeyFile, blsSeedEnv, keyEnv: _, keyFile: __, ...rest } = options;
  return parseProviderConfig({
    ...rest,
    models: model,
    modelFiles: modelFile,
    key: keySource(options),
    blsSeed: blsKeyFile ? { file: blsKeyFile } : blsSeedEnv ? { env: blsSeedEnv } : undefined,
    artifacts: options.artifacts ?? join(options.data, "artifacts"),
    buildDir: options.buildDir ?? join(options.data, "circuits"),
  });
}

/** Runs a provider until the process is asked to end. */
export async function runProvider(options: StartOptions, output: Output): Promise<void> {
  const config = toConfig(options);
  const emit = eventPrinter(options.json, output);
  const logger = createLogger(config.logLevel);
  const stop = new AbortController();
  const interrupted = untilInterrupted(stop);
  const start = startProvider(config, { env: process.env, emit, logger, signal: stop.signal });
  const outcome = await Promise.race([start, interrupted.then((): undefined => undefined)]);
  if (outcome !== undefined) await interrupted;
  await closeStarted(start);
  emit({ event: "stopped" });
}

/** Closes a provider whose start may still be under way, or was given up. */
async function closeStarted(start: Promise<ProviderNode>): Promise<void> {
  let node: ProviderNode;
  try {
    node = await start;
  } catch (error) {
    if (isAbort(error)) return;
    throw error;
  }
  await node.close();
}
