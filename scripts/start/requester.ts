import { type DirectoryArtifactStore, encodeTensor } from "@lattice/node";
import {
  AssignmentMode,
  type Lattice,
  ORDER_DEFAULTS,
  type Order,
  randomNonce,
  Tier,
} from "@lattice/sdk";
import { commitTensor, createTensor, type IntegerTensor } from "@lattice/zkml";
import { DIGIT_PIXELS, HELD_OUT_SEED, renderDigit } from "@lattice/zkml/models/digits";
import { MaxUint256, parseEther, toBeHex } from "ethers";

/** Most that the requester pays for one inference. */
export const MAX_PRICE = parseEther("2");
/** LAT that a provider locks for a job. */
const COLLATERAL = parseEther("100");

/** A posted job, and what the requester alone knows of it. */
export interface PostedJob {
  readonly id: bigint;
  readonly label: number;
  readonly pixels: Uint8Array;
  readonly input: IntegerTensor;
  readonly postGas: bigint;
}

/** Deposits what `jobs` orders may cost, and lets the market lock from it. */
export async function fundRequester(
  { token, escrow, market }: Lattice,
  owner: string,
  jobs: number,
): Promise<void> {
  await (await token.approve(escrow, MaxUint256)).wait();
  await (await escrow.deposit(token, owner, MAX_PRICE * BigInt(jobs))).wait();
  await (await escrow.setMarket(market, true)).wait();
}

/**
 * Draws a digit that training never saw, stores it as an artifact and posts the order.
 * @param lattice Connected to the requester's signer.
 */
export async function postDigit(
  lattice: Lattice,
  requester: string,
  modelVersion: string,
  artifacts: DirectoryArtifactStore,
  index: number,
): Promise<PostedJob> {
  const label = (index * 7 + 3) % 10;
  const { pixels } = renderDigit(label, HELD_OUT_SEED + index);
  const input = createTensor("uint8", [1, DIGIT_PIXELS], pixels);
  const order: Order = {
    ...ORDER_DEFAULTS,
    nonce: randomNonce(),
    requester,
    modelVersion,
    inputCommitment: toBeHex(await commitTensor(input), 32),
    inputDigest: await artifacts.put(encodeTensor(input)),
    paymentToken: lattice.addresses.contracts.LatticeToken,
    maxPrice: MAX_PRICE,
    collateral: COLLATERAL,
    tier: Tier.Zk,
    mode: AssignmentMode.Draw,
    assignSeconds: 600,
    commitSeconds: 300,
    proveSeconds: 900,
  };
  const receipt = await (await lattice.market.post(order)).wait();
  const posted = receipt?.logs
    .map((log) => lattice.market.interface.parseLog(log))
    .find((event) => event?.name === "JobPosted");
  if (!receipt || !posted)
    throw new Error(`Order ${index + 1} was sent, but no JobPosted event came back.`);
  const id: bigint = posted.args.jobId;
  return { id, label, pixels, input, postGas: receipt.gasUsed };
}
