import hre from "hardhat";

/** `it` for tests that assert gas: left out under `--coverage`, whose instrumentation costs gas. */
export const itMeasuresGas = hre.globalOptions.coverage ? it.skip : it;
