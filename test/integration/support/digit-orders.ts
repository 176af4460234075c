import { type DirectoryArtifactStore, encodeTensor } from "@lattice/node";
import {
  AssignmentMode,
  type Lattice,
  ORDER_DEFAULTS,
  type Order,
  randomNonce,
  Tier,
} from "@lattice/sdk";
import { commitTensor, createTensor } from "@lattice/zkml";
import { DIGIT_PIXELS, HELD_OUT_SEED, renderDigit } from "@lattice/zkml/models/digits";
import { parseEther, toBeHex } from "ethers";

export const MAX_PRICE = parseEther("2");
export const COLLATERAL = parseEther("100");

/** An order for reading one drawn digit, posted. */
export interface DigitJob {
  readonly jobId: bigint;
  readonly label: number;
  readonly order: Order;
}

/**
 * Posts an order for a digit that training never saw.
 * @param store Where the input goes: one that providers cannot see withholds it.
 */
export async function postDigit(
  lattice: Lattice,
  requester: string,
  modelVersion: string,
  store: DirectoryArtifactStore,
  label: number,
): Promise<DigitJob> {
  const { pixels } = renderDigit(label, HELD_OUT_SEED + label);
  const input = createTensor("uint8", [1, DIGIT_PIXELS], pixels);
  const order: Order = {
    ...ORDER_DEFAULTS,
    nonce: randomNonce(),
    requester,
    modelVersion,
    inputCommitment: toBeHex(await commitTensor(input), 32),
    inputDigest: await store.put(encodeTensor(input)),
    paymentToken: lattice.addresses.contracts.LatticeToken,
    maxPrice: MAX_PRICE,
    collateral: COLLATERAL,
    tier: Tier.Zk,
    mode: AssignmentMode.Draw,
    assignSeconds: 3_600,
    commitSeconds: 60,
    proveSeconds: 600,
  };
  const receipt = await (await lattice.market.post(order)).wait();
  const posted = receipt?.logs
    .map((log) => lattice.market.interface.parseLog(log))
    .find((event) => event?.name === "JobPosted");
  if (!posted) throw new Error("the order was not posted");
  return { jobId: posted.args.jobId, label, order };
}
