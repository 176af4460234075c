import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { circuitOf } from "@lattice/node";
import { JobState, type Order, proofContext } from "@lattice/sdk";
import {
  commitTensor,
  createTensor,
  type IntegerTensor,
  interpret,
  loadModel,
  type ModelCircuit,
  SnarkjsProver,
} from "@lattice/zkml";
import {
  DIGIT_PIXELS,
  DIGITS_MODEL_URL,
  HELD_OUT_SEED,
  renderDigit,
} from "@lattice/zkml/models/digits";
import { expect } from "chai";
import { toBeHex } from "ethers";
import hre, { network } from "hardhat";
import { forgeProof } from "../../packages/zkml/test/keys/forgery.ts";
import { settleWeights } from "../helpers/epochs.ts";
import {
  ASKS,
  deployMarketplace,
  directOrder,
  type Marketplace,
  OUTPUT_DIGEST,
  type Proof,
  postAssigned,
  publishModel,
} from "../helpers/orders.ts";
import type { Signer } from "../helpers/system.ts";

const BASE_FIELD = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

/** A committed job of the digit classifier with its honest proof. */
interface ProvenJob {
  readonly jobId: bigint;
  readonly order: Order;
  readonly provider: Signer;
  readonly proof: Proof;
}

describe("real proofs on-chain", function () {
  this.timeout(300_000);
  let system: Marketplace;
  let circuit: ModelCircuit;
  let prover: SnarkjsProver;
  let input: IntegerTensor;
  let output: IntegerTensor;
  let ada: ProvenJob;

  before(async () => {
    const chain = await network.create();
    const model = await loadModel(fileURLToPath(DIGITS_MODEL_URL));
    circuit = await circuitOf(
      model,
      join(hre.config.paths.root, "build", "circuits"),
      new AbortController().signal,
    );
    prover = new SnarkjsProver();
    input = createTensor("uint8", [1, DIGIT_PIXELS], renderDigit(4, HELD_OUT_SEED).pixels);
    output = interpret(model.graph, input).output;

    const base = await deployMarketplace(chain);
    const verifier = await chain.ethers.deployContract("DigitsDevVerifier");
    const modelVersion = await publishModel(base, await verifier.getAddress());
    for (const provider of [base.actors.ada, base.actors.ben]) {
      await base.registry.connect(provider).setOffer(modelVersion, ASKS.ada);
    }
    await settleWeights(base);
    system = { ...base, modelVersion };
    ada = await proven(base.actors.ada);
  });
  after(() => prover.close());

  async function assigned(provider: Signer): Promise<{ jobId: bigint; order: Order }> {
    const order = await directOrder(system, provider, {
      inputCommitment: toBeHex(await commitTensor(input), 32),
    });
    const { jobId } = await postAssigned(system, order);
    return { jobId, order };
  }

  async function committed(
    provider: Signer,
    commitment: bigint,
  ): Promise<{ jobId: bigint; order: Order }> {
    const { jobId, order } = await assigned(provider);
    await system.market
      .connect(provider)
      .commit(jobId, order, toBeHex(commitment, 32), OUTPUT_DIGEST);
    return { jobId, order };
  }

  async function contextOf(jobId: bigint, provider: Signer): Promise<bigint> {
    const { orderHash } = await system.market.jobOf(jobId);
    return proofContext({
      chainId: 31337n,
      market: await system.market.getAddress(),
      jobId,
      orderHash,
      provider: provider.address,
      modelVersion: system.modelVersion,
    });
  }

  async function proven(provider: Signer): Promise<ProvenJob> {
    const { jobId, order } = await committed(provider, await commitTensor(output));
    const { proof } = await prover.prove({
      circuit,
      context: await contextOf(jobId, provider),
      input,
    });
    return { jobId, order, provider, proof: [...proof] as Proof };
  }

  async function expectRefused(jobId: bigint, order: Order, proof: Proof): Promise<void> {
    await expect(system.market.prove(jobId, order, proof))
      .to.be.revertedWithCustomError(system.market, "JobMarketInvalidProof")
      .withArgs(jobId);
    expect((await system.market.jobOf(jobId)).state).to.equal(JobState.Committed);
  }

  it("refuses a wrong output, though the proof of the right one comes with it", async () => {
    const wrong = createTensor(
      "int32",
      output.shape,
      Array.from(output.data, (logit, i) => (i === 0 ? logit + 1 : logit)),
    );
    const { jobId, order } = await committed(ada.provider, await commitTensor(wrong));
    const { proof } = await prover.prove({
      circuit,
      context: await contextOf(jobId, ada.provider),
      input,
    });
    await expectRefused(jobId, order, [...proof] as Proof);
  });

  it("refuses the proof of another job of the same provider, input and output", async () => {
    const { jobId, order } = await committed(ada.provider, await commitTensor(output));
    await expectRefused(jobId, order, ada.proof);
  });

  it("refuses another provider's proof of the same work", async () => {
    const { jobId, order } = await committed(system.actors.ben, await commitTensor(output));
    await expectRefused(jobId, order, ada.proof);
  });

  it("refuses what would be a proof under a key whose second phase was skipped", async () => {
    const signals = [
      await contextOf(ada.jobId, ada.provider),
      await commitTensor(input),
      await commitTensor(output),
    ];
    const forged = await forgeProof(circuit.verificationKey, signals);
    await expectRefused(ada.jobId, ada.order, [...forged] as Proof);
  });

  it("PRF-2: refuses malformed points, each word changed alone", async () => {
    for (const index of ada.proof.keys()) {
      const changed = [...ada.proof] as Proof;
      changed[index] = ((ada.proof[index] ?? 0n) + 1n) % BASE_FIELD;
      await expectRefused(ada.jobId, ada.order, changed);
    }
  });

  it("PRF-2: refuses words that are not canonical, which the verifier alone would reduce", async () => {
    for (const index of ada.proof.keys()) {
      const changed = [...ada.proof] as Proof;
      changed[index] = (ada.proof[index] ?? 0n) + BASE_FIELD;
      await expect(system.market.prove(ada.jobId, ada.order, changed))
        .to.be.revertedWithCustomError(system.router, "VerifierRouterNonCanonicalProof")
        .withArgs(index, changed[index]);
    }
  });

  it("accepts the honest proof from anyone, settles, and takes it no second time", async () => {
    const { market, actors } = system;
    await expect(market.connect(actors.stranger).prove(ada.jobId, ada.order, ada.proof))
      .to.emit(market, "ResultProved")
      .withArgs(
        ada.jobId,
        ada.provider.address,
        toBeHex(await contextOf(ada.jobId, ada.provider), 32),
      );
    await market.settle(ada.jobId, ada.order);
    expect((await market.jobOf(ada.jobId)).state).to.equal(JobState.Settled);
    await expect(market.prove(ada.jobId, ada.order, ada.proof))
      .to.be.revertedWithCustomError(market, "JobMarketWrongState")
      .withArgs(ada.jobId, JobState.Settled);
  });
});
