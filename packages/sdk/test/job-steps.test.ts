import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import {
  AssignmentMode,
  assignmentOf,
  canCancel,
  deadlineCall,
  finalisableAt,
  type Job,
  JobState,
  type Lattice,
  ORDER_DEFAULTS,
  type Order,
  type QuorumJob,
  QuorumState,
  Tier,
} from "../src/index.ts";

const provider = `0x${"22".repeat(20)}`;

const order: Order = {
  ...ORDER_DEFAULTS,
  requester: `0x${"11".repeat(20)}`,
  modelVersion: ZeroHash,
  inputCommitment: ZeroHash,
  inputDigest: ZeroHash,
  paymentToken: ZeroAddress,
  maxPrice: 1n,
  collateral: 1n,
  tier: Tier.Zk,
  mode: AssignmentMode.Draw,
  assignSeconds: 600,
  commitSeconds: 60,
  proveSeconds: 60,
};
const direct: Order = { ...order, mode: AssignmentMode.Direct, provider };
const auction: Order = { ...order, mode: AssignmentMode.Auction, bidSeconds: 120 };

const posted: Job = {
  provider: ZeroAddress,
  state: JobState.Posted,
  attempt: 0,
  deadline: 1_000,
  drawEpoch: 7n,
  price: 0n,
  protocolFeePpm: 0n,
  outputCommitment: ZeroHash,
};

/** A chain at `now` in epoch 5, which began at 300; `nextDraw` is the first seed that cannot be public. */
function chainAt(now: number, nextDraw = 6n): Lattice {
  return {
    token: { clock: async () => BigInt(now) },
    beacon: {
      currentEpoch: async () => 5n,
      epochInfo: async (epoch: bigint) => ({ startedAt: 50n + 50n * epoch }),
      nextDrawEpoch: async () => nextDraw,
    },
  } as unknown as Lattice;
}

describe("steps of a job", () => {
  it("have the call that each state's deadline opens", () => {
    expect(Object.values(JobState).map((state) => deadlineCall(state))).to.deep.equal([
      undefined,
      "refund",
      "timeOut",
      "timeOut",
      "settle",
      undefined,
      undefined,
    ]);
  });

  it("say how a posted job gets its provider", async () => {
    expect(await assignmentOf(chainAt(500), posted, direct)).to.deep.equal({
      call: "accept",
      provider,
    });
    expect(await assignmentOf(chainAt(500), posted, order)).to.deep.equal({
      call: "assign",
      epoch: 7n,
    });
    expect(await assignmentOf(chainAt(399), posted, auction)).to.deep.equal({
      call: "bid",
      closesAt: 400,
    });
    expect(await assignmentOf(chainAt(400), posted, auction)).to.deep.equal({
      call: "award",
      closingEpoch: 5n,
      epoch: 8n,
    });
    const again = { ...posted, attempt: 1 };
    expect(await assignmentOf(chainAt(500), again, auction)).to.deep.equal({
      call: "assign",
      epoch: 7n,
    });
  });

  it("let a requester cancel while nobody can know who gets it", async () => {
    expect(await canCancel(chainAt(999), posted, direct)).to.equal(true);
    expect(await canCancel(chainAt(399), posted, auction)).to.equal(true);
    expect(await canCancel(chainAt(400), posted, auction)).to.equal(false);
    expect(await canCancel(chainAt(500, 6n), posted, order)).to.equal(true);
    expect(await canCancel(chainAt(500, 7n), posted, order)).to.equal(false);
    const assigned = { ...posted, state: JobState.Assigned };
    expect(await canCancel(chainAt(399), assigned, direct)).to.equal(false);
  });

  it("know when the round of a redundant job can be ended", () => {
    const job = (state: QuorumState, ...members: ("idle" | "committed" | "revealed")[]) =>
      ({
        state,
        deadline: 1_000,
        members: members.map((stage) => ({
          committed: stage !== "idle",
          revealed: stage === "revealed",
        })),
      }) as unknown as QuorumJob;
    const { Posted, Committing, Revealing, Settled } = QuorumState;
    const at = (which: QuorumJob) => finalisableAt(which, { proveSeconds: 60 });
    expect(at(job(Posted))).to.equal(undefined);
    expect(at(job(Committing, "committed", "idle", "idle"))).to.equal(1_000);
    expect(at(job(Committing, "committed", "committed", "idle"))).to.equal(1_060);
    expect(at(job(Revealing, "revealed", "committed", "idle"))).to.equal(1_000);
    expect(at(job(Revealing, "revealed", "revealed", "idle"))).to.equal(0);
    expect(at(job(Settled, "revealed", "revealed", "revealed"))).to.equal(undefined);
  });
});
