import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeModel, decodeTensorFile } from "../onnx/decode.ts";
import { encodeModel } from "../onnx/encode.ts";
import { readModelFile } from "../onnx/file.ts";
import { LOWERINGS } from "../onnx/lower.ts";
import type {
  GraphProto,
  ModelProto,
  NodeProto,
  OperatorSetProto,
  TensorProto,
} from "../onnx/proto.ts";
import { MAX_OPSET, MIN_OPSET } from "../onnx/read.ts";

/** Inputs and expected outputs of one run, in the order in which the model declares them. */
export interface DataSet {
  readonly name: string;
  readonly inputs: readonly TensorProto[];
  readonly outputs: readonly TensorProto[];
}

/** A test in the format of ONNX's backend tests: a folder with a model and data sets. */
export interface NodeTest {
  readonly name: string;
  readonly model: ModelProto;
  readonly dataSets: readonly DataSet[];
}

/** Inputs that the integer form takes as constants, by operator; published tests feed them. */
const CONSTANT_INPUTS: Readonly<Record<string, readonly number[]>> = {
  MatMulInteger: [2, 3],
  ConvInteger: [2, 3],
  QLinearMatMul: [1, 2, 4, 5, 6, 7],
  QLinearConv: [1, 2, 4, 5, 6, 7, 8],
  Clip: [1, 2],
  Div: [1],
  Gather: [0],
  ReduceSum: [1],
  Reshape: [1],
  Squeeze: [1],
  Unsqueeze: [1],
};

/** Opset before the reader's first since which an operator has kept its meaning. */
const UNCHANGED_SINCE: Readonly<Record<string, number>> = {
  MatMulInteger: 10,
  ConvInteger: 10,
  QLinearMatMul: 10,
  QLinearConv: 10,
  MaxPool: 12,
};

/** Names of the folders below `directory` that hold a model, sorted. */
export async function listNodeTests(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true });
  const suffix = "/model.onnx";
  return entries
    .map((entry) => entry.replaceAll("\\", "/"))
    .filter((entry) => entry.endsWith(suffix))
    .map((entry) => entry.slice(0, -suffix.length))
    .sort();
}

/** @throws ZkmlError as decoding does; Error when there is no data set. */
export async function readNodeTest(directory: string, name: string): Promise<NodeTest> {
  const folder = join(directory, name);
  const model = decodeModel(await readModelFile(join(folder, "model.onnx")));
  const sets = (await readdir(folder)).filter((entry) => entry.startsWith("test_data_set_")).sort();
  if (sets.length === 0) throw new Error(`${folder} has no test_data_set_* folder`);
  const dataSets = await Promise.all(sets.map((set) => readDataSet(join(folder, set), set)));
  return { name, model, dataSets };
}

async function readDataSet(folder: string, name: string): Promise<DataSet> {
  const files = await readdir(folder);
  const tensors = async (role: string): Promise<TensorProto[]> => {
    const numbered = files
      .map((file) => ({ file, match: file.match(new RegExp(`^${role}_(\\d+)\\.pb$`)) }))
      .filter(({ match }) => match !== null)
      .sort((a, b) => Number(a.match?.[1]) - Number(b.match?.[1]));
    return Promise.all(
      numbered.map(async ({ file }) => decodeTensorFile(await readFile(join(folder, file)))),
    );
  };
  return { name, inputs: await tensors("input"), outputs: await tensors("output") };
}

/** A model whose parameters are constants, and the inputs that stay. */
export interface BoundModel {
  readonly bytes: Uint8Array;
  readonly inputs: ReadonlyMap<string, TensorProto>;
}

/** Turns inputs that have to be constants into initializers with the data set's values. */
export function bindParameters(model: ModelProto, { inputs }: DataSet): BoundModel {
  const { graph } = model;
  const parameters = parameterNames(graph);
  const initializers = [...graph.initializers];
  const kept = new Map<string, TensorProto>();
  for (const [index, { name }] of graph.inputs.entries()) {
    const tensor = inputs[index];
    if (tensor === undefined) continue;
    if (parameters.has(name)) initializers.push({ ...tensor, name });
    else kept.set(name, tensor);
  }
  const declared = graph.inputs.filter(({ name }) => !parameters.has(name));
  const bound = { ...graph, initializers, inputs: declared };
  const bytes = encodeModel({ ...model, opsets: comparableOpsets(model), graph: bound });
  return { bytes, inputs: kept };
}

/**
 * Old tests keep the opset in which their operator came. Where the operator means the same in an
 * opset that the reader takes, the model is read as one of that.
 */
function comparableOpsets({ opsets, graph }: ModelProto): OperatorSetProto[] {
  const meansTheSame = ({ opType }: NodeProto, version: number): boolean =>
    version > MAX_OPSET ? LOWERINGS.has(opType) : version >= (UNCHANGED_SINCE[opType] ?? MIN_OPSET);
  return opsets.map(({ domain, version }) => {
    const same = domain === "" && graph.nodes.every((node) => meansTheSame(node, version));
    const nearest = Math.min(Math.max(version, MIN_OPSET), MAX_OPSET);
    return { domain, version: same ? nearest : version };
  });
}

function parameterNames({ nodes }: GraphProto): ReadonlySet<string> {
  const names = nodes.flatMap(({ opType, input }) =>
    (CONSTANT_INPUTS[opType] ?? []).map((index) => input[index] ?? ""),
  );
  return new Set(names);
}
