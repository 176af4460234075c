import { explainError, formatJobId } from "@lattice/sdk";
import { HELP, readOptions, type StartOptions, UsageError } from "./options.ts";
import { shortcomings } from "./report.ts";
import { type Cleanup, type Run, runMarketplace } from "./run.ts";
import { View } from "./view.ts";

/** Aborts at the first request to end; a second one ends the process at once. */
function interruption(): AbortController {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort(new Error("Interrupted."));
    });
  }
  return controller;
}

async function keepRunning(
  { url, places, report, failed }: Run,
  view: View,
  signal: AbortSignal,
): Promise<void> {
  view.heading("Running until Ctrl-C");
  view.print(`  chain         ${url} (chain id ${report.chainId})`);
  view.print(`  address book  ${places.addressesFile}`);
  view.print(`  artifacts     ${places.artifactsDir}`);
  const [first] = report.jobs;
  if (first) {
    const id = formatJobId(BigInt(first.id));
    view.print(`  try           npx hardhat job:show --id ${id} --network localhost`);
  }
  const interrupted = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
  await Promise.race([interrupted, failed]);
}

async function close(cleanup: Cleanup, view: View): Promise<void> {
  // Providers end together, before the chain that they talk to.
  const [first, ...rest] = cleanup;
  const results = await Promise.allSettled(rest.map((end) => end()));
  if (first) results.push(...(await Promise.allSettled([first()])));
  for (const result of results) {
    if (result.status === "rejected") view.print(`While ending: ${messageOf(result.reason)}`);
  }
}

function messageOf(error: unknown): string {
  const explained = explainError(error);
  if (explained) return `A contract refused: ${explained.message}`;
  return error instanceof Error ? error.message : String(error);
}

async function main(options: StartOptions): Promise<number> {
  const view = new View(options);
  const { signal } = interruption();
  const cleanup: Cleanup = [];
  try {
    const run = await runMarketplace(options, view, signal, cleanup);
    const problems = shortcomings(run.report.jobs);
    for (const problem of problems) view.print(`✖ ${problem}`);
    if (!options.once) await keepRunning(run, view, signal);
    await close(cleanup.splice(0), view);
    if (options.json) process.stdout.write(`${JSON.stringify(run.report)}\n`);
    return problems.length === 0 ? 0 : 1;
  } catch (error) {
    await close(cleanup.splice(0), view);
    process.stderr.write(`\nnpm start: ${messageOf(error)}\n`);
    return signal.aborted ? 130 : 1;
  }
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options) process.exitCode = await main(options);
  else process.stdout.write(HELP);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`npm start: ${error.message}\n\n${HELP}`);
  process.exitCode = 2;
}
