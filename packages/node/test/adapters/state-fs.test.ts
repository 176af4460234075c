import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { FileCursorStore } from "../../src/adapters/state-fs/cursor-store.ts";
import { lockData } from "../../src/adapters/state-fs/data-lock.ts";
import { DirectoryProgressStore } from "../../src/adapters/state-fs/progress-store.ts";
import { FileProofQueueStore } from "../../src/adapters/state-fs/proof-queue-store.ts";
import type { JobProgress } from "../../src/core/job.ts";
import { temporaryDirectory } from "../helpers/directory.ts";
import { nodeFailureOf } from "../helpers/failure.ts";
import { order, word } from "../helpers/jobs.ts";
import { memoryLogger } from "../helpers/logger.ts";
import { PROOF } from "../helpers/model.ts";

const LARGE = 2n ** 90n;
const full: JobProgress = {
  jobId: 12n,
  order: order({ maxPrice: LARGE }),
  result: { outputCommitment: word(1), outputDigest: word(2) },
  proof: PROOF,
};

describe("DirectoryProgressStore", () => {
  const directory = temporaryDirectory();

  it("gives back what was saved, amounts exact, in the order of job ids", async () => {
    const store = new DirectoryProgressStore({ directory: directory.path }, memoryLogger());
    await store.save(full);
    await store.save({ jobId: 2n, order: order() });
    expect(await store.loadAll()).to.deep.equal([{ jobId: 2n, order: order() }, full]);
    await store.remove(2n);
    await store.remove(2n);
    expect(await store.loadAll()).to.deep.equal([full]);
  });

  it("is empty before anything was saved", async () => {
    const missing = join(directory.path, "missing");
    const store = new DirectoryProgressStore({ directory: missing }, memoryLogger());
    expect(await store.loadAll()).to.deep.equal([]);
  });

  it("leaves out files that a crash or a hand has spoiled, and says so", async () => {
    const { logger, lines } = memoryLogger();
    const store = new DirectoryProgressStore({ directory: directory.path }, { logger });
    await store.save(full);
    const text = await readFile(join(directory.path, "12.json"), "utf8");
    await writeFile(join(directory.path, "13.json"), text.slice(0, 100));
    await writeFile(join(directory.path, "14.json"), text.replace('"tier": 0', '"tier": 9'));
    await writeFile(join(directory.path, "15.json.123.tmp"), "{");
    expect(await store.loadAll()).to.deep.equal([full]);
    expect(lines.map(({ level }) => level)).to.deep.equal(["error", "error"]);
  });
});

describe("FileProofQueueStore", () => {
  const directory = temporaryDirectory();
  const proof = { jobId: 2n ** 200n, since: 5, attempts: 1, running: true, retryAt: 7 };

  it("gives back the queue in its order, and nothing before one was saved", async () => {
    const file = join(directory.path, "proofs.json");
    const store = new FileProofQueueStore({ file }, memoryLogger());
    expect(await store.load()).to.deep.equal([]);
    const proofs = [proof, { ...proof, jobId: 1n, lastError: "PROVER_FAILED: no memory" }];
    await store.save(proofs);
    expect(await store.load()).to.deep.equal(proofs);
    expect(await readdir(directory.path)).to.deep.equal(["proofs.json"]);
  });

  it("begins with nothing when the file is spoiled, and says so", async () => {
    const { logger, lines } = memoryLogger();
    const file = join(directory.path, "proofs.json");
    const store = new FileProofQueueStore({ file }, { logger });
    for (const text of ["[", '[{"jobId": 1}]']) {
      await writeFile(file, text);
      expect(await store.load()).to.deep.equal([]);
    }
    expect(lines.map(({ level }) => level)).to.deep.equal(["error", "error"]);
  });
});

describe("FileCursorStore", () => {
  const directory = temporaryDirectory();

  it("gives back the cursor, and nothing before one was saved", async () => {
    const store = new FileCursorStore({ file: join(directory.path, "chain", "cursor.json") });
    expect(await store.load()).to.equal(undefined);
    await store.save({ block: 7, hash: word(7) });
    await store.save({ block: 8, hash: word(8) });
    expect(await store.load()).to.deep.equal({ block: 8, hash: word(8) });
    expect(await readdir(join(directory.path, "chain"))).to.deep.equal(["cursor.json"]);
  });

  it("says which file to remove when it is spoiled", async () => {
    const file = join(directory.path, "cursor.json");
    await writeFile(file, '{"block":-1}');
    const error = await nodeFailureOf("STATE_CORRUPT", new FileCursorStore({ file }).load());
    expect(error.metadata).to.deep.equal({ file });
    expect(error.message).to.include(`remove it`);
  });
});

describe("lockData", () => {
  const directory = temporaryDirectory();

  it("keeps the directory to one running process", async () => {
    // Process 1 always runs.
    await writeFile(join(directory.path, "lock"), "1");
    const error = await nodeFailureOf("DATA_LOCKED", lockData(directory.path));
    expect(error.metadata).to.deep.equal({ directory: directory.path, holder: 1 });
  });

  it("takes over the lock of a process that has ended, and frees it", async () => {
    await writeFile(join(directory.path, "lock"), "4194305");
    const release = await lockData(directory.path);
    expect(await readFile(join(directory.path, "lock"), "utf8")).to.equal(String(process.pid));
    await release();
    expect(await readdir(directory.path)).to.deep.equal([]);
  });
});
