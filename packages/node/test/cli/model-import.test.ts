import { readFile, writeFile } from "node:fs/promises";
import { loadModel, type ZkmlError } from "@lattice/zkml";
import { expect } from "chai";
import { FloatModelBuilder } from "../../../zkml/test/import/float-models.ts";
import { failureOf, nodeFailureOf } from "../helpers/failure.ts";
import { type ModelCommands, modelCommands } from "./model-commands.ts";

const SAMPLES = 32;
const FEATURES = 6;

/** A .npy file of float32, format version 1. */
function npy(shape: readonly number[], values: readonly number[]): Buffer {
  const size = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${size}), }`;
  const header = Buffer.alloc(10);
  header.write("\x93NUMPY\x01\x00", "latin1");
  header.writeUInt16LE(text.length + 1, 8);
  return Buffer.concat([
    header,
    Buffer.from(`${text}\n`),
    Buffer.from(Float32Array.from(values).buffer),
  ]);
}

describe("lattice model import", function () {
  this.timeout(120_000);

  let cli: ModelCommands;

  before(async () => {
    cli = await modelCommands();
    const builder = new FloatModelBuilder(7, [1, FEATURES]);
    const hidden = builder.gemm("x", "hidden", FEATURES, 8);
    builder.add("Relu", [hidden], "active");
    builder.gemm("active", "y", 8, 3);
    await writeFile(cli.at("float.onnx"), builder.bytes());
    const values = Array.from({ length: SAMPLES * FEATURES }, (_, i) => Math.abs(Math.sin(i)));
    await writeFile(cli.at("images.npy"), npy([SAMPLES, FEATURES], values));
    await writeFile(cli.at("labels.npy"), npy([SAMPLES], values.slice(0, SAMPLES).fill(1)));
  });

  after(() => cli.remove());

  const options = (...more: string[]) => [
    ...["import", cli.at("float.onnx"), "--calibration", cli.at("images.npy")],
    ...["--out", cli.at("integer.onnx")],
    ...more,
  ];

  it("writes an integer model, its figures and a page, and says what was lost", async () => {
    const page = cli.at("report.html");
    const made = await cli.json(
      ...options("--labels", cli.at("labels.npy"), "--report", page, "--name", "small"),
    );
    expect(made).to.include({ model: cli.at("integer.onnx"), page });
    const report = made.report as { totals: object; calibration: object; layers: unknown[] };
    expect(report.totals).to.deep.include({ macs: FEATURES * 8 + 8 * 3 });
    expect(report.calibration).to.include.keys("floatAccuracy", "integerAccuracy", "pointsLost");
    expect(JSON.parse(await readFile(cli.at("integer.import.json"), "utf8"))).to.deep.equal(report);
    expect(await readFile(page, "utf8")).to.match(/^<!doctype html>/i);
    const { graph } = await loadModel(cli.at("integer.onnx"));
    expect(graph.name).to.equal("small");
    expect(graph.inputs[0]).to.deep.include({ elementType: "uint8", shape: [1, FEATURES] });
  });

  it("prints layers and accuracy for people, and shows progress", async () => {
    const held = ["--held-out", cli.at("images.npy"), "--held-out-labels", cli.at("labels.npy")];
    const lines = await cli.run(...options(...held));
    expect(lines[0]).to.match(/^operator +node +output +sum bits/);
    const text = lines.join("\n");
    expect(text).to.match(/^calibration +32 samples/m);
    expect(text).to.match(/accuracy +[\d.]+ % float, [\d.]+ % integer: -?[\d.]+ points lost/);
    expect(cli.notes.some((line) => /^calibrate: \d+ of \d+$/.test(line))).to.equal(true);
  });

  it("feeds inspect and prove, which turns real inputs into the model's integers", async () => {
    await cli.run(...options());
    const { tiers } = await cli.json("inspect", cli.at("integer.onnx"));
    expect((tiers as { fits: boolean }[])[0]?.fits).to.equal(true);
    const input = ["--input", cli.at("images.npy"), "--build-dir", cli.at("circuits")];
    const bare = cli.run("prove", cli.at("integer.onnx"), ...input);
    expect((await nodeFailureOf("USAGE", bare)).message).to.include("--quantise");
    const far = cli.run(
      ...["prove", cli.at("integer.onnx"), ...input, "--sample", `${SAMPLES}`],
      ...["--quantise", cli.at("integer.import.json")],
    );
    expect((await nodeFailureOf("USAGE", far)).message).to.include("no sample 32");
  });

  it("refuses samples and models that are none", async () => {
    const bad = cli.run("import", cli.at("float.onnx"), "--calibration", cli.at("float.onnx"));
    expect(((await failureOf(bad)) as ZkmlError).code).to.equal("SAMPLES_INVALID");
    const missing = cli.run("import", cli.at("float.onnx"), "--calibration", cli.at("none.npy"));
    await nodeFailureOf("USAGE", missing);
    const model = cli.run("import", cli.at("no.onnx"), "--calibration", cli.at("images.npy"));
    expect(((await failureOf(model)) as ZkmlError).code).to.equal("MODEL_NOT_FOUND");
    const labels = cli.run(...options("--held-out-labels", cli.at("labels.npy")));
    expect((await nodeFailureOf("USAGE", labels)).message).to.include("needs --held-out");
  });
});
