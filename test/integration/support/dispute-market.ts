import { join } from "node:path";
import { type DirectoryArtifactStore, encodeTensor, ZkmlTracedModel } from "@lattice/node";
import {
  AssignmentMode,
  hashOrder,
  type Lattice,
  ORDER_DEFAULTS,
  type Order,
  randomNonce,
  Tier,
} from "@lattice/sdk";
import { type IntegerTensor, type LoadedModel, layoutOf, tensorRoot } from "@lattice/zkml";
import { type HDNodeWallet, hexlify, parseEther, ZeroAddress, ZeroHash } from "ethers";
import { shareTokens } from "../../../scripts/start/market.ts";
import { fundRequester } from "../../../scripts/start/requester.ts";
import { REVEAL_SECONDS } from "./digit-market.ts";
import { type Marketplace, openMarketplace } from "./marketplace.ts";
import { ProviderProcess } from "./provider-process.ts";
import { WatchProcess } from "./watch-process.ts";

export const PRICE = parseEther("2");
export const COLLATERAL = parseEther("100");
export const CHALLENGE_SECONDS = 1_800;
/** Long enough for a busy machine to run a large model again in the middle of an inquiry. */
export const RESPONSE_SECONDS = 180;
/** The game's PRIORITY_SECONDS. */
export const PRIORITY_SECONDS = 3_600;
const JOBS = 10;
const BONDS = parseEther("100");

/** A model that disputes are about. */
export interface DisputedModel {
  readonly name: string;
  load(): Promise<LoadedModel>;
  /** An input; another seed gives another one. */
  input(model: LoadedModel, seed: number): IntegerTensor;
}

/** A market in which one provider is honest and another one is not, with a challenger that watches. */
export interface DisputeMarket {
  readonly market: Marketplace;
  readonly model: LoadedModel;
  readonly traced: ZkmlTracedModel;
  readonly requester: Lattice;
  readonly honest: ProviderProcess;
  readonly dishonest: HDNodeWallet;
  readonly challenger: HDNodeWallet;
  /** Accuses whom it should not. */
  readonly accuser: HDNodeWallet;
  watch: WatchProcess;
  close(): Promise<void>;
}

/** A posted order, and what the game calls its result. */
export interface DisputedJob {
  readonly order: Order;
  readonly jobId: bigint;
  readonly subject: string;
  readonly input: IntegerTensor;
}

async function publishBonded(
  { models }: Lattice,
  market: Marketplace,
  model: LoadedModel,
): Promise<string> {
  const { publisher } = market.cast;
  const version = {
    artifactDigest: await market.artifacts.put(model.bytes),
    programRoot: model.programRoot,
    weightsRoot: model.weightsRoot,
    quantisationDigest: ZeroHash,
    royaltyRecipient: ZeroAddress,
    royaltyPpm: 0,
    verifierSelector: "0x00000000",
    tiers: 1 << Tier.Optimistic,
    attestedClass: 0,
  };
  const as = models.connect(publisher.connect(market.provider));
  await (await as.publish(version, `sha256:${version.artifactDigest}`)).wait();
  return await models.versionIdOf(publisher.address, version);
}

function startProvider(market: Marketplace, wallet: HDNodeWallet, modelVersion: string) {
  const { chain, addressesFile, artifactsDir, buildDir, folder } = market;
  return new ProviderProcess(wallet, [
    ...["--rpc", chain.url, "--addresses", addressesFile],
    ...["--data", join(folder, wallet.address), "--artifacts", artifactsDir],
    ...["--build-dir", buildDir, "--model", `${modelVersion}:${PRICE}`, "--stake", "20000"],
    // Clocks jump here: nobody is to blame for a window that passed meanwhile.
    ...["--poll-ms", "150", "--no-report-withholding", "--reap", "none"],
    ...["--demand-input-after", "1"],
  ]);
}

function fourOf(wallets: readonly HDNodeWallet[]) {
  const [good, bad, challenger, accuser] = wallets;
  if (!good || !bad || !challenger || !accuser) throw new Error("the chain has too few accounts");
  return { good, bad, challenger, accuser };
}

/** Deploys, publishes the model in tier Optimistic, and starts provider and challenger as processes. */
export async function openDisputeMarket(of: DisputedModel): Promise<DisputeMarket> {
  const market = await openMarketplace(4, {
    RevealSeconds: String(REVEAL_SECONDS),
    ResponseSeconds: String(RESPONSE_SECONDS),
  });
  const processes: { end(signal: NodeJS.Signals): Promise<unknown> }[] = [];
  const close = async () => {
    await Promise.all(processes.map((process) => process.end("SIGKILL")));
    await market.close();
  };
  try {
    const { cast } = market;
    const { good, bad, challenger, accuser } = fourOf(cast.providers);
    const deployer = market.as(cast.deployer);
    await shareTokens(deployer, cast, PRICE * BigInt(JOBS));
    // For bonds.
    for (const { address } of [cast.requester, good]) {
      await (await deployer.token.transfer(address, BONDS)).wait();
    }
    const requester = market.as(cast.requester);
    await fundRequester(requester, cast.requester.address, JOBS);
    const model = await of.load();
    const modelVersion = await publishBonded(requester, market, model);
    const traced = await ZkmlTracedModel.create(modelVersion, model);
    const honest = startProvider(market, good, modelVersion);
    const registering = startProvider(market, bad, modelVersion);
    processes.push(honest, registering);
    await Promise.all([honest.saw("ready"), registering.saw("ready")]);
    // From here on the test acts for it.
    await registering.end("SIGTERM");
    const watch = new WatchProcess(market, challenger);
    const opened = { market, model, traced, requester, honest, challenger, accuser, watch };
    processes.push({ end: (signal) => opened.watch.end(signal) });
    return Object.assign(opened, {
      dishonest: bad,
      close: async () => {
        await traced.close();
        await close();
      },
    });
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Posts an order that names `provider`.
 * @param store Where the input goes: one that nobody else sees withholds it.
 */
export async function postBonded(
  { market, model, traced, requester }: DisputeMarket,
  provider: string,
  input: IntegerTensor,
  store: DirectoryArtifactStore,
): Promise<DisputedJob> {
  const { name } = traced.input;
  const order: Order = {
    ...ORDER_DEFAULTS,
    nonce: randomNonce(),
    requester: market.cast.requester.address,
    modelVersion: traced.modelVersion,
    inputCommitment: hexlify(tensorRoot(input, layoutOf(model.graph, name))),
    inputDigest: await store.put(encodeTensor(input)),
    paymentToken: requester.addresses.contracts.LatticeToken,
    maxPrice: PRICE,
    collateral: COLLATERAL,
    tier: Tier.Optimistic,
    mode: AssignmentMode.Direct,
    provider,
    assignSeconds: 600,
    commitSeconds: 600,
    proveSeconds: 0,
    challengeSeconds: CHALLENGE_SECONDS,
  };
  await (await requester.market.post(order)).wait();
  const subject = hashOrder(order);
  return { order, jobId: BigInt(subject), subject, input };
}
