import { hashOrder, jobIdOf, type Lattice, type Order } from "@lattice/sdk";
import type { TrainingShape } from "@lattice/zkml";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { id, toBeHex, ZeroHash } from "ethers";
import {
  fundRequester,
  joinAsTrainer,
  type ProofWords,
  publishTraining,
  stepOrder,
} from "../../tasks/support/training-market.ts";
import { TableVerifier__factory } from "../../typechain-types/factories/contracts/mocks/TableVerifier__factory.ts";
import type { TableVerifier } from "../../typechain-types/index.ts";
import { trainingInstance } from "../helpers/training.ts";
import { expectFailure } from "./support/expectations.ts";
import { openTaskChain, type TaskChain } from "./support/task-chain.ts";

const PROOF: ProofWords = [11n, 12n, 13n, 14n, 15n, 16n, 17n, 18n];
const OUTPUT = toBeHex(77n, 32);

describe("training tasks", function () {
  this.timeout(120_000);

  let chain: TaskChain;
  let owner: HardhatEthersSigner;
  let trainer: HardhatEthersSigner;
  let lattice: Lattice;
  let verifier: TableVerifier;
  let shape: TrainingShape;
  let terms: Record<
    "model" | "initialState" | "datasetRoot" | "hyperparameters" | "batches",
    string
  >;

  before(async () => {
    chain = await openTaskChain();
    const [first, second] = chain.signers;
    if (!first || !second) throw new Error("the node has too few accounts");
    [owner, trainer] = [first, second];
    lattice = chain.as(owner);
    ({ shape } = await trainingInstance("training-8-4-3"));
    verifier = await (await new TableVerifier__factory(owner).deploy()).waitForDeployment();
    await (await lattice.router.register(verifier, 300_000)).wait();
    const address = await verifier.getAddress();
    terms = {
      model: await publishTraining(lattice, owner.address, address, shape),
      initialState: toBeHex(1n, 32),
      datasetRoot: toBeHex(2n, 32),
      hyperparameters: toBeHex(3n, 32),
      batches: "4",
    };
    await fundRequester(lattice, owner.address);
    await joinAsTrainer(lattice, chain.as(trainer), trainer);
  });

  after(async () => {
    await chain?.close();
  });

  /** Posts the order; the trainer commits `OUTPUT`. */
  async function commit(order: Order): Promise<void> {
    const { market } = chain.as(trainer);
    await (await lattice.market.post(order)).wait();
    await (await market.accept(order)).wait();
    await (await market.commit(order, OUTPUT, ZeroHash)).wait();
  }

  it("create a run, and show where it stands", async () => {
    const created = await chain.one("training:create", terms);
    const shown = await chain.one("training:show", { run: String(created.run) });
    expect(shown).to.include({ step: "0", state: terms.initialState, modelVersion: terms.model });
    expect(shown.nextInput).to.equal(created.nextInput);
    expectFailure(await chain.run("training:create", terms), 1, "TrainingChainRunExists");
  });

  it("advance a run by a settled job, and by nothing else", async () => {
    const { run, nextInput } = await chain.one("training:create", { ...terms, batches: "5" });
    const order = stepOrder(lattice, {
      requester: owner.address,
      provider: trainer.address,
      modelVersion: terms.model,
      inputCommitment: String(nextInput),
    });
    await commit(order);
    const step = { run: String(run), id: jobIdOf(order) };
    expectFailure(await chain.run("training:advance", step), 1, "TrainingChainJobNotSettled");
    const { market } = lattice;
    const context = await market.proofContext(hashOrder(order), trainer.address, terms.model);
    const statement: [bigint, bigint, bigint] = [
      context,
      BigInt(String(nextInput)),
      BigInt(OUTPUT),
    ];
    await (await verifier.accept(PROOF, statement)).wait();
    await (await market.prove(order, PROOF)).wait();
    const advanced = await chain.one("training:advance", step);
    expect(advanced).to.include({ step: "1", state: OUTPUT });
    expectFailure(await chain.run("training:advance", step), 1, "TrainingChainNotNextStep");
  });

  it("say what is wrong with their options", async () => {
    expectFailure(await chain.run("training:show", { run: "7" }), 2, "--run 7 is not a 32-byte id");
    expectFailure(
      await chain.run("training:show", { run: id("no run") }),
      1,
      "TrainingChainUnknownRun",
    );
    expectFailure(
      await chain.run("training:create", { ...terms, model: "" }),
      2,
      "--model is needed",
    );
    expectFailure(
      await chain.run("training:create", { ...terms, initialState: "0x01" }),
      2,
      "--initial-state 0x01 is not 32 bytes",
    );
    const { run } = await chain.one("training:create", { ...terms, batches: "6" });
    const nothing = { run: String(run), id: 0n };
    expectFailure(await chain.run("training:advance", nothing), 2, "--id <number> is needed");
  });
});
