/**
 * Every failure this package reports on purpose. Codes are stable: callers branch on `code`,
 * never on message text. `retryable` says whether the same call may succeed later unchanged.
 */
export const ZKML_ERROR_CODES = {
  MODEL_NOT_FOUND: { retryable: false, meaning: "no file at the given path" },
  MODEL_UNREADABLE: { retryable: true, meaning: "the file exists but could not be read" },
  MODEL_TOO_LARGE: { retryable: false, meaning: "a file, tensor or graph exceeds its size limit" },
  MODEL_CORRUPT: { retryable: false, meaning: "the bytes are not a well-formed ONNX model" },
  EXTERNAL_DATA: { retryable: false, meaning: "a tensor is stored outside the model file" },
  UNSUPPORTED_OPSET: { retryable: false, meaning: "the opset is missing, foreign or out of range" },
  UNSUPPORTED_OPERATOR: { retryable: false, meaning: "an operator has no exact integer form here" },
  UNSUPPORTED_ATTRIBUTE: {
    retryable: false,
    meaning: "a supported operator is used in a form that is not supported",
  },
  NOT_INTEGER_FORM: { retryable: false, meaning: "the model computes in floating point" },
  INVALID_GRAPH: {
    retryable: false,
    meaning: "cyclic, dangling, doubly defined or otherwise ill-formed graph",
  },
  INVALID_SHAPE: { retryable: false, meaning: "a shape is negative, unknown, or does not fit" },
  NOT_FINITE: { retryable: false, meaning: "a weight, sample or activation is NaN or infinite" },
  INVALID_SCALE: { retryable: false, meaning: "a quantisation scale is not a positive number" },
  SAMPLES_INVALID: {
    retryable: false,
    meaning: "samples are missing, malformed or of another shape than the model takes",
  },
  RANGE_OVERFLOW: { retryable: false, meaning: "a value could leave the range of its type" },
  SATURATION_POSSIBLE: {
    retryable: false,
    meaning: "8-bit products could saturate on processors without exact dot products",
  },
  TENSOR_TYPE: { retryable: false, meaning: "a tensor has the wrong element type" },
  TENSOR_SHAPE: { retryable: false, meaning: "a tensor has the wrong shape or length" },
  TENSOR_VALUE: { retryable: false, meaning: "a tensor holds a value outside its type" },
  RUNTIME_LOAD_FAILED: { retryable: false, meaning: "no execution provider could load the model" },
  RUNTIME_FAILED: { retryable: true, meaning: "the runtime failed while running the model" },
  RUNTIME_RELEASED: { retryable: false, meaning: "the runner was used after release()" },
  BITS_DIFFER: { retryable: false, meaning: "two executions of one model disagree" },
  TRACE_CORRUPT: {
    retryable: false,
    meaning: "a trace file is not well-formed, or of another root",
  },
  TRACE_TOO_LARGE: { retryable: false, meaning: "a trace is larger than its program's can be" },
  COMMIT_FAILED: { retryable: true, meaning: "a thread that hashed a trace stopped" },
  ANSWER_INVALID: {
    retryable: false,
    meaning: "an answer of an inquiry does not open its question",
  },
  CIRCUIT_COMPILE_FAILED: { retryable: true, meaning: "the circom compiler failed or timed out" },
  CIRCUIT_CORRUPT: { retryable: false, meaning: "a compiled circuit file is not well-formed" },
  KEY_CORRUPT: { retryable: false, meaning: "a proving or verifying key is not well-formed" },
  KEY_UNSAFE: { retryable: false, meaning: "the key would accept forged proofs" },
  KEY_FAILED: { retryable: true, meaning: "making or exporting a key failed" },
  PTAU_REFUSED: { retryable: false, meaning: "the powers-of-tau file is not the one it should be" },
  CEREMONY_INVALID: { retryable: false, meaning: "a key ceremony does not check out" },
  WITNESS_REFUSED: { retryable: false, meaning: "the values do not satisfy the circuit" },
  PROOF_INVALID: { retryable: false, meaning: "a proof does not verify under its key" },
  PROVER_FAILED: { retryable: true, meaning: "the prover stopped before it had a proof" },
  PROVER_MEMORY: { retryable: false, meaning: "the proof needs more memory than it may take" },
  PROVER_TIMEOUT: { retryable: true, meaning: "the proof took longer than it may" },
  PROVER_CLOSED: { retryable: false, meaning: "the prover was used after close()" },
} as const;

export type ZkmlErrorCode = keyof typeof ZKML_ERROR_CODES;

/** Values that help to find the cause; never weights, inputs or keys. */
export type ErrorMetadata = Readonly<
  Record<string, string | number | readonly (string | number)[]>
>;

export class ZkmlError extends Error {
  override readonly name = "ZkmlError";
  readonly code: ZkmlErrorCode;
  readonly retryable: boolean;
  readonly metadata: ErrorMetadata;

  constructor(
    code: ZkmlErrorCode,
    message: string,
    metadata: ErrorMetadata = {},
    options: ErrorOptions = {},
  ) {
    super(message, options);
    this.code = code;
    this.retryable = ZKML_ERROR_CODES[code].retryable;
    this.metadata = metadata;
  }
}
