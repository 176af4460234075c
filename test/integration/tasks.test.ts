import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatJobId, JobState, poolOf, readJob } from "@lattice/sdk";
import { expect } from "chai";
import { parseEther } from "ethers";
import { shareTokens } from "../../scripts/start/market.ts";
import { eventually, type Outcome, run } from "../helpers/processes.ts";
import { clipModel } from "./support/clip-model.ts";
import { type Marketplace, openMarketplace } from "./support/marketplace.ts";
import { ProviderProcess } from "./support/provider-process.ts";

const ASK = parseEther("1");

describe("Hardhat tasks", function () {
  this.timeout(240_000);

  let market: Marketplace;
  let modelVersion: string;
  let jobId: string;
  let onnx: string;
  let input: string;

  /** Runs a task on the test's chain. */
  const hardhat = (name: string, options: Readonly<Record<string, string>>, ...flags: string[]) => {
    const given = { network: "localhost", addresses: market.addressesFile, ...options };
    const args = Object.entries(given).flatMap(([option, value]) => [`--${option}`, value]);
    const environment = { LATTICE_LOCALHOST_URL: market.chain.url };
    return run("hardhat", [name, ...args, ...flags], environment);
  };
  const store = () => ({ artifacts: market.artifactsDir });
  const build = () => ({ ...store(), "build-dir": market.buildDir });
  const order = (changes: Readonly<Record<string, string>> = {}) => ({
    ...store(),
    model: modelVersion,
    input,
    "max-price": "2",
    ...changes,
  });
  const providerAddress = () => market.cast.providers[0]?.address ?? "";

  const parsed = ({ code, stdout, stderr }: Outcome): Record<string, unknown> => {
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  };
  const expectFailure = ({ code, stdout, stderr }: Outcome, expected: number, message: string) => {
    expect(stderr).to.include(message);
    expect(stderr.trim().split("\n")).to.have.lengthOf(1);
    expect(stdout).to.equal("");
    expect(code).to.equal(expected);
  };

  before(async () => {
    market = await openMarketplace(1);
    await shareTokens(market.as(market.cast.deployer), market.cast, parseEther("10"));
    onnx = join(market.folder, "clip.onnx");
    input = join(market.folder, "input.json");
    await writeFile(onnx, clipModel());
    await writeFile(input, "[[7, 100, 101, 255]]");
  });
  after(async () => {
    await market?.close();
  });

  describe("model:publish", () => {
    it("compiles, deploys and registers the verifier of a new model, and publishes it", async () => {
      const published = parsed(
        await hardhat("model:publish", { onnx, "royalty-ppm": "20000", ...build() }, "--json"),
      );
      expect(published.verifier).to.include({ origin: "compiled and deployed now" });
      modelVersion = String(published.modelVersion);
      const { models, router } = market.as(market.cast.deployer);
      const version = await models.versionOf(modelVersion);
      expect(version.artifactDigest).to.equal(published.artifactDigest);
      expect(version.royaltyPpm).to.equal(20_000n);
      expect(version.royaltyRecipient).to.equal(market.cast.deployer.address);
      expect(await router.isUsable(version.verifierSelector)).to.equal(true);
      expect(await market.artifacts.get(version.artifactDigest)).to.deep.equal(clipModel());
    });

    it("publishes a version once, with the verifier that is given", async () => {
      const { models, router } = market.as(market.cast.deployer);
      const { verifierSelector } = await models.versionOf(modelVersion);
      const { verifier } = await router.entryOf(verifierSelector);
      const options = { onnx, verifier, "royalty-ppm": "20000", ...build() };
      const again = parsed(await hardhat("model:publish", options, "--json"));
      expect(again).to.include({ modelVersion, transaction: null });
      expect(again.verifier).to.include({ address: verifier, origin: "given" });
    });

    it("finds the verifier that was deployed along with the protocol", async () => {
      const digits = join("packages", "zkml", "models", "digits", "digits.onnx");
      const published = parsed(
        await hardhat("model:publish", { onnx: digits, ...build() }, "--json"),
      );
      expect(published.verifier).to.include({
        address: market.addresses.verifiers.DigitsDevVerifier,
        origin: "deployed with the protocol",
      });
    });

    it("says what is wrong with a model", async () => {
      const missing = join(market.folder, "no.onnx");
      const absent = await hardhat("model:publish", { onnx: missing, ...build() });
      expectFailure(absent, 1, "MODEL_NOT_FOUND");
      expectFailure(
        await hardhat("model:publish", { onnx: input, ...build() }),
        1,
        "MODEL_CORRUPT",
      );
      expectFailure(await hardhat("model:publish", build()), 2, "--onnx is needed");
      const royal = await hardhat("model:publish", { onnx, "royalty-ppm": "900000", ...build() });
      expectFailure(royal, 1, "ModelRegistryRoyaltyTooHigh(royaltyPpm: 900000, maxPpm: 200000)");
    });
  });

  describe("job:post", () => {
    before(async () => {
      const [wallet] = market.cast.providers;
      if (!wallet) throw new Error("no provider");
      const process = new ProviderProcess(wallet, [
        ...["--rpc", market.chain.url, "--addresses", market.addressesFile],
        ...["--data", join(market.folder, "provider"), "--artifacts", market.artifactsDir],
        ...["--build-dir", market.buildDir, "--model", `${modelVersion}:${ASK}`],
        ...["--stake", "20000", "--endpoint", "local:1", "--poll-ms", "150"],
      ]);
      await process.saw("ready");
      const { registry, beacon, addresses } = market.as(market.cast.deployer);
      const pool = poolOf(modelVersion, addresses.contracts.LatticeToken);
      await eventually("the offer to count", async () => {
        const epoch = await beacon.currentEpoch();
        const { offered } = await registry.askOf(wallet.address, pool, epoch);
        return offered || undefined;
      });
      expect(await process.end("SIGTERM")).to.equal(0);
    });

    it("deposits by permit, allows the market, stores the input and posts", async () => {
      const options = order({
        mode: "direct",
        provider: providerAddress(),
        from: market.cast.requester.address,
      });
      const posted = parsed(await hardhat("job:post", options, "--json"));
      expect(posted.funding).to.deep.equal({
        deposited: String(parseEther("2")),
        by: "permit",
        marketAllowed: "now",
      });
      jobId = String(posted.jobId);
      const lattice = market.as(market.cast.requester);
      expect((await readJob(lattice, BigInt(jobId))).state).to.equal(JobState.Posted);
      const { inputDigest } = posted.order as { inputDigest: string };
      expect([...(await market.artifacts.get(inputDigest))]).to.deep.equal([7, 100, 101, 255]);
    });

    it("says what is wrong with an order", async () => {
      const file = join(market.folder, "wrong.json");
      await writeFile(file, "[1, 2, 3]");
      const shape = await hardhat("job:post", order({ input: file }));
      expectFailure(shape, 2, 'the input has shape [3], but "x" is uint8 [1, 4]');
      await writeFile(file, "[1, 2, 3, 256]");
      expectFailure(await hardhat("job:post", order({ input: file })), 1, "TENSOR_VALUE");
      const price = await hardhat("job:post", order({ "max-price": "-1" }));
      expectFailure(price, 2, "--max-price -1 is not an amount above zero");
      expectFailure(await hardhat("job:post", order({ mode: "direct" })), 2, "needs --provider");
      const poor = await hardhat(
        "job:post",
        order({ "max-price": "1000", from: market.cast.requester.address }),
      );
      expectFailure(poor, 1, `the account ${market.cast.requester.address} must deposit`);
    });
  });

  describe("job:run", () => {
    it("refuses a job that names another provider", async () => {
      const refused = await hardhat("job:run", { id: jobId, ...build() });
      expectFailure(refused, 1, `it names the provider ${providerAddress()}`);
    });

    it("takes a job to settlement with this machine's runner and prover", async () => {
      const options = { id: jobId, from: providerAddress(), ...build() };
      const done = parsed(
        await hardhat("job:run", { ...options, data: join(market.folder, "runs") }, "--json"),
      );
      expect(done).to.deep.include({
        jobId,
        state: "Settled",
        steps: ["accept", "execute", "prove"],
      });
      const again = parsed(
        await hardhat("job:run", { ...options, data: join(market.folder, "runs") }, "--json"),
      );
      expect(again).to.deep.include({ state: "Settled", steps: [] });
    });
  });

  describe("job:show", () => {
    it("shows the whole story, with legs that add up", async () => {
      const shown = parsed(await hardhat("job:show", { id: jobId, ...store() }, "--json"));
      const { events, payment, output } = shown as {
        events: { name: string; gasUsed: string }[];
        payment: { paid: boolean; legs: Record<string, string> };
        output: { digest: string; stored: boolean };
      };
      expect(events.map(({ name }) => name)).to.deep.equal([
        "JobPosted",
        "JobAssigned",
        "ResultCommitted",
        "ResultProved",
        "JobSettled",
      ]);
      expect(payment.paid).to.equal(true);
      const total = Object.values(payment.legs).reduce((sum, leg) => sum + BigInt(leg), 0n);
      expect(total).to.equal(parseEther("2"));
      expect(payment.legs.refund).to.equal("0");
      expect(output.stored).to.equal(true);
      expect([...(await market.artifacts.get(output.digest))]).to.deep.equal([7, 100, 100, 100]);
    });

    it("reads well without --json", async () => {
      const { code, stdout } = await hardhat("job:show", { id: jobId, ...store() });
      expect(code).to.equal(0);
      expect(stdout).to.match(new RegExp(`^job +${formatJobId(BigInt(jobId))}: Settled$`, "m"));
      expect(stdout).to.match(/JobSettled \(gas \d+\)/);
    });

    it("says what is missing", async () => {
      expectFailure(await hardhat("job:show", { id: "99" }), 1, "There is no job 99");
      expectFailure(await hardhat("job:show", {}), 2, "--id <number> is needed");
      const addresses = join(market.folder, "none.json");
      const book = await hardhat("job:show", { id: jobId, addresses });
      expectFailure(book, 1, `Cannot read the address book ${addresses}`);
      const unreachable = await run(
        "hardhat",
        ["job:show", "--id", jobId, "--network", "localhost", "--addresses", market.addressesFile],
        { LATTICE_LOCALHOST_URL: "http://127.0.0.1:9" },
      );
      expectFailure(unreachable, 1, "the node of network localhost does not answer");
    });
  });
});
