import { join } from "node:path";
import {
  DEFAULT_MAX_ARTIFACT_BYTES,
  DirectoryArtifactStore,
  decodeTensor,
  singleTensors,
} from "@lattice/node";
import { findJob, JobState, type Lattice, readJob } from "@lattice/sdk";
import { interpret } from "@lattice/zkml";
import { expect } from "chai";
import { parseEther, Wallet } from "ethers";
import { recomputeDraw } from "../../scripts/start/draw.ts";
import { shareTokens, untilDrawable } from "../../scripts/start/market.ts";
import { loadDigits, publishModel } from "../../scripts/start/model.ts";
import { fundRequester } from "../../scripts/start/requester.ts";
import { eventually } from "../helpers/processes.ts";
import {
  digitOf,
  eventsOf,
  expectSlashed,
  logitsOf,
  passOver,
  REVEAL_SECONDS,
  runProvider,
  startProvider,
} from "./support/digit-market.ts";
import { COLLATERAL, type DigitJob, MAX_PRICE, postDigit } from "./support/digit-orders.ts";
import { type Marketplace, openMarketplace } from "./support/marketplace.ts";
import type { ProviderProcess } from "./support/provider-process.ts";

const STAKE = parseEther("20000");
const JOBS = 4;

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);

describe("the marketplace with three provider processes", function () {
  this.timeout(240_000);

  let market: Marketplace;
  let requester: Lattice;
  let modelVersion: string;
  let model: Awaited<ReturnType<typeof loadDigits>>;
  let providers: ProviderProcess[] = [];

  const start = (index: number) => startProvider(market, modelVersion, index);
  const ownerAddress = () => market.cast.requester.address;
  const post = (label: number, store = market.artifacts): Promise<DigitJob> =>
    postDigit(requester, ownerAddress(), modelVersion, store, label);

  before(async () => {
    model = await loadDigits();
    // Long reveal windows: moving the clock past a deadline must not make live leaders late.
    market = await openMarketplace(3, {
      RevealSeconds: String(REVEAL_SECONDS),
      MaxReassignments: "10",
    });
    const { cast, provider, artifacts } = market;
    await shareTokens(market.as(cast.deployer), cast, MAX_PRICE * BigInt(JOBS));
    requester = market.as(cast.requester);
    await fundRequester(requester, cast.requester.address, JOBS);
    modelVersion = await publishModel(requester, cast.publisher, provider, model, artifacts);
    providers = cast.providers.map((_, index) => start(index));
    await Promise.all(providers.map((process) => process.saw("ready")));
    await untilDrawable(requester, modelVersion, 3, AbortSignal.timeout(60_000));
  });

  after(async () => {
    await Promise.all(providers.map((process) => process.end("SIGKILL")));
    await market?.close();
  });

  it("draws a provider for each order, proves its result, and splits the price exactly", async () => {
    const { escrow, addresses } = requester;
    const token = addresses.contracts.LatticeToken;
    const jobs = [await post(3), await post(7), await post(0)];
    for (const { jobId, label, order } of jobs) {
      await eventually(`job ${jobId} to settle`, async () => {
        return (await readJob(requester, jobId)).state === JobState.Settled || undefined;
      });
      const { job } = await findJob(requester, jobId);
      const { settled, assigned } = await eventsOf(requester, jobId);
      const [draw] = assigned;
      if (!settled || !draw) throw new Error(`job ${jobId} has no events`);
      expect(assigned).to.have.lengthOf(1);
      const { jobId: id, epoch, pick, provider } = draw.args;
      expect(await recomputeDraw(requester, { jobId: id, epoch, pick, provider })).to.include({
        recomputed: true,
      });
      expect(sum([...settled.args.legs])).to.equal(MAX_PRICE);
      expect(settled.args.legs.refund).to.equal(MAX_PRICE - job.price);

      const worker = providers.find(({ address }) => address === job.provider);
      if (!worker) throw new Error(`job ${jobId} went to ${job.provider}`);
      const committed = await worker.saw("committed", jobId);
      await worker.saw("proved", jobId);
      const paid = await worker.saw("settled", jobId);
      expect(paid.legs).to.include({ provider: String(settled.args.legs.provider) });

      const { input } = singleTensors(model);
      const given = decodeTensor(input, await market.artifacts.get(order.inputDigest));
      const logits = await logitsOf(market, model, committed);
      expect(logits).to.deep.equal(interpret(model.graph, given).output);
      expect(digitOf(logits)).to.equal(label);
    }
    const drawn = await Promise.all(jobs.map(({ jobId }) => readJob(requester, jobId)));
    const earned = await Promise.all(
      providers.map(async ({ address }) => (await escrow.accountOf(address, token)).earnings),
    );
    const settledLegs = await Promise.all(
      jobs.map(
        async ({ jobId }) => (await eventsOf(requester, jobId)).settled?.args.legs.provider ?? 0n,
      ),
    );
    expect(sum(earned)).to.equal(sum(settledLegs));
    const account = await escrow.accountOf(ownerAddress(), token);
    expect(account.deposit).to.equal(
      MAX_PRICE * BigInt(JOBS) - sum(drawn.map(({ price }) => price)),
    );
    expect(await escrow.lockedBy(addresses.contracts.JobMarket, token)).to.equal(0n);
  });

  it("slashes a provider that was killed before it committed, and another one settles the job", async () => {
    const { token, vault, registry, beacon, escrow, addresses } = requester;
    const requesterBefore = await token.balanceOf(ownerAddress());
    const depositBefore = (await escrow.accountOf(ownerAddress(), token)).deposit;
    // Nobody can run the job yet: its input is in a store that no provider sees.
    const hidden = new DirectoryArtifactStore({
      directory: join(market.folder, "hidden"),
      maxBytes: DEFAULT_MAX_ARTIFACT_BYTES,
    });
    const { jobId, label, order } = await post(5, hidden);
    const dead = await eventually("the draw", async () => {
      const { state, provider } = await readJob(requester, jobId);
      return state === JobState.Assigned ? provider : undefined;
    });
    const index = providers.findIndex(({ address }) => address === dead);
    const victim = providers[index];
    if (!victim) throw new Error(`the draw chose ${dead}`);
    const stakeBefore = (await vault.provisionOf(dead, registry)).tokens;
    expect(stakeBefore).to.equal(STAKE);
    expect(await vault.lockedBy(dead, registry, addresses.contracts.JobMarket)).to.equal(
      COLLATERAL,
    );
    expect(await victim.end("SIGKILL")).to.equal(null);
    await market.artifacts.put(await hidden.get(order.inputDigest));

    const job = await eventually(
      "another provider to settle",
      () => passOver(market, requester, dead, jobId),
      180,
    );
    expect(job.provider).to.not.equal(dead);
    const { settled, timedOut, assigned } = await eventsOf(requester, jobId);
    expect(timedOut.length).to.be.greaterThan(0);
    expect(assigned).to.have.lengthOf(timedOut.length + 1);
    expect(job.attempt).to.equal(timedOut.length);

    for (const event of timedOut) await expectSlashed(market, requester, dead, event);
    const slashes = BigInt(timedOut.length);
    expect((await token.balanceOf(ownerAddress())) - requesterBefore).to.equal(
      slashes * parseEther("50"),
    );
    const silent = await beacon.queryFilter(beacon.filters.LeaderSlashed(undefined, dead), 0);
    const provision = await vault.provisionOf(dead, registry);
    expect(stakeBefore - provision.tokens).to.equal(
      slashes * COLLATERAL + sum(silent.map(({ args }) => args.amount)),
    );
    expect(provision.exposure).to.equal(0n);
    expect(sum([...(settled?.args.legs ?? [])])).to.equal(MAX_PRICE);
    const { deposit } = await escrow.accountOf(ownerAddress(), token);
    expect(depositBefore - deposit).to.equal(job.price);

    const survivors = providers.filter((_, at) => at !== index);
    const reaped = survivors.flatMap((process) => process.of("reaped", jobId));
    expect(reaped).to.have.lengthOf(timedOut.length);
    const worker = survivors.find(({ address }) => address === job.provider);
    const committed = await worker?.saw("committed", jobId);
    expect(digitOf(await logitsOf(market, model, committed))).to.equal(label);

    providers[index] = start(index);
  });

  it("takes the killed provider back without registering it again, and tells it what it missed", async () => {
    const restarted = providers.filter((process) => process.of("registered").length === 0);
    expect(restarted).to.have.lengthOf(1);
    const [process] = restarted;
    if (!process) throw new Error("nobody was restarted");
    const { stake } = await process.saw("ready");
    expect((await process.saw("slashed")).amount).to.equal(String(COLLATERAL));
    await process.saw("revealed");
    expect(process.of("offered")).to.deep.equal([]);
    const { tokens } = await requester.vault.provisionOf(process.address, requester.registry);
    // It holds no LAT to make up for what was slashed, and goes on with the rest.
    expect(tokens < STAKE).to.equal(true);
    expect(stake).to.equal(String(tokens));
  });

  it("refuses to start for an account without gas money, or without enough LAT", async () => {
    const { folder, provider } = market;
    const wallet = Wallet.createRandom();
    const data = ["--data", join(folder, "poor"), "--model", `${modelVersion}:1`];
    const poor = () => runProvider(market, wallet, ["start", ...data, "--stake", "20000"]);
    const withoutGas = await poor();
    expect(withoutGas.stderr).to.include(`the account ${wallet.address} holds no native tokens`);
    expect(withoutGas.code).to.equal(1);
    await provider.send("hardhat_setBalance", [wallet.address, "0xde0b6b3a7640000"]);
    const withoutStake = await poor();
    expect(withoutStake.stderr).to.include("must add 20000000000000000000000 LAT wei");
    expect(withoutStake.code).to.equal(1);
  });

  it("ends on SIGTERM with exit code 0", async () => {
    const codes = await Promise.all(providers.map((process) => process.end("SIGTERM")));
    expect(codes).to.deep.equal([0, 0, 0]);
    for (const process of providers) {
      expect(process.events.at(-1)).to.deep.equal({ event: "stopped" });
    }
  });

  it("pays out earnings on request, once, and shows what is left", async () => {
    const { escrow, token } = requester;
    const accounts = await Promise.all(
      market.cast.providers.map(async (wallet) => ({
        wallet,
        earnings: (await escrow.accountOf(wallet.address, token)).earnings,
      })),
    );
    const earner = accounts.find(({ earnings }) => earnings > 0n);
    if (!earner) throw new Error("nobody earned anything");
    const { wallet: one, earnings } = earner;
    const command = (verb: string, ...more: string[]) =>
      runProvider(market, one, [verb, "--json", ...more]);
    const before = await token.balanceOf(one.address);
    const paid = await command("withdraw");
    expect(paid.code, paid.stderr).to.equal(0);
    expect(JSON.parse(paid.stdout)).to.include({ amount: String(earnings), to: one.address });
    expect((await token.balanceOf(one.address)) - before).to.equal(earnings);
    expect(JSON.parse((await command("withdraw")).stdout)).to.include({ amount: "0" });
    const index = market.cast.providers.indexOf(one);
    const shown = await command("show", "--data", join(market.folder, `provider-${index}`));
    expect(JSON.parse(shown.stdout)).to.deep.include({
      address: one.address,
      registered: true,
      earnings: "0",
      offers: [{ modelVersion, ask: String(parseEther("1") + BigInt(index)) }],
    });
    expect(JSON.parse(shown.stdout).status.address).to.equal(one.address);
  });
});
