import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { ZkmlError } from "@lattice/zkml";
import { expect } from "chai";
import { CommanderError } from "commander";
import { failureOf, nodeFailureOf } from "../helpers/failure.ts";
import { OTHER } from "../helpers/jobs.ts";
import { TINY_INPUT } from "../helpers/tiny-model.ts";
import { type ModelCommands, modelCommands } from "./model-commands.ts";

/** Sums with bias of the tiny model for `TINY_INPUT` are -90, 780 and 690; clamped, divided by 16. */
const TINY_OUTPUT = [0, 48, 43];
/** Makes proofs with snarkjs behind rapidsnark's command line. */
const RAPIDSNARK = fileURLToPath(
  new URL("../../../zkml/test/prover/rapidsnark-compatible.mjs", import.meta.url),
);
const ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

describe("lattice model", function () {
  this.timeout(120_000);

  let cli: ModelCommands;
  let buildDir: string;
  let proved: Record<string, unknown>;

  before(async () => {
    cli = await modelCommands();
    buildDir = cli.at("circuits");
    await writeFile(cli.at("input.json"), JSON.stringify([TINY_INPUT]));
    proved = await cli.json(
      ...["prove", cli.model, "--input", cli.at("input.json"), "--context", "0x2a"],
      ...["--out", cli.at("proof"), "--build-dir", buildDir],
    );
  });

  after(() => cli.remove());

  const inspect = (...more: string[]) => ["inspect", cli.model, "--build-dir", buildDir, ...more];
  const verify = (...more: string[]) => [
    ...["verify", "--proof", cli.at("proof/proof.json"), "--build-dir", buildDir],
    ...more,
  ];

  describe("inspect", () => {
    it("lists operators with shapes, widths, constraints, multiplications and weights", async () => {
      const { layers, totals, tiers, name } = (await cli.json(...inspect())) as {
        layers: Record<string, unknown>[];
        totals: Record<string, unknown>;
        tiers: Record<string, unknown>[];
        name: string;
      };
      expect(name).to.equal("tiny");
      expect(layers.map(({ operator }) => operator)).to.deep.equal([
        ...["MatMulInteger", "Add", "Clip", "Div", "Cast"],
      ]);
      expect(layers[0]).to.deep.include({ shape: [1, 3], bits: 14, macs: 12, weights: 12 });
      expect(layers[4]).to.deep.include({ elementType: "uint8", bits: 8 });
      expect(totals).to.deep.include({ macs: 12, weights: 16, exact: false });
      expect(tiers[0]).to.deep.equal({ tier: "Zk", fits: true, reason: "fits" });
      expect(tiers[2]).to.deep.equal({
        ...{ tier: "Optimistic", fits: true },
        reason: "fits: every step can be recomputed on-chain",
      });
    });

    it("estimates what compiling counts", async () => {
      const totals = async (...more: string[]) =>
        (await cli.json(...inspect(...more))).totals as Record<string, unknown>;
      const exact = await totals("--exact");
      expect(exact.exact).to.equal(true);
      expect(exact.constraints).to.equal(proved.constraints);
      expect((await totals()).constraints).to.equal(exact.constraints);
    });

    it("prints a table for people", async () => {
      const lines = await cli.run(...inspect());
      expect(lines.find((line) => line.startsWith("operator"))).to.match(
        /name +output +type +bits +constraints +MACs +weights$/,
      );
      expect(lines.find((line) => line.startsWith("MatMulInteger"))).to.match(
        /dense +1×3 +int32 +14 +0 +12 +12$/,
      );
      expect(lines.at(-1)).to.match(
        /^tier Optimistic +fits: every step can be recomputed on-chain$/,
      );
    });
  });

  describe("prove", () => {
    it("runs, proves and writes what others read", async () => {
      expect(proved.output).to.deep.include({ elementType: "uint8", data: TINY_OUTPUT });
      expect(proved).to.include({ keyStatus: "development", directory: cli.at("proof") });
      const signals = JSON.parse(await readFile(cli.at("proof/public.json"), "utf8"));
      expect(signals).to.deep.equal(proved.publicSignals);
      expect(signals[0]).to.equal("42");
      const calldata = JSON.parse(await readFile(cli.at("proof/calldata.json"), "utf8"));
      expect(calldata.publicInputs.map(BigInt)).to.deep.equal(signals.map(BigInt));
      expect(calldata.proof).to.have.lengthOf(8);
      expect(calldata.verifyProof.flat(3)).to.deep.equal([
        ...calldata.proof,
        ...calldata.publicInputs,
      ]);
      expect([...(await readFile(cli.at("proof/input.bin")))]).to.deep.equal(TINY_INPUT);
      expect([...(await readFile(cli.at("proof/output.bin")))]).to.deep.equal(TINY_OUTPUT);
      expect(cli.notes.some((line) => / compile: /.test(line))).to.equal(true);
    });

    it("refuses inputs and options that are none, before it builds anything", async () => {
      const { notes } = cli;
      const before = notes.length;
      const fails = async (message: string, ...args: string[]) => {
        const error = await nodeFailureOf("USAGE", cli.run("prove", cli.model, ...args));
        expect(error.message).to.include(message);
      };
      await writeFile(cli.at("short.json"), "[1, 2]");
      await writeFile(cli.at("real.json"), "[0.5, 1, 1, 1]");
      await fails('shape [2], but "in" is uint8 [1, 4]', "--input", cli.at("short.json"));
      await fails("(--quantise)", "--input", cli.at("real.json"));
      await fails("cannot read the input", "--input", cli.at("none.npy"));
      await fails(
        "cannot be run (ENOENT)",
        "--input",
        cli.at("input.json"),
        "--prover",
        "/no/such/prover",
      );
      const wrong = await failureOf(cli.run("prove", cli.model, "--input", "x", "--context", "-1"));
      expect(wrong).to.be.instanceOf(CommanderError);
      const large = cli.run(
        ...["prove", cli.model, "--input", cli.at("input.json"), "--build-dir", buildDir],
        ...["--context", `${ORDER}`, "--out", cli.at("never")],
      );
      expect(((await failureOf(large)) as ZkmlError).code).to.equal("WITNESS_REFUSED");
      expect(notes.slice(before).some((line) => / compile: /.test(line))).to.equal(false);
    });
  });

  it("prove takes the path of a program with rapidsnark's command line", async () => {
    const program = cli.at("rapidsnark");
    const command = `#!/bin/sh\nexec "${process.execPath}" "${RAPIDSNARK}" honest "$@"\n`;
    await writeFile(program, command, { mode: 0o755 });
    const made = await cli.json(
      ...["prove", cli.model, "--input", cli.at("input.json"), "--build-dir", buildDir],
      ...["--out", cli.at("binary"), "--prover", program],
    );
    expect(made.output).to.deep.include({ data: TINY_OUTPUT });
    const proof = ["verify", "--proof", cli.at("binary/proof.json"), "--build-dir", buildDir];
    expect(await cli.json(...proof, "--model", cli.model)).to.deep.include({ valid: true });
  });

  describe("verify", () => {
    it("accepts the proof under the key of the model, and under the key's file", async () => {
      const verified = await cli.json(...verify("--model", cli.model));
      expect(verified).to.deep.include({ valid: true, accepted: { key: true } });
      expect(verified.publicSignals).to.deep.equal(proved.publicSignals);
    });

    it("refuses other public signals and another proof", async () => {
      const [context, ...rest] = proved.publicSignals as string[];
      await writeFile(
        cli.at("other.json"),
        JSON.stringify([`${BigInt(context ?? 0) + 1n}`, ...rest]),
      );
      const other = cli.run(...verify("--model", cli.model, "--public", cli.at("other.json")));
      const error = (await failureOf(other)) as ZkmlError;
      expect(error).to.be.instanceOf(ZkmlError);
      expect(error.code).to.equal("PROOF_INVALID");
    });

    it("asks a verifier on a chain", async () => {
      const answers = { result: `0x${"0".repeat(63)}1`, code: "0x60" };
      const server = createServer(async (request, response) => {
        let body = "";
        for await (const chunk of request) body += chunk;
        const reply = ({ id, method }: { id: number; method: string }) => ({
          ...{ jsonrpc: "2.0", id },
          result: method === "eth_getCode" ? answers.code : answers.result,
        });
        const asked = JSON.parse(body);
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify(Array.isArray(asked) ? asked.map(reply) : reply(asked)));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const rpc = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      try {
        const ask = verify("--rpc", rpc, "--verifier", OTHER);
        expect(await cli.json(...ask)).to.deep.include({ accepted: { chain: true } });
        answers.result = `0x${"0".repeat(64)}`;
        const refused = (await failureOf(cli.run(...ask))) as ZkmlError;
        expect(refused.message).to.include("does not verify (chain)");
        answers.code = "0x";
        await nodeFailureOf("CONTRACTS_MISSING", cli.run(...ask));
      } finally {
        server.close();
      }
      const gone = await nodeFailureOf(
        "RPC_UNREACHABLE",
        cli.run(...verify("--rpc", rpc, "--verifier", OTHER)),
      );
      expect(gone.message).to.include(rpc);
    });

    it("says what is missing, and what is no proof", async () => {
      const fails = async (message: string, ...args: string[]) => {
        const error = await nodeFailureOf("USAGE", cli.run(...args));
        expect(error.message).to.include(message);
      };
      await fails("give --key or --model", ...verify());
      await fails("go together", ...verify("--model", cli.model, "--rpc", "http://127.0.0.1:9"));
      await writeFile(cli.at("none.json"), "[]");
      await fails("no Groth16 proof", "verify", "--proof", cli.at("none.json"), "--model", "x");
      await writeFile(cli.at("words.json"), '["one"]');
      const signals = verify("--model", cli.model, "--public", cli.at("words.json"));
      await fails("no list of public signals", ...signals);
    });
  });

  it("bench measures inferences and proofs", async () => {
    const measured = await cli.json(
      ...["bench", cli.model, "--runs", "3", "--proofs", "1", "--build-dir", buildDir],
    );
    expect(measured).to.deep.include({ name: "tiny", runs: 3, proofs: 1, prover: "snarkjs" });
    expect(measured.constraints).to.equal(proved.constraints);
    for (const name of ["runtimeSeconds", "interpreterSeconds", "witnessSeconds", "proveSeconds"]) {
      const { median, least } = measured[name] as { median: number; least: number };
      expect(least, name).to.be.greaterThan(0);
      expect(median, name).to.be.at.least(least);
    }
    expect(measured.peakMemoryBytes).to.be.greaterThan(2 ** 20);
    expect(measured.keyBytes).to.be.greaterThan(1_000);
  });

  it("refuses model files that are none", async () => {
    for (const command of ["inspect", "bench"]) {
      const missing = (await failureOf(cli.run(command, cli.at("no.onnx")))) as ZkmlError;
      expect(missing.code, command).to.equal("MODEL_NOT_FOUND");
      const broken = (await failureOf(cli.run(command, cli.at("input.json")))) as ZkmlError;
      expect(broken.code, command).to.equal("MODEL_CORRUPT");
    }
  });
});
