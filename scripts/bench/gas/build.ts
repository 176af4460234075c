import hre from "hardhat";

/** Why these surroundings measure another product than the one that is deployed; undefined when they do not. */
export function refusalOf(environment: NodeJS.ProcessEnv): string | undefined {
  if (environment.LATTICE_FAST_BUILD !== "1") return undefined;
  return "LATTICE_FAST_BUILD is set: its code costs more gas than the product's. Unset it and run this again; the build then takes minutes.";
}

/** Builds the contracts as they are deployed. */
export async function buildProduct(): Promise<void> {
  await hre.tasks.getTask("build").run({ noTests: true, quiet: true });
}
