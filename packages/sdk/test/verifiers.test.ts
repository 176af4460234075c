import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { verifierSet } from "../src/verifiers.ts";

/** Bounds of VerifierRouter. */
const MIN_GAS_CAP = 300_000;
const MAX_GAS_CAP = 1_000_000;
const MAX_BATCH = 32;
const MAX_BATCH_GAS = 2_500_000;

describe("verifierSet", () => {
  it("gives every member a cap that the router takes, up to the most jobs a proof", () => {
    for (const jobsPerProof of [2, 4, 32]) {
      const set = verifierSet({
        verifier: "a",
        batchVerifier: "b",
        multiVerifier: "c",
        jobsPerProof,
      });
      expect(set.gasCap).to.be.within(MIN_GAS_CAP, MAX_GAS_CAP);
      expect(set.multiGasCap).to.be.within(MIN_GAS_CAP, MAX_GAS_CAP);
      expect(set.batchBaseGas + MAX_BATCH * set.batchGasPerProof).to.be.at.most(MAX_BATCH_GAS);
      expect(set.jobsPerProof).to.equal(jobsPerProof);
    }
  });

  it("zeroes what belongs to a member that is left out", () => {
    expect(verifierSet({ verifier: "a", jobsPerProof: 4 })).to.deep.equal({
      verifier: "a",
      gasCap: 500_000,
      batchVerifier: ZeroAddress,
      batchBaseGas: 0,
      batchGasPerProof: 0,
      multiVerifier: ZeroAddress,
      multiGasCap: 0,
      jobsPerProof: 0,
    });
  });
});
