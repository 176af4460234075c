import {
  buildTrainingCircuit,
  computeStep,
  initialParameters,
  stepSignals,
  TrainingDataset,
  type TrainingShape,
} from "@lattice/zkml";
import { digitBatches } from "../../../../packages/zkml/models/digits/index.ts";
import type { Subject } from "../subject.ts";

const CONTEXT = 20_260_701n;
const SEED = 1;
const BATCHES = 4;

function trainingSubject(name: string, shape: TrainingShape): Subject {
  const { inputs, hidden, classes, batch } = shape;
  return {
    name,
    what: `one step of training ${inputs}-${hidden}-${classes}, batch ${batch}, private weights`,
    build: async ({ cacheDir, onProgress }) => {
      const circuit = await buildTrainingCircuit({
        name,
        shape,
        cacheDir,
        onProgress: (step, detail) => onProgress(`${step}: ${detail}`),
      });
      const dataset = await TrainingDataset.commit(shape, digitBatches(shape, BATCHES, SEED));
      const statement = { dataset, parameters: initialParameters(shape, SEED), step: 0 };
      const { input, output } = await computeStep(statement);
      return {
        circuit,
        constraints: circuit.constraints,
        compileSeconds: circuit.seconds.compile,
        keySeconds: circuit.seconds.key,
        signals: stepSignals(statement, CONTEXT),
        publicSignals: [CONTEXT, input, output],
      };
    },
  };
}

export const training: Subject = trainingSubject("training-64-32-10", {
  inputs: 64,
  hidden: 32,
  classes: 10,
  batch: 8,
  depth: 8,
  rateShift: 6,
});
