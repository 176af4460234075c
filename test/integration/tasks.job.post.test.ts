import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  AssignmentMode,
  JobState,
  type Lattice,
  parameterIndex,
  readJob,
  Tier,
} from "@lattice/sdk";
import { createTensor, layoutOf, loadModel, tensorRoot } from "@lattice/zkml";
import { expect } from "chai";
import { hexlify, parseEther } from "ethers";
import { expectFailure } from "./support/expectations.ts";
import { ASK, type JobChain, MAX_PRICE, openJobChain } from "./support/job-chain.ts";
import type { Options, TaskChain } from "./support/task-chain.ts";

const DIGITS = join("packages", "zkml", "models", "digits", "digits.onnx");

describe("job:post and job:sponsor", function () {
  this.timeout(240_000);

  let jobs: JobChain;
  let chain: TaskChain;
  let lattice: Lattice;
  let signedFile: string;

  const post = (changes: Options = {}) => chain.one("job:post", jobs.posting(changes));
  const refused = async (changes: Options, code: number, message: string) =>
    expectFailure(await chain.run("job:post", jobs.posting(changes)), code, message);
  const postedJobs = async () =>
    (await lattice.market.queryFilter(lattice.market.filters.JobPosted())).length;
  const depositOf = async (owner: string) =>
    (await lattice.escrow.accountOf(owner, lattice.token)).deposit;

  before(async () => {
    jobs = await openJobChain(1);
    ({ chain } = jobs);
    lattice = chain.as(jobs.requester);
    signedFile = join(chain.folder, "signed.json");
  });
  after(async () => {
    await chain?.close();
  });

  describe("modes", () => {
    it("says what does not fit together before it sends anything", async () => {
      const { address: provider } = jobs.requester;
      await refused({ mode: "lottery" }, 2, "--mode lottery is none of draw, direct, auction");
      await refused({ provider }, 2, "--provider goes with --mode direct; draw chooses one itself");
      await refused({ mode: "auction", provider }, 2, "--provider goes with --mode direct");
      await refused({ mode: "direct" }, 2, "--mode direct needs --provider <address>");
      await refused({ bidSeconds: "60" }, 2, "--bid-seconds goes with --mode auction");
      await refused(
        { mode: "auction", bidSeconds: "soon" },
        2,
        "--bid-seconds soon is not a whole",
      );
      await refused({ maxPrice: "-1" }, 2, "--max-price -1 is not an amount above zero");
      await refused({ collateral: "none" }, 2, "--collateral none is not an amount above zero");
      await refused({ commitSeconds: "-1" }, 2, "--commit-seconds -1 is not a whole number");
      await refused({ tier: "quorum" }, 2, "--tier quorum is none of zk, optimistic");
      await refused(
        { challengeSeconds: "60" },
        2,
        "--challenge-seconds goes with --tier optimistic",
      );
      const bonded = { tier: "optimistic" };
      await refused({ ...bonded, proveSeconds: "60" }, 2, "--prove-seconds goes with --tier zk");
      await refused({ sponsor: "me" }, 2, "--sponsor me is not an address");
      await refused({ nonce: "many" }, 2, "--nonce many is not a whole number");
      await refused({ out: signedFile }, 2, "--out goes with --sign");
      await refused({ fund: true }, 2, "--fund goes with --sign");
      expect(await postedJobs()).to.equal(0);
    });

    it("posts an auction with its time for bids", async () => {
      const posted = await post({ mode: "auction", bidSeconds: "300" });
      expect(posted.order).to.include({ mode: AssignmentMode.Auction, bidSeconds: 300 });
      expect(posted).to.include({ drawEpoch: "0" });
      expect(BigInt(String(posted.jobId))).to.equal(BigInt(String(posted.orderHash)));
      expect(posted.funding).to.deep.equal({
        deposited: String(MAX_PRICE),
        by: "permit",
        marketAllowed: "now",
      });
      const job = await readJob(lattice, BigInt(String(posted.jobId)));
      expect(job.state).to.equal(JobState.Posted);
      const now = await chain.now();
      expect(job.deadline).to.be.within(now + 890, now + 900);
      const { stdout } = await chain.run("job:post", jobs.posting({ mode: "auction" }));
      const [id] = /0x[0-9a-f]{64}/.exec(stdout) ?? [];
      expect(stdout).to.match(/^most to pay +2 LAT, by 0x\w+$/m);
      expect(stdout).to.match(/^goes to +a bidder of job:bid until .+Z, drawn with job:assign$/m);
      const shown = await chain.run("job:show", { id: BigInt(id ?? 0) });
      expect(shown.stdout).to.match(/^assigned by +auction, bids until /m);
    });

    it("posts an order of a bonded result, which names the input as its trace does", async () => {
      const { requester, posting } = jobs;
      const { onnx, artifacts } = { onnx: DIGITS, artifacts: posting().artifacts ?? "" };
      const publish = { onnx, artifacts, tiers: "optimistic", from: requester.address };
      const { modelVersion: model, verifier } = await chain.one("model:publish", publish);
      expect(verifier).to.deep.include({ selector: "0x00000000", origin: "none" });
      const { order } = await post({ model: String(model), tier: "optimistic" });
      const { graph } = await loadModel(DIGITS);
      const zeros = createTensor("uint8", [1, 784], new Array(784).fill(0));
      const root = hexlify(tensorRoot(zeros, layoutOf(graph, graph.inputs[0]?.name ?? "")));
      expect(order).to.deep.include({
        ...{ tier: Tier.Optimistic, inputCommitment: root, proveSeconds: 0 },
        challengeSeconds: 3_600,
        collateral: String(
          await lattice.parameters.get(parameterIndex("OptimisticCollateralFloor")),
        ),
      });
    });

    it("offers a named provider what it asks of everyone, unless told otherwise", async () => {
      const [ada] = jobs.providers;
      const named = { mode: "direct", provider: ada?.address ?? "", maxPrice: "" };
      const posted = await post(named);
      expect(posted.order).to.include({ mode: AssignmentMode.Direct, maxPrice: String(ASK) });
      const idle = { ...named, provider: jobs.stranger.address };
      await refused(idle, 2, `${jobs.stranger.address} asks no price for this model and token`);
      await refused({ maxPrice: "" }, 2, "--max-price is needed");
    });

    it("says what the contract refused", async () => {
      await refused({ mode: "auction", bidSeconds: "1" }, 1, "OrderPolicyInvalidWindow(window: 0");
      await refused({ maxPrice: "1000" }, 1, `the account ${jobs.requester.address} must deposit`);
    });
  });

  describe("sponsors", () => {
    const sponsored = () => ({ sponsor: jobs.stranger.address });

    it("must allow it first, and the error says how", async () => {
      await refused(sponsored(), 1, "sponsors at most 0 LAT more");
      const wrong = async (options: Options, message: string) =>
        expectFailure(await chain.run("job:sponsor", options), 2, message);
      await wrong({ amount: "3" }, "--requester is needed");
      await wrong({ requester: jobs.requester.address }, "--amount is needed");
      await wrong({ requester: "0x12", amount: "3" }, "--requester 0x12 is not an address");
    });

    it("pay for the requester's orders that name them, up to their limit", async () => {
      const options = { requester: jobs.requester.address, from: jobs.stranger.address };
      const set = await chain.one("job:sponsor", { ...options, amount: "3" });
      expect(set).to.include({ sponsor: jobs.stranger.address, amount: String(parseEther("3")) });
      const before = await depositOf(jobs.requester.address);
      const posted = await post(sponsored());
      expect(posted.funding).to.equal(null);
      expect(posted.order).to.include(sponsored());
      expect(await depositOf(jobs.stranger.address)).to.equal(parseEther("1"));
      expect(await depositOf(jobs.requester.address)).to.equal(before);
      await refused(sponsored(), 1, "sponsors at most 1 LAT more");
      await chain.one("job:sponsor", { ...options, amount: "0" });
      await refused(sponsored(), 1, "sponsors at most 0 LAT more");
    });
  });

  describe("signed orders", () => {
    const postSigned = (changes: Options = {}) =>
      chain.run("job:post", { signed: signedFile, from: jobs.stranger.address, ...changes });

    it("are signed without sending anything, and say what is missing", async () => {
      const count = await postedJobs();
      const head = await chain.head();
      const terms = { maxPrice: "5", validSeconds: "3600" };
      const signed = await post({ sign: true, out: signedFile, ...terms });
      expect(await chain.head()).to.equal(head);
      expect(await postedJobs()).to.equal(count);
      const { order, market, signature } = signed as Record<string, Record<string, unknown>>;
      expect(order?.requester).to.equal(jobs.requester.address);
      expect(Number(order?.validUntil)).to.be.within(
        (await chain.now()) + 3500,
        (await chain.now()) + 3600,
      );
      // The deposit of the order that the contract refused above.
      expect(signed.gap).to.include("which locks 5 LAT, and has 2 LAT deposited");
      const written = JSON.parse(await readFile(signedFile, "utf8"));
      expect(written).to.deep.equal({ chainId: 31337, market, order, signature });
      const again = await post({ sign: true });
      expect((again.order as { nonce: string }).nonce).to.not.equal(written.order.nonce);
      await refused({ sign: true, nonce: "many" }, 2, "--nonce many is not a whole number");
    });

    it("cannot be posted while the payer's deposit does not cover them", async () => {
      expectFailure(await postSigned(), 1, "which locks 5 LAT, and has 2 LAT deposited");
      const funded = await post({ sign: true, fund: true, maxPrice: "5" });
      expect(funded).to.deep.include({ gap: null });
      expect(funded.funding).to.include({ deposited: String(parseEther("3")), by: "permit" });
    });

    it("are posted by another account, once, and their requester pays", async () => {
      const posted = JSON.parse((await postSigned({ json: true })).stdout);
      const jobId = BigInt(posted.orderHash);
      expect(posted).to.include({ jobId: String(jobId), funding: null });
      const [event] = await lattice.market.queryFilter(lattice.market.filters.JobPosted(jobId));
      expect(event?.args.requester).to.equal(jobs.requester.address);
      expect((await event?.getTransaction())?.from).to.equal(jobs.stranger.address);
      expect(await depositOf(jobs.requester.address)).to.equal(0n);
      expectFailure(await postSigned(), 1, "is used up or cancelled");
    });

    it("are refused when changed, unreadable, of another market, or mixed with terms", async () => {
      const written = JSON.parse(await readFile(signedFile, "utf8"));
      const changed = async (value: unknown, code: number, message: string) => {
        const signed = join(chain.folder, "changed.json");
        await writeFile(signed, typeof value === "string" ? value : JSON.stringify(value));
        expectFailure(await postSigned({ signed }), code, message);
      };
      const order = { ...written.order, maxPrice: "1" };
      await changed({ ...written, order }, 1, "is not that of the order's requester");
      await changed({ ...written, chainId: 1 }, 1, "of chain 1, not for");
      await changed({ ...written, order: {} }, 2, "order.requester is no address");
      await changed("not JSON", 2, "is not JSON");
      const missing = { signed: join(chain.folder, "none.json") };
      expectFailure(await postSigned(missing), 2, "cannot read the signed order");
      const mixed = await postSigned({ model: jobs.model });
      expectFailure(mixed, 2, "--signed brings the whole order along");
    });
  });
});
