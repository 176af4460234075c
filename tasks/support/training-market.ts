import {
  AssignmentMode,
  bls,
  connectLattice,
  hashOrder,
  type Lattice,
  ORDER_DEFAULTS,
  type Order,
  randomNonce,
  Tier,
} from "@lattice/sdk";
import { type TrainingShape, trainingIdentity } from "@lattice/zkml";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { id, MaxUint256, parseEther, ZeroAddress, ZeroHash } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";
import { deployLattice } from "../../deploy/deployment.ts";

const STAKE = parseEther("20000");
const PRICE = parseEther("1");
const COLLATERAL = parseEther("100");
/** Every window of an order, seconds: long enough for the slowest proof. */
const WINDOW = 3_600;

/** A proof as contracts take it. */
export type ProofWords = [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];

/** A chain in memory with the protocol, a published training model, a requester with funds and a provider. */
export interface TrainingMarket {
  readonly requester: Lattice;
  readonly provider: Lattice;
  readonly providerAddress: string;
  readonly modelVersion: string;
  /** An order of the requester for this input, which names the provider. */
  order(inputCommitment: string): Order;
  /** What the proof of the provider's result for this order is bound to. */
  contextOf(order: Order): Promise<bigint>;
  close(): Promise<void>;
}

/** Deploys everything with the training circuit's verifier, on a chain that ends with the process. */
export async function openTrainingMarket(
  hre: HardhatRuntimeEnvironment,
  contract: string,
  shape: TrainingShape,
): Promise<TrainingMarket> {
  await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
  const connection = await hre.network.create({ network: "default" });
  try {
    return await openMarket(hre, connection, contract, shape);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function openMarket(
  hre: HardhatRuntimeEnvironment,
  connection: NetworkConnection,
  contract: string,
  shape: TrainingShape,
): Promise<TrainingMarket> {
  const { addressBook } = await deployLattice(hre, connection, { verifiers: contract });
  const [first, second] = await connection.ethers.getSigners();
  if (!first || !second) throw new Error("the chain must offer two accounts");
  const requester = connectLattice({ addresses: addressBook, runner: first });
  const provider = connectLattice({ addresses: addressBook, runner: second });
  const verifier = addressBook.verifiers[contract];
  if (!verifier) throw new Error(`the deployment brought no ${contract}`);
  const modelVersion = await publishTraining(requester, first.address, verifier, shape);
  await fundRequester(requester, first.address);
  await joinAsTrainer(requester, provider, second);
  return {
    requester,
    provider,
    providerAddress: second.address,
    modelVersion,
    order: (inputCommitment) =>
      stepOrder(requester, {
        requester: first.address,
        provider: second.address,
        modelVersion,
        inputCommitment,
      }),
    contextOf: (order) =>
      requester.market.proofContext(hashOrder(order), second.address, order.modelVersion),
    close: () => connection.close(),
  };
}

/** An order of a step that names its provider and gives it an hour for each thing. */
export function stepOrder(
  { addresses }: Lattice,
  terms: Pick<Order, "requester" | "provider" | "modelVersion" | "inputCommitment">,
): Order {
  return {
    ...ORDER_DEFAULTS,
    ...terms,
    nonce: randomNonce(),
    // The input is what the run says: nothing has to be fetched to compute a step.
    inputDigest: ZeroHash,
    paymentToken: addresses.contracts.LatticeToken,
    maxPrice: PRICE,
    collateral: COLLATERAL,
    tier: Tier.Zk,
    mode: AssignmentMode.Direct,
    assignSeconds: WINDOW,
    commitSeconds: WINDOW,
    proveSeconds: WINDOW,
  };
}

/** Publishes the training circuit as a model version; returns its id. */
export async function publishTraining(
  lattice: Lattice,
  publisher: string,
  verifier: string,
  shape: TrainingShape,
): Promise<string> {
  const { digest, programRoot, weightsRoot } = await trainingIdentity(shape);
  const version = {
    artifactDigest: digest,
    programRoot,
    weightsRoot,
    quantisationDigest: ZeroHash,
    royaltyRecipient: ZeroAddress,
    royaltyPpm: 0,
    verifierSelector: await lattice.router.selectorOf(verifier),
    tiers: 1 << Tier.Zk,
    attestedClass: 0,
  };
  await (await lattice.models.publish(version, `sha256:${digest}`)).wait();
  return lattice.models.versionIdOf(publisher, version);
}

/** Deposits what a thousand orders cost, and lets the market lock from it. */
export async function fundRequester(
  { token, escrow, market }: Lattice,
  owner: string,
): Promise<void> {
  await (await token.approve(escrow, MaxUint256)).wait();
  await (await escrow.deposit(token, owner, PRICE * 1_000n)).wait();
  await (await escrow.setMarket(market, true)).wait();
}

/** Stakes and registers the account as a provider, with LAT of `owner`. */
export async function joinAsTrainer(
  owner: Lattice,
  { token, vault, registry }: Lattice,
  account: HardhatEthersSigner,
): Promise<void> {
  await (await owner.token.transfer(account.address, STAKE)).wait();
  await (await token.approve(vault, STAKE)).wait();
  await (await vault.provision(registry, STAKE)).wait();
  const key = bls.keyFromSeed(id(account.address));
  const message = await registry.possessionMessage(account.address);
  const capabilities = {
    accelerator: 1,
    memoryMiB: 4096,
    maxTensorBytes: 1 << 20,
    tiers: 1 << Tier.Zk,
    maxCollateral: STAKE,
  };
  const possession = bls.sign(key, message, bls.POSSESSION_DST);
  const publicKey = bls.publicKeyOf(key);
  await (
    await registry.register("local:trainer", account.address, capabilities, publicKey, possession)
  ).wait();
}
