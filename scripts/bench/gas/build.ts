import hre from "hardhat";

/**
 * Builds the contracts as they are deployed. The build for development costs more gas, so with it the benchmark would
 * measure another product.
 * @throws Error when the environment asks for that build.
 */
export async function buildProduct(): Promise<void> {
  if (process.env.LATTICE_FAST_BUILD === "1") {
    throw new Error(
      "LATTICE_FAST_BUILD is set: its code costs more gas than the product's. Unset it and run this again; the build then takes minutes.",
    );
  }
  await hre.tasks.getTask("build").run({ noTests: true, quiet: true });
}
