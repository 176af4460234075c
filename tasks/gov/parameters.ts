import { toJson } from "@lattice/node";
import {
  formatParameter,
  PARAMETER_MEANINGS,
  PARAMETERS,
  parameterIndex,
  parameterUnit,
} from "@lattice/sdk";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { table } from "../support/output.ts";

interface ParametersArguments {
  addresses: string;
  json: boolean;
}

async function listParameters({ json }: ParametersArguments, { connection }: TaskContext) {
  const { parameters } = connection.lattice;
  const rows = await Promise.all(
    PARAMETERS.map(async (name) => {
      const index = parameterIndex(name);
      const [value, { min, max }] = await Promise.all([
        parameters.get(index),
        parameters.bounds(index),
      ]);
      const unit = parameterUnit(name);
      return { name, value, min, max, unit, meaning: PARAMETER_MEANINGS[name] };
    }),
  );
  if (json) {
    for (const row of rows) console.log(toJson(row));
    return;
  }
  table(
    ["parameter", "value", "least", "most", "unit", "meaning"],
    rows.map(({ name, value, min, max, unit, meaning }) => [
      name,
      `${value} (${formatParameter(name, value)})`,
      formatParameter(name, min),
      formatParameter(name, max),
      unit,
      meaning,
    ]),
  );
}

/** Runs `npx hardhat gov:parameters`. */
export default contextTask("gov:parameters", listParameters);
