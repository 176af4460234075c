import type { CircuitValue, CircuitWriter } from "./circuit-writer.ts";

/** Order of the public signals of a circuit that proves one job. */
export const PUBLIC_SIGNALS = ["context", "inputCommitment", "outputCommitment"] as const;

/** Order of the public signals of a circuit: of several jobs, all inputs come before all outputs. */
export function publicSignalNames(jobsPerProof: number): readonly string[] {
  if (jobsPerProof === 1) return PUBLIC_SIGNALS;
  const each = (name: string) =>
    Array.from({ length: jobsPerProof }, (_, job) => `${name}[${job}]`);
  return ["context", ...each("inputCommitment"), ...each("outputCommitment")];
}

const LIBRARY = [
  "range.circom",
  "commitment.circom",
  "compare.circom",
  "divide.circom",
  "linear.circom",
  "lookup.circom",
  "requantise.circom",
];

const PREAMBLE = `pragma circom 2.1.9;

${LIBRARY.map((file) => `include "${file}";`).join("\n")}
`;

/** Source of a circuit that proves one job. */
export function renderModel(writer: CircuitWriter): string {
  const [declaration, ...steps] = writer.statements;
  return `${PREAMBLE}
// Statement: there is an input tensor with the public input commitment for which this model gives
// a tensor with the public output commitment.
// Not proved: that the weights below are those of a registered model; the verifying key fixes them.
// Not hidden: commitments of tensors with few possible values can be guessed.
// Assumptions: none on the prover; every input is range-checked, every width follows from the
// model's interval analysis.
// Public signals, in this order: ${PUBLIC_SIGNALS.join(", ")}.
// Parameters: none, the weights are constants. Constraints: see circuits.json.

${writer.functions.join("\n\n")}

template Model() {
    // PRIVATE
    signal input contextIn; // carried to the public signal context
${declaration} // the input tensor, row-major

    // OUTPUT, public
    signal output context; // what the proof is bound to: chain, market, order, provider, model
    signal output inputCommitment; // Poseidon commitment of the input tensor
    signal output outputCommitment; // Poseidon commitment of the output tensor

    // 0. Carry the context. The square keeps it inside a multiplication of its own.
    context <== contextIn;
    signal contextSquared <== context * context;
${steps.join("\n")}
}

${footer(writer)}
component main = Model();
`;
}

/** Source of a circuit that proves several jobs at once: an instance of the model for each. */
export function renderJobs(writer: CircuitWriter, input: CircuitValue, jobs: number): string {
  const [declaration, ...steps] = writer.statements;
  const { array, count } = input;
  return `${PREAMBLE}
// Statement: for each of ${jobs} jobs there is an input tensor with the job's public input commitment for
// which this model gives a tensor with the job's public output commitment.
// Not proved: that the weights below are those of a registered model; the verifying key fixes them.
// That the jobs differ: two may be the same.
// Not hidden: commitments of tensors with few possible values can be guessed.
// Assumptions: none on the prover; every input is range-checked, every width follows from the
// model's interval analysis.
// Public signals, in this order: context, ${jobs} of inputCommitment, ${jobs} of outputCommitment; job j has
// the j-th of both.
// Parameters: none, the weights are constants. Constraints: see circuits.json.

${writer.functions.join("\n\n")}

template Model() {
    // PRIVATE
${declaration} // the input tensor, row-major

    // OUTPUT
    signal output inputCommitment; // Poseidon commitment of the input tensor
    signal output outputCommitment; // Poseidon commitment of the output tensor
${steps.join("\n")}
}

template Jobs() {
    // PRIVATE
    signal input contextIn; // carried to the public signal context
    signal input ${array}[${jobs}][${count}]; // the input tensors, job after job

    // OUTPUT, public
    signal output context; // what the proof is bound to: the contexts of all its jobs, in this order
    signal output inputCommitment[${jobs}]; // Poseidon commitments of the input tensors
    signal output outputCommitment[${jobs}]; // Poseidon commitments of the output tensors

    // 0. Carry the context. The square keeps it inside a multiplication of its own.
    context <== contextIn;
    signal contextSquared <== context * context;

    // 1. The model once for each job: nothing but the context is shared.
    component jobs[${jobs}];
    for (var j = 0; j < ${jobs}; j++) {
        jobs[j] = Model();
        jobs[j].${array} <== ${array}[j];
        inputCommitment[j] <== jobs[j].inputCommitment;
        outputCommitment[j] <== jobs[j].outputCommitment;
    }
}

${footer(writer)}
component main = Jobs();
`;
}

function footer({ graph }: CircuitWriter): string {
  return `// ${graph.nodes.length} operators, ${graph.constants.size} constants.`;
}
