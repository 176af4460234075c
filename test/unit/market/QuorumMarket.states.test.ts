import { type Order, type QuorumState, quorumStateName } from "@lattice/sdk";
import { expect } from "chai";
import { id } from "ethers";
import { network } from "hardhat";
import {
  deployQuorum,
  membersOf,
  OUTPUT_DIGEST,
  type Quorum,
  quorumOrder,
  RIGHT,
  saltOf,
} from "../../helpers/quorum.ts";
import {
  QUORUM_CALLS,
  QUORUM_SITUATIONS,
  type QuorumCall,
} from "../../helpers/quorum-situations.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

/** Makes the call as whoever may (members' calls as the last one drawn), with arguments that would do in the right state. */
async function attempt(system: Quorum, call: QuorumCall, jobId: bigint, order: Order) {
  const { quorum, actors, providers } = system;
  const member = (await membersOf(system, jobId)).at(-1) ?? providers[0] ?? actors.stranger;
  if (call === "cancel") return quorum.connect(actors.requester).cancel(jobId, order);
  if (call === "commit") return quorum.connect(member).commit(jobId, order, id("commitment"));
  if (call === "decline") return quorum.connect(member).decline(jobId, order);
  if (call === "reveal") {
    return quorum.connect(member).reveal(jobId, order, RIGHT, OUTPUT_DIGEST, saltOf(member));
  }
  return quorum[call](jobId, order);
}

async function system() {
  return deployQuorum(chain);
}

describe("QuorumMarket", () => {
  describe("state machine", () => {
    for (const { name, state, enter, transitions } of QUORUM_SITUATIONS) {
      const title = Object.entries(transitions)
        .map(([call, to]) => `${call} → ${quorumStateName(to as QuorumState)}`)
        .join(", ");
      it(`SM-1: ${name}: ${title || "nothing may happen (SM-2)"}`, async () => {
        const quorumSystem = await networkHelpers.loadFixture(system);
        const { quorum } = quorumSystem;
        const order = await quorumOrder(quorumSystem);
        const jobId = await enter(quorumSystem, order);
        const before = await quorum.jobOf(jobId);
        expect(before.state).to.equal(state);
        for (const call of QUORUM_CALLS) {
          const next = transitions[call];
          const snapshot = await networkHelpers.takeSnapshot();
          if (next === undefined) {
            await expect(attempt(quorumSystem, call, jobId, order), call).to.revert(ethers);
            expect(await quorum.jobOf(jobId), call).to.deep.equal(before);
          } else {
            await attempt(quorumSystem, call, jobId, order);
            expect((await quorum.jobOf(jobId)).state, call).to.equal(next);
          }
          await snapshot.restore();
        }
      });
    }
  });
});
