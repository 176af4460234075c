import type { Logger } from "../../src/shared/logger.ts";

export interface LoggedLine {
  readonly level: string;
  readonly details: unknown;
  readonly message: string | undefined;
}

/** A logger that keeps what it is told. */
export function memoryLogger(): { readonly logger: Logger; readonly lines: LoggedLine[] } {
  const lines: LoggedLine[] = [];
  const at =
    (level: string) =>
    (details: unknown, message?: string): void => {
      lines.push({ level, details, message });
    };
  const logger = {
    trace: at("trace"),
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    fatal: at("fatal"),
    child: () => logger,
  } as unknown as Logger;
  return { logger, lines };
}
