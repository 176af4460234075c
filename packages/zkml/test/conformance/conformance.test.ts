import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { listNodeTests } from "../../src/conformance/node-test.ts";
import { type NodeTestResult, runNodeTest } from "../../src/conformance/run-node-test.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import { DATA_TYPES } from "../../src/onnx/proto.ts";
import { FLOAT, intAttribute, modelBytes, node, value } from "../helpers/protos.ts";
import { floats } from "../helpers/qlinear-models.ts";
import { type Fixture, stored, writeNodeTest } from "./node-tests.ts";

const { uint8, int8, int32, int64 } = DATA_TYPES;
const COMMAND = fileURLToPath(new URL("../../src/cli/test-onnx.ts", import.meta.url));

const bytes = (shape: number[], values: number[]) => stored(createTensor("uint8", shape, values));
const ints = (shape: number[], values: number[]) => stored(createTensor("int32", shape, values));

/** The product [[1, 2]] · [[3], [4]] with zero points that the data set feeds. */
const product: Fixture = {
  model: modelBytes(
    {
      nodes: [node("MatMulInteger", ["a", "b", "az", "bz"], ["y"])],
      initializers: [],
      inputs: [
        value("a", uint8, [1, 2]),
        value("b", uint8, [2, 1]),
        value("az", uint8, [1]),
        value("bz", uint8, [1]),
      ],
      outputs: [value("y", int32, [1, 1])],
    },
    { opsets: [{ domain: "", version: 10 }] },
  ),
  inputs: [bytes([1, 2], [1, 2]), bytes([2, 1], [3, 4]), bytes([1], [1]), bytes([1], [2])],
  outputs: [ints([1, 1], [2])],
};

const requantised: Fixture = {
  model: modelBytes({
    nodes: [node("QLinearMatMul", ["a", "as", "z", "b", "bs", "z", "ys", "z"], ["y"])],
    initializers: [],
    inputs: [
      value("a", uint8, [1, 2]),
      value("as", FLOAT, [1]),
      value("z", uint8, []),
      value("b", uint8, [2, 1]),
      value("bs", FLOAT, [1]),
      value("ys", FLOAT, [1]),
    ],
    outputs: [value("y", uint8, [1, 1])],
  }),
  inputs: [
    bytes([1, 2], [10, 20]),
    floats("", [0.3]),
    bytes([], [0]),
    bytes([2, 1], [3, 4]),
    floats("", [0.5]),
    floats("", [1.1]),
  ],
  outputs: [bytes([1, 1], [15])],
};

const FIXTURES: Readonly<Record<string, Fixture>> = {
  test_product: product,
  test_requantised: requantised,
  test_sum_with_axes: {
    model: modelBytes({
      nodes: [
        node("Cast", ["x"], ["w"], { attributes: [intAttribute("to", int32)] }),
        node("ReduceSum", ["w", "axes"], ["y"]),
      ],
      initializers: [],
      inputs: [value("x", int8, [2]), value("axes", int64, [1])],
      outputs: [value("y", int32, [1])],
    }),
    inputs: [stored(createTensor("int8", [2], [-3, 5])), int64List([0])],
    outputs: [ints([1], [2])],
  },
  test_wrong_output: { ...product, outputs: [ints([1, 1], [3])] },
  test_wrong_shape: { ...product, outputs: [ints([1], [2])] },
  test_float: {
    model: modelBytes({
      nodes: [node("Softmax", ["x"], ["y"])],
      initializers: [],
      inputs: [value("x", FLOAT, [2])],
      outputs: [value("y", FLOAT, [2])],
    }),
    inputs: [floats("", [1, 2])],
    outputs: [floats("", [0.25, 0.75])],
  },
};

function int64List(values: number[]) {
  return { ...ints([values.length], values), dataType: int64, int32Data: [], int64Data: values };
}

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function command(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, ...args], (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

describe("ONNX node tests", () => {
  let directory: string;
  const run = (name: string) => runNodeTest(directory, name, { runtime: true });

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "lattice-node-tests-"));
    for (const [name, fixture] of Object.entries(FIXTURES)) {
      await writeNodeTest(directory, name, fixture);
    }
  });

  after(() => rm(directory, { recursive: true }));

  it("are found below the folder", async () => {
    expect(await listNodeTests(directory)).to.deep.equal(Object.keys(FIXTURES).sort());
  });

  for (const name of ["test_product", "test_requantised", "test_sum_with_axes"]) {
    it(`pass where the interpreter gives the expected bits: ${name}`, async () => {
      const expected: NodeTestResult = {
        name,
        outcome: "passed",
        reason: "",
        runtime: "same bits",
      };
      expect(await run(name)).to.deep.equal(expected);
    });
  }

  it("fail with the first difference, and say that ONNX Runtime disagrees too", async () => {
    expect(await run("test_wrong_output")).to.deep.equal({
      name: "test_wrong_output",
      outcome: "failed",
      reason: 'test_data_set_0: output "y" is 2 at index 0; expected 3',
      runtime: "same bits",
    });
  });

  it("fail for another shape", async () => {
    const { outcome, reason } = await run("test_wrong_shape");
    expect(outcome).to.equal("failed");
    expect(reason).to.match(/another type or shape/);
  });

  it("are unsupported, with the reason, where a model computes in floating point", async () => {
    const { outcome, reason } = await run("test_float");
    expect(outcome).to.equal("unsupported");
    expect(reason).to.match(/^NOT_INTEGER_FORM: input "x" is float32 \(and uses Softmax\)/);
  });

  it("fail when a file is corrupt", async () => {
    const corrupt = await mkdtemp(join(tmpdir(), "lattice-node-tests-"));
    try {
      await writeNodeTest(corrupt, "test_cut", product);
      await writeFile(join(corrupt, "test_cut", "model.onnx"), product.model.subarray(0, 50));
      const { outcome, reason } = await runNodeTest(corrupt, "test_cut", { runtime: false });
      expect(outcome).to.equal("failed");
      expect(reason).to.match(/^MODEL_CORRUPT/);
    } finally {
      await rm(corrupt, { recursive: true });
    }
  });

  describe("test:onnx", () => {
    it("prints each test and the totals, and ends with code 1 when one fails", async () => {
      const { code, stdout } = await command(directory, "--no-runtime");
      expect(code).to.equal(1);
      expect(stdout).to.match(/^passed {6}test_product/m);
      expect(stdout).to.match(/^failed {6}test_wrong_output.*expected 3$/m);
      expect(stdout).to.match(/\n3 passed, 2 failed, 1 unsupported\n$/);
    });

    it("ends with code 0 when none fails, and writes JSON", async () => {
      const { code, stdout } = await command(directory, "--json", "--no-runtime", "--only", "prod");
      expect(code).to.equal(0);
      const { results, ...totals } = JSON.parse(stdout) as { results: NodeTestResult[] };
      expect(totals).to.deep.equal({ passed: 1, failed: 0, unsupported: 0 });
      expect(results[0]).to.include({ name: "test_product", outcome: "passed" });
    });

    it("ends with code 2 without a folder or without tests", async () => {
      expect((await command()).code).to.equal(2);
      const { code, stderr } = await command(directory, "--only", "nothing-is-called-so");
      expect(code).to.equal(2);
      expect(stderr).to.match(/no test found/);
    });
  });
});
