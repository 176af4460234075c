import { spawn } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { temporaryDirectory } from "../helpers/directory.ts";

const PROCESS = fileURLToPath(new URL("prover-process.ts", import.meta.url));

interface Ended {
  readonly signal: string | null;
  readonly output: string;
}

/** Runs the provider until its jobs are settled, or until it kills itself. */
function provider(directory: string, deadly = ""): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROCESS, directory, deadly], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (text: Buffer) => {
      output += text.toString();
    });
    child.once("error", reject);
    child.once("close", (_code, signal) => resolve({ signal, output }));
  });
}

describe("proofs of a killed process", () => {
  const directory = temporaryDirectory();

  const chain = async () =>
    JSON.parse(await readFile(join(directory.path, "chain.json"), "utf8")) as {
      submissions: string[];
      made: string[];
    };

  async function killAndRestart(deadly: string) {
    const killed = await provider(directory.path, deadly);
    expect(killed.signal, deadly).to.equal("SIGKILL");
    const restarted = await provider(directory.path);
    expect(restarted.signal).to.equal(null);
    const { queue, metrics } = JSON.parse(restarted.output);
    expect(queue).to.deep.equal([]);
    // What a write was at when the process died stays behind, under a name that nobody reads.
    const jobs = await readdir(join(directory.path, "jobs"));
    expect(jobs.filter((name) => name.endsWith(".json"))).to.deep.equal([]);
    const { submissions, made } = await chain();
    expect([...submissions].sort()).to.deep.equal(["1", "2", "3"]);
    return { made, submissions, metrics };
  }

  it("are made and submitted once when it died before the first began", async () => {
    const { made, submissions, metrics } = await killAndRestart("queued:3");
    expect(made).to.deep.equal(["3", "1", "2"]);
    expect(submissions).to.deep.equal(made);
    expect(metrics.interrupted).to.equal(0);
  });

  for (const moment of ["started", "proving"]) {
    it(`are made again, in order, when it died in the middle of the second (${moment})`, async () => {
      const { made, metrics } = await killAndRestart(`${moment}:1`);
      const lost = moment === "proving" ? ["1"] : [];
      expect(made).to.deep.equal(["3", ...lost, "1", "2"]);
      expect(metrics.interrupted).to.equal(1);
    });
  }

  for (const moment of ["stored", "submitting"]) {
    it(`are not made again when it died after the second was stored (${moment})`, async () => {
      const { made, metrics } = await killAndRestart(`${moment}:1`);
      expect(made.filter((job) => job === "1")).to.deep.equal(["1"]);
      expect(metrics.resumed).to.equal(1);
    });
  }

  it("are not submitted again when it died after the second was taken", async () => {
    const { made, submissions } = await killAndRestart("submitted:1");
    expect(made.filter((job) => job === "1")).to.deep.equal(["1"]);
    expect(submissions.filter((job) => job === "1")).to.deep.equal(["1"]);
  });

  it("are dropped when the chain says meanwhile that their job is over", async () => {
    await provider(directory.path, "proving:1");
    const owed = await readFile(join(directory.path, "proofs.json"), "utf8");
    expect(JSON.parse(owed).map(({ jobId }: { jobId: string }) => jobId)).to.deep.equal(["1", "2"]);
    const before = await chain();
    const settled = [...before.submissions, "1"];
    await writeFile(join(directory.path, "chain.json"), JSON.stringify({ ...before, settled }));
    const { output } = await provider(directory.path);
    expect(JSON.parse(output).queue).to.deep.equal([]);
    const { made, submissions } = await chain();
    expect(made).to.deep.equal(["3", "1", "2"]);
    expect(submissions).to.deep.equal(["3", "2"]);
  });
});
