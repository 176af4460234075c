import { messageOf } from "./errors.ts";
import type { Logger } from "./logger.ts";
import { withTimeout } from "./time.ts";

export interface Service {
  readonly name: string;
  start?(): Promise<void> | void;
  close(): Promise<void> | void;
}

/**
 * Starts services in order and closes them in reverse. A service that does not close within
 * `closeTimeoutMs` is left behind: nothing it holds may need more than the process exit to be safe.
 */
export class Supervisor {
  readonly #closeTimeoutMs: number;
  readonly #logger: Logger;
  readonly #started: Service[] = [];
  #closing: Promise<void> | undefined;

  constructor({ closeTimeoutMs }: { closeTimeoutMs: number }, { logger }: { logger: Logger }) {
    this.#closeTimeoutMs = closeTimeoutMs;
    this.#logger = logger;
  }

  /** Starts one service; when it fails, those started before are closed and the failure is thrown. */
  async start(service: Service): Promise<void> {
    this.#started.push(service);
    try {
      await service.start?.();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    for (const service of this.#started.splice(0).reverse()) {
      try {
        await withTimeout(
          Promise.resolve(service.close()),
          this.#closeTimeoutMs,
          `closing ${service.name}`,
        );
      } catch (error) {
        this.#logger.warn({ service: service.name, reason: messageOf(error) }, "close failed");
      }
    }
  }
}
