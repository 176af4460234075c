import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  AssignmentMode,
  type Lattice,
  ORDER_DEFAULTS,
  type Order,
  parameterIndex,
  Tier,
} from "@lattice/sdk";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { id, parseEther, ZeroAddress, ZeroHash } from "ethers";
import { type Options, openTaskChain, type TaskChain } from "./task-chain.ts";

export const ASK = parseEther("1");
export const MAX_PRICE = parseEther("2");
export const OUTPUT = id("output");

/** A chain for job tasks: providers whose weights count, a proven and a bonded model, an input file. */
export interface JobChain {
  readonly chain: TaskChain;
  /** Holds LAT; orders. */
  readonly requester: HardhatEthersSigner;
  /** Holds LAT; neither orders nor provides. */
  readonly stranger: HardhatEthersSigner;
  readonly providers: readonly HardhatEthersSigner[];
  /** The digit classifier, tier Zk. */
  readonly model: string;
  /** A version of tiers Optimistic and Quorum. */
  readonly bonded: string;
  /** Options of job:post that every order of these tests has. */
  posting(changes?: Options): Options;
  /** Begins the next epoch, as its leader. */
  nextEpoch(): Promise<bigint>;
  /** Begins epochs until this one has begun. */
  reachEpoch(epoch: bigint): Promise<void>;
  /** A bonded order of the requester that names `provider`. */
  bondedOrder(provider: HardhatEthersSigner, changes?: Partial<Order>): Promise<Order>;
}

const COMMITMENTS = {
  artifactDigest: id("artifact"),
  programRoot: id("program"),
  weightsRoot: id("weights"),
  quantisationDigest: ZeroHash,
  royaltyRecipient: ZeroAddress,
  royaltyPpm: 0n,
  attestedClass: 0n,
};

async function joinAs(chain: TaskChain, provider: HardhatEthersSigner, models: readonly string[]) {
  const [deployer] = chain.signers;
  if (!deployer) throw new Error("the node has no account");
  const { token } = chain.as(deployer);
  await (await token.transfer(provider.address, parseEther("20000"))).wait();
  await chain.one("provider:register", {
    endpoint: `local:${provider.address}`,
    tiers: "zk,optimistic,quorum",
    blsKeyFile: join(chain.folder, `${provider.address}.bls`),
    stake: "20000",
    from: provider.address,
  });
  const { registry, addresses } = chain.as(provider);
  for (const model of models) {
    await (await registry.setOffer(model, addresses.contracts.LatticeToken, ASK)).wait();
  }
}

async function publishBonded(lattice: Lattice, publisher: string): Promise<string> {
  const tiers = BigInt((1 << Tier.Optimistic) | (1 << Tier.Quorum));
  const version = { ...COMMITMENTS, verifierSelector: "0x00000000", tiers };
  await (await lattice.models.publish(version, "ipfs://bonded")).wait();
  return await lattice.models.versionIdOf(publisher, version);
}

async function beginEpoch(chain: TaskChain, { beacon }: Lattice): Promise<bigint> {
  await chain.passTo(Number(await beacon.nextRevealAt()));
  // As of now: ranks change with time alone.
  const now = { blockTag: "pending" } as const;
  const leader = await beacon.leaderOf(await beacon.currentRank(now), now);
  const isLed = leader !== ZeroAddress;
  const as = isLed ? { blsKeyFile: join(chain.folder, `${leader}.bls`) } : { bootstrap: true };
  const { epoch } = await chain.one("beacon:reveal", as);
  return BigInt(String(epoch));
}

/** Starts a chain with this many providers. */
export async function openJobChain(count: number): Promise<JobChain> {
  const chain = await openTaskChain();
  try {
    const [deployer, requester, stranger, ...others] = chain.signers;
    if (!deployer || !requester || !stranger) throw new Error("the node has too few accounts");
    const lattice = chain.as(deployer);
    for (const { address } of [requester, stranger]) {
      await (await lattice.token.transfer(address, parseEther("100"))).wait();
    }
    const artifacts = join(chain.folder, "artifacts");
    const onnx = join("packages", "zkml", "models", "digits", "digits.onnx");
    const { modelVersion } = await chain.one("model:publish", { onnx, artifacts });
    const model = String(modelVersion);
    const bonded = await publishBonded(lattice, deployer.address);
    const providers = others.slice(0, count);
    for (const provider of providers) await joinAs(chain, provider, [model, bonded]);
    await chain.asTimelock(async ({ market }) => {
      await (await market.setTier(Tier.Optimistic, true)).wait();
    });
    // Weights and offers count two epochs after they were made; the third is the first that a leader began.
    for (let epochs = 0; epochs < 3; epochs++) await beginEpoch(chain, lattice);
    const input = join(chain.folder, "input.json");
    await writeFile(input, JSON.stringify(new Array(784).fill(0)));
    const common = { model, input, artifacts, maxPrice: "2", from: requester.address };
    return {
      ...{ chain, requester, stranger, providers, model, bonded },
      posting: (changes = {}) => ({ ...common, ...changes }),
      nextEpoch: () => beginEpoch(chain, lattice),
      reachEpoch: async (epoch) => {
        while ((await lattice.beacon.currentEpoch()) < epoch) await beginEpoch(chain, lattice);
      },
      bondedOrder: async (provider, changes = {}) => ({
        ...ORDER_DEFAULTS,
        requester: requester.address,
        modelVersion: bonded,
        inputCommitment: id("input"),
        inputDigest: id("input bytes"),
        paymentToken: chain.addresses.contracts.LatticeToken,
        maxPrice: MAX_PRICE,
        collateral: await lattice.parameters.get(parameterIndex("OptimisticCollateralFloor")),
        tier: Tier.Optimistic,
        mode: AssignmentMode.Direct,
        provider: provider.address,
        assignSeconds: 600,
        commitSeconds: 300,
        challengeSeconds: 120,
        proveSeconds: 0,
        ...changes,
      }),
    };
  } catch (error) {
    await chain.close();
    throw error;
  }
}
