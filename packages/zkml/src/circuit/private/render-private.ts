import { ELEMENT_BYTES } from "../../ir/tensor.ts";
import type { CircuitValue, CircuitWriter } from "../circuit-writer.ts";
import { PREAMBLE } from "../render.ts";
import { ELEMENT_TYPE_CODES } from "../tensor-types.ts";
import type { Identity } from "./emit-private.ts";
import { SALT_SIGNAL, type WeightSignals } from "./weight-signals.ts";

export interface PrivateParts {
  readonly writer: CircuitWriter;
  /** How many of the writer's statements, the first ones, declare inputs. */
  readonly declarations: number;
  readonly input: CircuitValue;
  readonly weights: WeightSignals["tensors"];
  readonly identities: readonly Identity[];
  readonly jobs: number;
}

/** Source of a circuit whose weights are private inputs, for one job or several. */
export function renderPrivate(parts: PrivateParts): string {
  const { writer, weights, jobs } = parts;
  const { array, count } = parts.input;
  const arrays = weights.map(
    ({ signal, info }) => `    signal input ${signal}[${size(info.shape)}];`,
  );
  return `${PREAMBLE}include "weights.circom";
include "freivalds-conv.circom";

// Statement: there are weights with the public commitment, and for each of ${jobs} jobs an input tensor
// with the job's public input commitment, for which the model of this architecture and these weights
// gives a tensor with the job's public output commitment.
// Not proved: whose weights they are; whoever verifies fixes the commitment. That jobs differ.
// Not hidden: commitments of inputs and outputs with few possible values can be guessed.
// Assumptions: none on the prover; every input and weight is range-checked, every width follows
// from an interval analysis in which weights take any value of their range. Where sums are claimed,
// that Poseidon's output cannot be foreseen: see freivalds.circom.
// Public signals, in this order: context, ${jobs} of inputCommitment, ${jobs} of outputCommitment,
// weightsCommitment.
// Parameters: none.

${[...writer.functions, modelTemplate(parts)].join("\n\n")}

template Proof() {
    // PRIVATE
    signal input contextIn; // carried to the public signal context
    signal input ${array}[${jobs}][${count}]; // the input tensors, job after job
    signal input ${SALT_SIGNAL}; // hides the weights behind their commitment
    // Weights and biases, in the order of their commitment.
${arrays.join("\n")}

    // OUTPUT, public
    signal output context; // what the proof is bound to: the contexts of all its jobs, in this order
    signal output inputCommitment[${jobs}]; // Poseidon commitments of the input tensors
    signal output outputCommitment[${jobs}]; // Poseidon commitments of the output tensors
    signal output weightsCommitment; // salted Poseidon commitment of all weights and biases

    // 0. Carry the context. The square keeps it inside a multiplication of its own.
    context <== contextIn;
    signal contextSquared <== context * context;

    // 1. Range-check the weights and commit to them, once for all jobs.
${commitWeights(weights)}

    // 2. The model once for each job, with the same weights.
    component jobs[${jobs}];
    for (var j = 0; j < ${jobs}; j++) {
        jobs[j] = Model();
        jobs[j].${array} <== ${array}[j];
${weights.map(({ signal }) => `        jobs[j].${signal} <== ${signal};`).join("\n")}
        inputCommitment[j] <== jobs[j].inputCommitment;
        outputCommitment[j] <== jobs[j].outputCommitment;
    }
${checks(parts)}}

// ${writer.graph.nodes.length} operators, ${weights.length} private tensors, ${parts.identities.length} identities.
component main = Proof();
`;
}

function modelTemplate({ writer, declarations, identities }: PrivateParts): string {
  const outputs = identities.map(
    ({ index, input, claim }) => `
    signal output claimInput${index}[${input.count}]; // inputs of claimed sums
    signal output claim${index}[${claim.count}]; // claimed sums: TO BE CHECKED by the instantiating template
    signal output claimDigest${index}; // hash of the claims`,
  );
  return `template Model() {
    // PRIVATE: the input tensor, then weights and biases, all row-major
${writer.statements.slice(0, declarations).join("\n")}

    // OUTPUT
    signal output inputCommitment; // Poseidon commitment of the input tensor
    signal output outputCommitment; // Poseidon commitment of the output tensor${outputs.join("")}
${writer.statements.slice(declarations).join("\n")}
}`;
}

function commitWeights(weights: WeightSignals["tensors"]): string {
  const lines = weights.map(({ signal, info, bits }, i) => {
    const count = size(info.shape);
    const bytes = ELEMENT_BYTES[info.elementType];
    const each = `for (var i = 0; i < ${count}; i++) {`;
    const check =
      info.elementType === "uint8"
        ? `${each} _ <== UnsignedBits(${bits})(${signal}[i]); ${signal}Words[i] <== ${signal}[i]; }`
        : `${each} ${signal}Words[i] <== TwosComplement(${bits}, ${8 * bytes})(${signal}[i]); }`;
    const type = ELEMENT_TYPE_CODES[info.elementType];
    return `    signal ${signal}Words[${count}];
    ${check}
    tensors.commitments[${i}] <== TensorCommitment(${type}, ${bytes}, ${count})(${signal}Words);`;
  });
  return `    component tensors = WeightsCommitment(${weights.length});
    tensors.salt <== ${SALT_SIGNAL};
${lines.join("\n")}
    weightsCommitment <== tensors.out;`;
}

/** One challenge for all claims of all jobs, and the identities under it. */
function checks({ identities, jobs }: PrivateParts): string {
  if (identities.length === 0) return "";
  const perJob = 1 + identities.length;
  const digests = identities.map(
    ({ index }, i) =>
      `        challenge.in[2 + ${perJob} * j + ${i + 1}] <== jobs[j].claimDigest${index};`,
  );
  const lines = identities.map(({ index, input, weights, claim, check }) => {
    const copy = (to: string, from: string, count: number) =>
      `        for (var i = 0; i < ${count}; i++) { check${index}.${to}[j * ${count} + i] <== jobs[j].${from}${index}[i]; }`;
    return `    component check${index} = ${check(jobs)};
    check${index}.challenge <== challenge.out;
    check${index}.weights <== ${weights.array};
    for (var j = 0; j < ${jobs}; j++) {
${copy("in", "claimInput", input.count)}
${copy("claim", "claim", claim.count)}
    }`;
  });
  return `
    // 3. The challenge, from the statement and all claims. Outputs follow from these.
    component challenge = Challenge(${2 + perJob * jobs});
    challenge.in[0] <== context;
    challenge.in[1] <== weightsCommitment;
    for (var j = 0; j < ${jobs}; j++) {
        challenge.in[2 + ${perJob} * j] <== inputCommitment[j];
${digests.join("\n")}
    }

    // 4. Check the claims of all jobs at the challenge.
${lines.join("\n")}
`;
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}
