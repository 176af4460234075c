import { AssignmentMode, hashOrder, jobIdOf, type Order, proofContext } from "@lattice/sdk";
import { ZeroAddress } from "ethers";
import { advanceEpoch } from "../../../../test/helpers/epochs.ts";
import type { Signer } from "../../../../test/helpers/system.ts";
import { withClockStopped } from "../clock.ts";
import type { Figures } from "../figures.ts";
import { gasOf } from "../measure.ts";
import { ASK, inferenceOf, OUTPUT_DIGEST, orderOf, type Place, PROVIDERS } from "../place.ts";
import type { Proof, Proofs } from "../proofs.ts";
import type { Statement } from "../serving.ts";
import { verifyGas } from "./verification.ts";

/** A job's steps: what each transaction cost, and what of it was the check of the proof. */
interface Steps {
  readonly steps: Readonly<Record<string, number>>;
  readonly verification: number;
}

/** Jobs posted on-chain: direct, drawn, and by auction; each twice, the second time with accounts in use and a job open. */
export async function measureOnchain(place: Place, proofs: Proofs): Promise<Figures> {
  const kinds = [
    ["onchainJob", runDirect],
    ["onchainDrawnJob", runDrawn],
    ["onchainAuctionJob", runAuction],
  ] as const;
  const figures: Record<string, number> = {};
  for (const [name, run] of kinds) {
    const snapshot = await place.chain.networkHelpers.takeSnapshot();
    const first = await run(place, proofs, 0);
    // A market in use always has other jobs open: what it has locked is never nothing.
    const { market, actors } = place;
    await market.connect(actors.requester).post(await orderOf(place, actors.requester, 2));
    await usePayouts(place);
    const second = await run(place, proofs, 1);
    await snapshot.restore();
    figures[`${name}FirstUse`] = withoutProof(first);
    figures[name] = withoutProof(second);
    for (const [step, gas] of Object.entries(second.steps)) figures[`${name}.${step}`] = gas;
  }
  return figures;
}

/** Whoever is drawn has been paid before. */
async function usePayouts({ token, escrow, actors }: Place): Promise<void> {
  await token.connect(actors.deployer).approve(escrow, BigInt(PROVIDERS.length));
  for (const name of PROVIDERS) {
    await escrow.connect(actors.deployer).deposit(token, actors[`${name}Payout`], 1n);
  }
}

function withoutProof({ steps, verification }: Steps): number {
  const total = Object.values(steps).reduce((sum, gas) => sum + gas, 0);
  return total - verification;
}

/** The requester names the provider, which accepts, proves and is paid in one call. */
async function runDirect(place: Place, proofs: Proofs, index: number): Promise<Steps> {
  const { market, actors } = place;
  const order = await orderOf(place, actors.requester, index);
  const post = await gasOf(market.connect(actors.requester).post(order));
  const { proof, statement } = await proofOf(place, proofs, order, actors.ada);
  const { outputCommitment } = inferenceOf(place, index);
  const deliver = await gasOf(
    market.connect(actors.ada).deliver(order, outputCommitment, OUTPUT_DIGEST, proof),
  );
  const verification = await verifyGas(place, proof, statement);
  return { steps: { post, deliver }, verification };
}

/** The next seed draws the provider by stake; it commits, then proves. */
async function runDrawn(place: Place, proofs: Proofs, index: number): Promise<Steps> {
  const { market, actors } = place;
  // A job that is posted as an epoch begins is drawn two epochs later.
  await advanceEpoch(place);
  const order = await orderOf(place, actors.requester, index, {
    mode: AssignmentMode.Draw,
    provider: ZeroAddress,
  });
  const post = await gasOf(market.connect(actors.requester).post(order));
  for (let epochs = 0; epochs < 2; epochs++) await advanceEpoch(place);
  const assign = await gasOf(market.connect(actors.stranger).assign(order));
  const result = await commitAndProve(place, proofs, order, index);
  return { ...result, steps: { post, assign, ...result.steps } };
}

/** Two providers bid; a seed from after the close draws one of them; it commits, then proves. */
async function runAuction(place: Place, proofs: Proofs, index: number): Promise<Steps> {
  const { market, matchmaker, beacon, actors, chain } = place;
  const order = await orderOf(place, actors.requester, index, {
    mode: AssignmentMode.Auction,
    provider: ZeroAddress,
    bidSeconds: 120,
  });
  const post = await gasOf(market.connect(actors.requester).post(order));
  await matchmaker.connect(actors.ben).bid(market, order, ASK + 1n);
  const bid = await gasOf(matchmaker.connect(actors.ada).bid(market, order, ASK));
  const { deadline } = await market.jobOf(jobIdOf(order));
  const closingEpoch = await beacon.currentEpoch();
  await chain.networkHelpers.time.increaseTo(deadline - BigInt(order.assignSeconds));
  for (let epochs = 0; epochs < 3; epochs++) await advanceEpoch(place);
  const award = await gasOf(market.connect(actors.stranger).award(order, closingEpoch));
  const result = await commitAndProve(place, proofs, order, index);
  return { ...result, steps: { post, bid, award, ...result.steps } };
}

async function commitAndProve(
  place: Place,
  proofs: Proofs,
  order: Order,
  index: number,
): Promise<Steps> {
  const { market, actors, chain } = place;
  const provider = await chain.ethers.getSigner((await market.jobOf(jobIdOf(order))).provider);
  const { outputCommitment } = inferenceOf(place, index);
  const commit = await gasOf(
    market.connect(provider).commit(order, outputCommitment, OUTPUT_DIGEST),
  );
  const { proof, statement } = await proofOf(place, proofs, order, provider);
  const prove = await gasOf(market.connect(actors.stranger).prove(order, proof));
  return { steps: { commit, prove }, verification: await verifyGas(place, proof, statement) };
}

/** A real proof of the job's inference, and what it is checked against. */
async function proofOf(
  place: Place,
  proofs: Proofs,
  order: Order,
  provider: Signer,
): Promise<{ proof: Proof; statement: Statement }> {
  const inference = place.inferences.find(
    ({ inputCommitment }) => inputCommitment === order.inputCommitment,
  );
  if (!inference) throw new Error("The order's input is none of the drawings.");
  const { chainId } = await place.chain.ethers.provider.getNetwork();
  const context = proofContext({
    chainId,
    market: await place.market.getAddress(),
    orderHash: hashOrder(order),
    provider: provider.address,
    modelVersion: order.modelVersion,
  });
  const statement: Statement = [
    context,
    BigInt(inference.inputCommitment),
    BigInt(inference.outputCommitment),
  ];
  const proof = await withClockStopped(place.chain, () => proofs.prove(context, inference));
  return { proof, statement };
}
