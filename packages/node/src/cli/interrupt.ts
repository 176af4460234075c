/** Resolves when the process is asked to end; a second request ends it at once. */
export function untilInterrupted(stop: AbortController): Promise<void> {
  return new Promise((resolve) => {
    const onSignal = () => {
      if (stop.signal.aborted) process.exit(130);
      stop.abort();
      resolve();
    };
    process.on("SIGINT", onSignal);
    process.on("SIGTERM", onSignal);
    // Whoever reads the events is gone: nobody is left who would stop this process.
    process.stdout.on("error", onSignal);
  });
}
