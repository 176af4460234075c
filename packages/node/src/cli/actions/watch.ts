import { join } from "node:path";
import { openWatch } from "../../composition/watch.ts";
import type { WatchEvent } from "../../core/watch-events.ts";
import { createLogger } from "../../shared/logger.ts";
import { parseWatchConfig, type WatchConfig } from "../../shared/watch-config.ts";
import { describeWatchEvent } from "../describe-watch-event.ts";
import { printerOf } from "../event-printer.ts";
import { untilInterrupted } from "../interrupt.ts";
import { keySource } from "../options.ts";
import type { Output } from "../output.ts";
import type { WatchOptions } from "../watch.ts";

function toConfig({ keyEnv, keyFile, ...options }: WatchOptions): WatchConfig {
  const hasKey = keyEnv !== undefined || keyFile !== undefined;
  const named = { ...(keyEnv ? { keyEnv } : {}), ...(keyFile ? { keyFile } : {}) };
  return parseWatchConfig({
    ...options,
    artifacts: options.artifacts ?? join(options.data, "artifacts"),
    key: hasKey || !options.dryRun ? keySource(named) : undefined,
  });
}

/** Checks results until the process is asked to end, or once. */
export async function runWatch(options: WatchOptions, output: Output): Promise<void> {
  const config = toConfig(options);
  const emit = printerOf<WatchEvent>(options.json, output, describeWatchEvent);
  const logger = createLogger(config.logLevel);
  const stop = new AbortController();
  const interrupted = untilInterrupted(stop);
  const watch = await openWatch(config, { env: process.env, emit, logger });
  try {
    if (config.once) {
      await watch.once(stop.signal);
    } else {
      await watch.start();
      await interrupted;
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    await watch.close();
  }
  emit({ event: "stopped" });
}
