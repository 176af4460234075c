import { destination, type Logger as PinoLogger, pino, stdSerializers } from "pino";
import type { LogLevel } from "./log-levels.ts";
import { redactUrl } from "./redact.ts";

export type Logger = Pick<
  PinoLogger,
  "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "child"
>;

const SECRET_FIELDS = [
  "privateKey",
  "secretKey",
  "password",
  "mnemonic",
  "seed",
  "signedTransaction",
];

/**
 * JSON lines on stderr; stdout belongs to the command's own output. Fields that hold secrets are
 * cut at any of the first two levels, and `url` fields keep only scheme and host.
 */
export function createLogger(level: LogLevel, file: number | string = 2): Logger {
  return pino(
    {
      level,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      redact: {
        paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]),
        censor: "[redacted]",
      },
      serializers: {
        error: stdSerializers.err,
        url: (value: unknown) => redactUrl(String(value)),
      },
    },
    destination({ dest: file, sync: true }),
  );
}
