import { AssignmentMode, JobState, jobStateName, type Order, Tier } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import {
  acceptProof,
  deployMarketplace,
  directOrder,
  drawOrder,
  type Marketplace,
  OUTPUT_COMMITMENT,
  OUTPUT_DIGEST,
  PROOF,
} from "../../helpers/orders.ts";
import { CALLS, type Call, SITUATIONS } from "../../helpers/situations.ts";

const { Draw } = AssignmentMode;
const chain = await network.create();
const { ethers, networkHelpers } = chain;

/** Makes the call as whoever may, with arguments that would do in the right state. */
async function attempt(system: Marketplace, call: Call, jobId: bigint, order: Order) {
  const { market, actors } = system;
  if (call === "cancel") return market.connect(actors.requester).cancel(order);
  if (call === "accept") return market.connect(actors.ada).accept(order);
  if (call === "prove") return market.prove(order, PROOF);
  if (call === "commit" || call === "decline") {
    const { provider } = await market.jobOf(jobId);
    const caller = provider === ethers.ZeroAddress ? actors.ada : await ethers.getSigner(provider);
    const asProvider = market.connect(caller);
    if (call === "decline") return asProvider.decline(order);
    return asProvider.commit(order, OUTPUT_COMMITMENT, OUTPUT_DIGEST);
  }
  return market[call](order);
}

async function marketplace() {
  return deployMarketplace(chain);
}

describe("JobMarket", () => {
  describe("state machine", () => {
    for (const { name, mode, tier, state, enter, late, transitions } of SITUATIONS) {
      const title = Object.entries(transitions)
        .map(([call, to]) => `${call} → ${jobStateName(to)}`)
        .join(", ");
      it(`SM-1: ${name}: ${title || "nothing may happen (SM-2)"}`, async () => {
        const system = await networkHelpers.loadFixture(marketplace);
        const bonded = { tier: Tier.Optimistic, proveSeconds: 0, challengeSeconds: 240 };
        const changes = tier === Tier.Optimistic ? bonded : {};
        const order =
          mode === Draw
            ? await drawOrder(system, changes)
            : await directOrder(system, system.actors.ada, changes);
        const jobId = await enter(system, order);
        if (state === JobState.Committed) await acceptProof(system, jobId, order);
        const { deadline } = await system.market.jobOf(jobId);
        if (late) {
          const soon = BigInt(await networkHelpers.time.latest()) + 86_400n;
          await networkHelpers.time.increaseTo(deadline === 0n ? soon : deadline);
        }
        const before = await system.market.jobOf(jobId);
        expect(before.state).to.equal(state);

        for (const call of CALLS) {
          const next = transitions[call];
          const snapshot = await networkHelpers.takeSnapshot();
          if (next === undefined) {
            await expect(attempt(system, call, jobId, order), call).to.revert(ethers);
            expect(await system.market.jobOf(jobId), call).to.deep.equal(before);
          } else {
            await attempt(system, call, jobId, order);
            expect((await system.market.jobOf(jobId)).state, call).to.equal(next);
          }
          await snapshot.restore();
        }
      });
    }
  });
});
