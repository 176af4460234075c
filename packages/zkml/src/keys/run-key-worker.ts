import { Worker } from "node:worker_threads";
import { ZkmlError } from "../errors/zkml-error.ts";
import type { DevelopmentKey } from "./development-key.ts";
import { INERT_WEB_WORKER } from "./inert-web-worker.ts";

/**
 * `makeDevelopmentKey` in a worker thread that ends with it.
 * @throws ZkmlError KEY_FAILED with the cause; the signal's reason when aborted.
 */
export function runKeyWorker(
  r1csPath: string,
  zkeyPath: string,
  signal?: AbortSignal,
): Promise<DevelopmentKey> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const worker = new Worker(new URL("key-worker.ts", import.meta.url), {
      workerData: { ...INERT_WEB_WORKER, r1csPath, zkeyPath },
    });
    const fail = (message: string, cause?: unknown): void =>
      reject(new ZkmlError("KEY_FAILED", `the key could not be made: ${message}`, {}, { cause }));
    const abort = (): void => {
      reject(signal?.reason);
      void worker.terminate();
    };
    signal?.addEventListener("abort", abort, { once: true });
    worker.once("message", (key: DevelopmentKey) => {
      resolve(key);
      // `web-worker` listens on the thread's port, which would keep the thread alive for ever.
      void worker.terminate();
    });
    worker.once("error", (error: Error) => fail(error.message, error));
    worker.once("exit", (code) => {
      signal?.removeEventListener("abort", abort);
      // Without effect after a message, an error or an abort.
      fail(`the worker ended with code ${code}; free memory and try again`);
    });
  });
}
