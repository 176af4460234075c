import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { selectorOfMembers, Tier } from "@lattice/sdk";
import { createTensor, GraphBuilder, writeOnnx } from "@lattice/zkml";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";
import { deployedSet } from "../../deploy/verifiers.ts";
import { loadDigits } from "../../scripts/start/model.ts";
import { expectFailure } from "./support/expectations.ts";
import { openTaskChain, records, type TaskChain } from "./support/task-chain.ts";

const COMMITMENTS = {
  artifactDigest: id("artifact"),
  programRoot: id("program"),
  weightsRoot: id("weights"),
  quantisationDigest: ZeroHash,
  attestedClass: 0,
};

describe("model tasks", function () {
  this.timeout(120_000);

  let chain: TaskChain;
  let publisher: HardhatEthersSigner;
  let stranger: HardhatEthersSigner;
  let proved: string;
  let checked: string;

  before(async () => {
    chain = await openTaskChain();
    const [first, second] = chain.signers;
    if (!first || !second) throw new Error("the node has too few accounts");
    [stranger, publisher] = [first, second];
    const { models, router } = chain.as(publisher);
    const members = await deployedSet((await loadDigits()).digest, chain.addresses.verifiers);
    if (!members) throw new Error("the deployment brought no verifier of the digit classifier");
    const selector = await selectorOfMembers(router, members);
    const royalty = { royaltyPpm: 20_000, royaltyRecipient: publisher.address };
    const zk = {
      ...COMMITMENTS,
      ...royalty,
      verifierSelector: selector,
      tiers: 1 << Tier.Zk,
    };
    const other = {
      ...COMMITMENTS,
      royaltyPpm: 0,
      royaltyRecipient: ZeroAddress,
      verifierSelector: "0x00000000",
      tiers: (1 << Tier.Optimistic) | (1 << Tier.Quorum),
    };
    proved = await models.versionIdOf(publisher.address, zk);
    checked = await models.versionIdOf(publisher.address, other);
    await (await models.publish(zk, "ipfs://zk")).wait();
    await (await models.publish(other, "ipfs://other")).wait();
    await (await models.retire(checked)).wait();
  });

  after(async () => {
    await chain?.close();
  });

  it("list versions with tiers by name, royalty, and where the verifier stands", async () => {
    const listed = records(await chain.run("model:list", { json: true }));
    expect(listed.map(({ versionId }) => versionId)).to.deep.equal([proved, checked]);
    expect(listed[0]).to.deep.include({ tiers: ["Zk"], royaltyPpm: 20_000, retired: false });
    expect(listed[0]?.verifier).to.deep.include({
      address: chain.addresses.verifiers.DigitsDevVerifier,
      status: "Registered",
    });
    expect(listed[1]).to.deep.include({ tiers: ["Optimistic", "Quorum"], retired: true });
    const usable = records(await chain.run("model:list", { json: true, usable: true }));
    expect(usable.map(({ versionId }) => versionId)).to.deep.equal([proved]);
    const none = await chain.run("model:list", { publisher: stranger.address });
    expect(none.stdout).to.equal("There is no such model version; model:publish makes one.\n");
  });

  it("refuse tier Optimistic for a model whose output no step computes", async () => {
    const builder = new GraphBuilder("echo");
    builder.addInput({ name: "a", elementType: "uint8", shape: [2] });
    builder.addNode({ op: "Cast", name: "widen", inputs: ["a"], output: "wide", to: "int32" });
    builder.addConstant("one", createTensor("int32", [2], [1, 1]));
    builder.addNode({ op: "Add", name: "more", inputs: ["wide", "one"], output: "sum" });
    const onnx = join(chain.folder, "echo.onnx");
    await writeFile(onnx, writeOnnx(builder.finish(["a"])));
    const before = await chain.head();
    const options = {
      onnx,
      tiers: "quorum,optimistic",
      artifacts: join(chain.folder, "artifacts"),
    };
    expectFailure(
      await chain.run("model:publish", options),
      1,
      'model "echo" cannot be served in tier Optimistic: its output "a" is its input',
    );
    expect(await chain.head()).to.equal(before);
  });

  it("publish with the class that providers must hold an attestation of", async () => {
    const artifacts = join(chain.folder, "artifacts");
    const onnx = join("packages", "zkml", "models", "digits", "digits.onnx");
    const options = { onnx, artifacts, from: publisher.address, royaltyPpm: "10000" };
    const wrong = async (attestedClass: string, message: string) =>
      expectFailure(await chain.run("model:publish", { ...options, attestedClass }), 2, message);
    const odd = await chain.run("model:publish", { ...options, tiers: "zk,free" });
    expectFailure(odd, 2, "--tiers free is none of zk, optimistic, quorum");
    await wrong("gpu", "--attested-class gpu is not a whole number");
    await wrong("65536", "--attested-class 65536 is above 65535");
    await wrong("9", "there is no attested class 9");
    const published = await chain.one("model:publish", { ...options, attestedClass: "1" });
    expect(published).to.include({ attestedClass: 1 });
    const model = String(published.modelVersion);
    expect((await chain.as(publisher).models.versionOf(model)).attestedClass).to.equal(1n);
    const { stdout } = await chain.run("model:show", { model });
    expect(stdout).to.match(/^attested class +1$/m);
  });

  it("show one version, and what governance did to its verifier", async () => {
    const shown = await chain.one("model:show", { model: proved });
    expect(shown).to.deep.include({ publisher: publisher.address, uri: "ipfs://zk" });
    const { selector } = shown.verifier as { selector: string };
    await chain.asTimelock(async ({ router }) => {
      await (await router.markReviewed(selector)).wait();
      expect((await chain.one("model:show", { model: proved })).verifier).to.include({
        status: "Reviewed",
      });
      await (await router.stop(selector)).wait();
    });
    const { stdout } = await chain.run("model:show", { model: proved });
    expect(stdout).to.match(/^verifier +0x\w+, stopped$/m);
    expect(records(await chain.run("model:list", { json: true, usable: true }))).to.deep.equal([]);
    expectFailure(await chain.run("model:show", { model: ZeroHash }), 1, "(MODEL_UNKNOWN)");
    expectFailure(await chain.run("model:show", { model: "1" }), 2, "is not a 32-byte id");
  });
});
