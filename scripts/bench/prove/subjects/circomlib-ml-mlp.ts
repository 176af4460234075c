import { FIELD_ORDER } from "@lattice/zkml";
import { SeededRandom } from "../../../../packages/zkml/src/ir/random.ts";
import { buildPeerCircuit } from "../peer/circomlib-ml.ts";
import type { Subject } from "../subject.ts";

const [INPUTS, HIDDEN, OUTPUTS] = [784, 56, 10] as const;
const LARGEST_PIXEL = 255;
const LARGEST_WEIGHT = 63;
const SEED = 20_260_703;

const SOURCE = `pragma circom 2.0.0;

include "Dense.circom";
include "ReLU.circom";

template Mlp(inputs, hidden, outputs) {
    signal input in[inputs];
    signal input weights1[inputs][hidden];
    signal input bias1[hidden];
    signal input weights2[hidden][outputs];
    signal input bias2[outputs];
    signal output out[outputs];

    component first = Dense(inputs, hidden);
    component second = Dense(hidden, outputs);
    component relu[hidden];
    first.in <== in;
    first.weights <== weights1;
    first.bias <== bias1;
    for (var i = 0; i < hidden; i++) {
        relu[i] = ReLU();
        relu[i].in <== first.out[i];
        second.in[i] <== relu[i].out;
    }
    second.weights <== weights2;
    second.bias <== bias2;
    out <== second.out;
}

component main = Mlp(${INPUTS}, ${HIDDEN}, ${OUTPUTS});
`;

/** Weights input-major, as the peer's Dense takes them. */
function dense(input: readonly bigint[], weights: readonly bigint[], units: number): bigint[] {
  return Array.from({ length: units }, (_, unit) =>
    input.reduce((sum, value, i) => sum + value * (weights[i * units + unit] as bigint), 0n),
  );
}

const toField = (value: bigint): bigint => (value < 0n ? value + FIELD_ORDER : value);

function statement() {
  const random = new SeededRandom(SEED);
  const draw = (count: number, low: number, high: number) =>
    Array.from({ length: count }, () => BigInt(random.integer(low, high)));
  const weight = (count: number) => draw(count, -LARGEST_WEIGHT, LARGEST_WEIGHT);
  const image = draw(INPUTS, 0, LARGEST_PIXEL);
  const weights1 = weight(INPUTS * HIDDEN);
  const weights2 = weight(HIDDEN * OUTPUTS);
  const hidden = dense(image, weights1, HIDDEN).map((sum) => (sum > 0n ? sum : 0n));
  const signals = {
    in: image,
    weights1: weights1.map(toField),
    bias1: new Array<bigint>(HIDDEN).fill(0n),
    weights2: weights2.map(toField),
    bias2: new Array<bigint>(OUTPUTS).fill(0n),
  };
  return { signals, publicSignals: dense(hidden, weights2, OUTPUTS).map(toField) };
}

/** Its weights are private inputs that nothing commits to, and sums are never scaled down. */
export const circomlibMlMlp: Subject = {
  name: "circomlib-ml-mlp",
  what: "784-56-10 of circomlib-ml's Dense and ReLU; weights are inputs without a commitment",
  beside: "mlp",
  build: async (context) => ({
    ...(await buildPeerCircuit("circomlib-ml-mlp", SOURCE, context)),
    ...statement(),
  }),
};
