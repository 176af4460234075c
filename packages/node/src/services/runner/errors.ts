import { NodeError } from "../../shared/errors.ts";

export function modelNotServed(modelVersion: string): NodeError {
  return new NodeError("MODEL_UNKNOWN", `model version ${modelVersion} is not served here`, {
    modelVersion,
  });
}

export function inputCommitmentMismatch(
  digest: string,
  committed: string,
  computed: string,
): NodeError {
  return new NodeError(
    "INPUT_MISMATCH",
    `the input ${digest} has commitment ${computed}, but its order commits to ${committed}`,
    { digest, committed, computed },
  );
}

export function executionsDisagree(modelVersion: string, index: number): NodeError {
  return new NodeError(
    "OUTPUT_MISMATCH",
    `ONNX Runtime and the reference interpreter disagree from output byte ${index} on; nothing was committed`,
    { modelVersion, index },
  );
}
