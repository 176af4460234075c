import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { type BuildStep, buildModelCircuit, type ModelCircuit } from "../../src/circuit/build.ts";
import { compileCircuit } from "../../src/circuit/compile.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { tinyMlp } from "./graphs.ts";

const BUILDER = fileURLToPath(new URL("builder-process.ts", import.meta.url));

/** Builds in a process of its own; resolves with what it printed and how it ended. */
function builderProcess(cacheDir: string): Promise<{ output: string; code: number | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BUILDER, cacheDir], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ output: output.trim(), code }));
  });
}

describe("buildModelCircuit", () => {
  let cacheDir: string;
  let steps: BuildStep[];
  const build = (signal?: AbortSignal): Promise<ModelCircuit> =>
    buildModelCircuit({
      graph: tinyMlp(),
      name: "tiny",
      cacheDir,
      onProgress: (step) => steps.push(step),
      ...(signal ? { signal } : {}),
    });

  beforeEach(() => {
    steps = [];
  });

  before(async () => {
    cacheDir = await mkdtemp(join(tmpdir(), "zkml-build-"));
  });

  after(() => rm(cacheDir, { recursive: true }));

  it("builds once when several processes need the same circuit at the same time", async () => {
    const outcomes = await Promise.all([1, 2, 3].map(() => builderProcess(cacheDir)));
    expect(outcomes.map(({ code }) => code)).to.deep.equal([0, 0, 0]);
    const records = outcomes.map(({ output }) => JSON.parse(output) as Record<string, unknown>);
    expect(new Set(records.map(({ zkeyHash }) => zkeyHash)).size).to.equal(1);
    expect(records.filter(({ compiled }) => compiled)).to.have.length(1);
    expect(await readdir(cacheDir), "no lock or half-made build is left").to.have.length(1);
  });

  it("finds what is built", async () => {
    const circuit = await build();
    expect(steps).to.deep.equal(["generate", "cached"]);
    expect(circuit.cached).to.equal(true);
    expect(circuit.constraints).to.equal(565);
    expect(circuit.verificationKey.nPublic).to.equal(3);
    expect(circuit.input.shape).to.deep.equal([1, 3]);
    for (const path of [circuit.r1csPath, circuit.wasmPath, circuit.zkeyPath]) {
      expect(existsSync(path), path).to.equal(true);
    }
  });

  it("keeps circuits of different weights apart", async () => {
    const graph = tinyMlp();
    const constants = new Map(graph.constants);
    const bias = constants.get("b1");
    if (bias) constants.set("b1", { ...bias, data: Int32Array.of(41, -100) });
    const signal = AbortSignal.abort(new Error("far enough"));
    const started: BuildStep[] = [];
    const outcome = await buildModelCircuit({
      graph: { ...graph, constants },
      name: "tiny",
      cacheDir,
      onProgress: (step) => {
        started.push(step);
        if (step === "wait") throw signal.reason;
      },
    }).catch((error: unknown) => error);
    expect(started).to.deep.equal(["generate", "wait"]);
    expect(outcome).to.equal(signal.reason);
  });

  it("builds again what is damaged, and ends with the same key", async () => {
    const { zkeyPath, zkeyHash } = await build();
    const bytes = await readFile(zkeyPath);
    bytes[bytes.length - 200] = (bytes[bytes.length - 200] as number) ^ 1;
    await writeFile(zkeyPath, bytes);
    steps = [];
    const rebuilt = await build();
    expect(steps).to.deep.equal(["generate", "wait", "compile", "key", "done"]);
    expect(rebuilt.zkeyHash).to.equal(zkeyHash);
    expect(rebuilt.cached).to.equal(false);
  });

  it("takes over the lock of a killed process and removes what it left", async () => {
    const { dir } = await build();
    await rm(dir, { recursive: true });
    const gone = spawn(process.execPath, ["-e", "0"]);
    await new Promise((resolve) => gone.once("close", resolve));
    await writeFile(`${dir}.lock`, `${gone.pid}`);
    await mkdir(`${dir}.${gone.pid}.0badcafe.tmp`);
    expect((await build()).cached).to.equal(false);
    expect(await readdir(cacheDir)).to.deep.equal([basename(dir)]);
  });

  for (const step of ["compile", "key"] as const) {
    it(`leaves nothing behind when it is aborted at the step "${step}"`, async () => {
      const { dir } = await build();
      await rm(dir, { recursive: true });
      const controller = new AbortController();
      const reason = new Error("enough");
      const outcome = await buildModelCircuit({
        graph: tinyMlp(),
        name: "tiny",
        cacheDir,
        signal: controller.signal,
        onProgress: (reached) => {
          if (reached === step) setTimeout(() => controller.abort(reason), 50);
        },
      }).catch((error: unknown) => error);
      expect(outcome).to.equal(reason);
      expect(await readdir(cacheDir)).to.deep.equal([]);
      await build();
    });
  }

  it("refuses a name that would leave its directory", async () => {
    const outcome = await buildModelCircuit({ graph: tinyMlp(), name: "../tiny", cacheDir }).catch(
      (error: unknown) => error,
    );
    expect(outcome)
      .to.be.instanceOf(TypeError)
      .with.property("message")
      .that.matches(/\.\.\/tiny/);
  });
});

describe("compileCircuit", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "zkml-compile-"));
  });

  afterEach(() => rm(directory, { recursive: true }));

  it("reports what the compiler says of a faulty source", () =>
    expectZkmlError(() => compileCircuit("pragma circom 2.1.9;\ntemplate X( {}\n", directory), {
      code: "CIRCUIT_COMPILE_FAILED",
      metadata: { exitCode: 1 },
      message: /circuit\.circom/,
    }));

  it("tries twice and gives up when the compiler hangs", () =>
    expectZkmlError(() => compileCircuit("pragma circom 2.1.9;", directory, { timeoutMs: 1 }), {
      code: "CIRCUIT_COMPILE_FAILED",
      metadata: { exitCode: "killed" },
      message: /killed 2 times/,
    }));
});
