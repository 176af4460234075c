import { buildTrainingCircuit, SnarkjsProver, TrainingDataset } from "@lattice/zkml";
import { digitBatches } from "@lattice/zkml/models/digits";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { readInstances } from "../../packages/zkml/src/cli/manifest.ts";
import type { TrainingInstance } from "../../packages/zkml/src/cli/training-manifest.ts";
import { projectPath } from "../support/context.ts";
import { parseCount } from "../support/format.ts";
import { guarded, wrongUse } from "../support/guard.ts";
import { print, table } from "../support/output.ts";
import { openTrainingMarket } from "../support/training-market.ts";
import { type StepReport, TrainingRunner } from "../support/training-run.ts";

interface SimulateArguments {
  circuit: string;
  steps: string;
  batches: string;
  seed: string;
  buildDir: string;
  json: boolean;
}

async function instanceOf(name: string): Promise<TrainingInstance> {
  const { steps } = (await readInstances()).training;
  const found = steps.find((each) => each.name === name);
  if (found) return found;
  const names = steps.map((each) => each.name).join(", ");
  throw wrongUse(`there is no training circuit ${name}; circuits/circuits.json lists: ${names}`);
}

async function simulate(args: SimulateArguments, hre: HardhatRuntimeEnvironment): Promise<void> {
  const steps = parseCount("steps", args.steps);
  const batches = parseCount("batches", args.batches);
  const seed = parseCount("seed", args.seed);
  const instance = await instanceOf(args.circuit);
  const { name, shape, contract } = instance;
  if (steps < 1) throw wrongUse("--steps needs at least 1");
  if (batches < 1 || batches > 2 ** shape.depth) {
    throw wrongUse(`--batches of circuit ${name} are 1 to ${2 ** shape.depth}`);
  }
  const progress = (line: string) => console.error(line);
  const circuit = await buildTrainingCircuit({
    name,
    shape,
    cacheDir: projectPath(hre)(args.buildDir),
    onProgress: (step, detail) => progress(`circuit: ${step}, ${detail}`),
  });
  const dataset = await TrainingDataset.commit(shape, digitBatches(shape, batches, seed));
  const prover = new SnarkjsProver();
  const market = await openTrainingMarket(hre, contract, shape);
  try {
    const runner = await TrainingRunner.create({ market, dataset, circuit, prover, seed });
    const reports: StepReport[] = [];
    for (let step = 0; step < steps; step++) {
      progress(`step ${step}: computing and proving`);
      const report = await runner.advance();
      reports.push(report);
      if (args.json)
        print(true, { circuit: name, constraints: circuit.constraints, ...report }, []);
    }
    if (!args.json) show(circuit.constraints, reports);
  } finally {
    await market.close();
    await prover.close();
  }
}

function show(constraints: number, reports: readonly StepReport[]): void {
  table(
    ["step", "loss", "after", "constraints", "witness", "proof", "job gas", "advance gas", "state"],
    reports.map(({ step, lossBefore, lossAfter, witnessSeconds, proveSeconds, gas, state }) => [
      `${step}`,
      lossBefore.toFixed(4),
      lossAfter.toFixed(4),
      `${constraints}`,
      `${witnessSeconds.toFixed(1)} s`,
      `${proveSeconds.toFixed(1)} s`,
      `${gas.post + gas.accept + gas.commit + gas.prove}`,
      `${gas.advance}`,
      `${state.slice(0, 12)}…`,
    ]),
  );
}

/** Runs `npx hardhat training:simulate`. */
export default guarded("training:simulate", simulate);
