import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  buildModelCircuit,
  createTensor,
  interpret,
  loadModel,
  type ProofResult,
  SnarkjsProver,
  withInstalledKey,
} from "@lattice/zkml";
import { expect } from "chai";
import { TINY_INPUT, writeTinyModel } from "../../packages/node/test/helpers/tiny-model.ts";
import { developmentSecrets } from "../../packages/zkml/src/keys/secrets.ts";
import { writePreparedPowersOfTau } from "../../packages/zkml/test/keys/powers-of-tau.ts";
import { expectFailure } from "./support/expectations.ts";
import { type Options, openTaskChain, type TaskChain } from "./support/task-chain.ts";

/** 1 + 2^10 points take the tiny model: two commitments of about 260 constraints and a layer. */
const POWER = 10;
const BEACON = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";

describe("zk tasks", function () {
  this.timeout(240_000);

  let chain: TaskChain;
  let folder: string;
  let model: string;
  let ptau: string;
  let ptauHash: string;
  let buildDir: string;
  let ceremony: string;

  before(async () => {
    chain = await openTaskChain();
    folder = await mkdtemp(join(tmpdir(), "lattice-zk-"));
    const at = (name: string) => join(folder, name);
    [model, ptau, buildDir, ceremony] = [
      at("tiny.onnx"),
      at("tiny.ptau"),
      at("circuits"),
      at("held"),
    ];
    await writeTinyModel(model);
    ptauHash = await writePreparedPowersOfTau(ptau, POWER, developmentSecrets(Buffer.of(7)));
  });

  after(async () => {
    await chain?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A key task: it knows neither a network nor an address book. */
  const run = (name: string, options: Options) => chain.runAlone(name, options);
  const one = async (name: string, options: Options): Promise<Record<string, unknown>> => {
    const { stdout, stderr, code } = await run(name, { json: true, ...options });
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  };

  /** A proof of the tiny model under the installed key, or else the development key. */
  async function prove(): Promise<ProofResult> {
    const { graph } = await loadModel(model);
    const built = await buildModelCircuit({ graph, name: "tiny", cacheDir: buildDir });
    const circuit = await withInstalledKey(built, buildDir);
    const prover = new SnarkjsProver();
    try {
      const input = createTensor("uint8", [1, 4], TINY_INPUT);
      const { output } = interpret(graph, input);
      return await prover.prove({ circuit, context: 42n, input, output });
    } finally {
      await prover.close();
    }
  }

  async function accepted(selector: string, { proof, publicSignals }: ProofResult) {
    const { router } = chain.as(chain.signers[0] as (typeof chain.signers)[number]);
    const [a, b, c] = publicSignals;
    return await router.verify(selector, [...proof] as Parameters<typeof router.verify>[1], [
      a,
      b,
      c,
    ]);
  }

  const publish = async () => {
    const artifacts = join(folder, "artifacts");
    const { verifier } = await chain.one("model:publish", { onnx: model, artifacts, buildDir });
    return (verifier as { selector: string }).selector;
  };

  it("refuse what is missing or wrong in one line, with exit code 2 or 1", async () => {
    const fails = async (name: string, options: Options, code: number, message: string) =>
      expectFailure(await run(name, options), code, message);
    await fails("zk:setup", {}, 2, "--model is needed");
    await fails("zk:setup", { model }, 2, "--ptau is needed");
    await fails("zk:setup", { model, jobs: "33" }, 2, "--jobs 33 is not 1 to 32");
    await fails("zk:contribute", { ceremony, name: "Ada" }, 1, "zk:setup starts a ceremony");
    const entropyEnv = "LATTICE_TEST_UNSET";
    await fails("zk:contribute", { ceremony, name: "Ada", entropyEnv }, 2, "is not set");
    await fails("zk:verify", {}, 2, "--ceremony is needed");
    await fails("zk:export", { ceremony }, 2, "--contract is needed");
  });

  it("make a development key, the same at any time, which publishes on local chains", async () => {
    const options = { model, buildDir, dev: true, out: join(folder, "dev") };
    const made = await one("zk:setup", options);
    expect(made).to.deep.include({ keyStatus: "development", name: "tiny" });
    expect(await one("zk:setup", options)).to.deep.equal(made);
    expect(await accepted(await publish(), await prove())).to.equal(true);
  });

  it("refuse powers of tau of another hash", async () => {
    const out = join(folder, "refused");
    const outcome = await run("zk:setup", { model, buildDir, ptau, out });
    expect(outcome.code).to.equal(1);
    expect(outcome.stderr).to.match(/published file of power 10 6cfeb8cda92453099d.*PTAU_REFUSED/);
  });

  it("hold a ceremony of two contributions and a beacon, whose proofs verify on-chain", async () => {
    const before = await prove();
    const started = await one("zk:setup", { model, buildDir, ptau, ptauHash, out: ceremony });
    expect(started).to.deep.include({ name: "tiny", contributions: [] });
    const early = await run("zk:export", { ceremony, ptauHash, contract: "TinyVerifier" });
    expectFailure(early, 1, "phase 2 was skipped: nobody contributed");

    process.env.LATTICE_TEST_ENTROPY = "the noise of a street";
    const ada = await one("zk:contribute", { ceremony, name: "Ada" });
    const grace = await one("zk:contribute", {
      ceremony,
      name: "Grace",
      entropyEnv: "LATTICE_TEST_ENTROPY",
    });
    delete process.env.LATTICE_TEST_ENTROPY;
    const source = "drand round 4242";
    const closing = await one("zk:beacon", { ceremony, beacon: BEACON, source });
    const verified = await one("zk:verify", { ceremony, ptauHash, model, buildDir });
    expect(verified).to.deep.include({ verified: true, closed: true, compared: true });
    expect(verified.contributions).to.deep.equal([ada, grace, closing]);

    const exported = await one("zk:export", {
      ...{ ceremony, ptauHash, buildDir },
      ...{ contract: "TinyVerifier", batch: true, install: true },
    });
    expect(exported.manifestEntry).to.deep.include({ keyStatus: "ceremony" });
    const solidity = await readFile(join(ceremony, "export", "TinyVerifier.sol"), "utf8");
    expect(solidity).to.match(/^contract TinyVerifier /m);

    const selector = await publish();
    const proof = await prove();
    expect(await accepted(selector, proof)).to.equal(true);
    const [context, input, output] = proof.publicSignals;
    const wrong = { ...proof, publicSignals: [context + 1n, input, output] as const };
    expect(await accepted(selector, wrong)).to.equal(false);
    // Proofs of the development key, which anybody can forge, are worth nothing any more.
    expect(await accepted(selector, before)).to.equal(false);
  });

  it("name the contribution that does not check out", async () => {
    const path = join(ceremony, "0002.zkey");
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length - 1));
    const outcome = await run("zk:verify", { ceremony, ptauHash });
    expectFailure(outcome, 1, 'contribution 2 ("Grace")');
    await writeFile(path, bytes);
  });
});
