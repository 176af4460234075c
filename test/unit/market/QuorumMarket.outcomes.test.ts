import { QuorumFault, QuorumState } from "@lattice/sdk";
import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  assigned,
  BOUNTY,
  COLLATERAL,
  COMPENSATION,
  deployQuorum,
  hides,
  MAX_PRICE,
  ODD,
  type Plan,
  passReveals,
  play,
  RIGHT,
  type Round,
  tells,
  WRONG,
} from "../../helpers/quorum.ts";
import { addressOf, asksOf, booksOf, expectBooks, sharesOf } from "../../helpers/quorum-books.ts";
import type { Signer } from "../../helpers/system.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const { time } = networkHelpers;
const _LOCKED = 3n * MAX_PRICE;

const drawn = async () => assigned(await deployQuorum(chain));
const drawnOfFive = async () => assigned(await deployQuorum(chain), { redundancy: 5 });
async function drawnExact() {
  const system = await deployQuorum(chain);
  return assigned(system, { modelVersion: system.exactVersion });
}

const finalise = ({ system, jobId, order }: Round, caller: Signer = system.actors.reporter) =>
  system.quorum.connect(caller).finalise(jobId, order);

interface Outcome {
  readonly name: string;
  readonly plan: Plan;
  readonly start?: () => Promise<Round>;
  /** True when somebody did not reveal, so that reveals must be waited for. */
  readonly late?: boolean;
  readonly result?: string;
  readonly paid: readonly number[];
  readonly slashed: Readonly<Record<number, number>>;
}

const { NotCommitted, NotRevealed, Contradicted } = QuorumFault;

const OUTCOMES: Outcome[] = [
  {
    name: "unanimous: all are paid",
    plan: [tells(RIGHT), tells(RIGHT), tells(RIGHT)],
    result: RIGHT,
    paid: [0, 1, 2],
    slashed: {},
  },
  {
    name: "a revealing minority is unpaid and keeps its stake (float model)",
    plan: [tells(WRONG), tells(RIGHT), tells(RIGHT)],
    result: RIGHT,
    paid: [1, 2],
    slashed: {},
  },
  {
    name: "a revealing minority is slashed on an exact model",
    start: drawnExact,
    plan: [tells(RIGHT), tells(WRONG), tells(RIGHT)],
    result: RIGHT,
    paid: [0, 2],
    slashed: { 1: Contradicted },
  },
  {
    name: "who did not commit is slashed, the majority of all is paid",
    plan: [tells(RIGHT), null, tells(RIGHT)],
    result: RIGHT,
    paid: [0, 2],
    slashed: { 1: NotCommitted },
  },
  {
    name: "who did not reveal is slashed, the majority of all is paid",
    plan: [tells(RIGHT), tells(RIGHT), hides(WRONG)],
    late: true,
    result: RIGHT,
    paid: [0, 1],
    slashed: { 2: NotRevealed },
  },
  {
    name: "who declined is neither paid nor slashed",
    plan: ["declines", tells(RIGHT), tells(RIGHT)],
    result: RIGHT,
    paid: [1, 2],
    slashed: {},
  },
  {
    name: "three of five decide, whatever the others did",
    start: drawnOfFive,
    plan: [hides(RIGHT), tells(RIGHT), tells(WRONG), tells(RIGHT), tells(RIGHT)],
    late: true,
    result: RIGHT,
    paid: [1, 3, 4],
    slashed: { 0: NotRevealed },
  },
  {
    name: "two of five with the most votes are no majority",
    start: drawnOfFive,
    plan: [tells(RIGHT), tells(RIGHT), tells(WRONG), tells(ODD), null],
    paid: [],
    slashed: { 4: NotCommitted },
  },
  {
    name: "three answers: nobody is paid, nobody slashed",
    plan: [tells(RIGHT), tells(WRONG), tells(ODD)],
    paid: [],
    slashed: {},
  },
  {
    name: "three answers on an exact model: without a majority nobody is known to be wrong",
    start: drawnExact,
    plan: [tells(RIGHT), tells(WRONG), tells(ODD)],
    paid: [],
    slashed: {},
  },
  {
    name: "one answer to a decline and a silence: no majority, the silent one is slashed",
    plan: [tells(RIGHT), "declines", hides(RIGHT)],
    late: true,
    paid: [],
    slashed: { 2: NotRevealed },
  },
  {
    name: "one commitment of three: its member is freed without a reveal",
    plan: [hides(RIGHT), null, null],
    paid: [],
    slashed: { 1: NotCommitted, 2: NotCommitted },
  },
  {
    name: "nobody committed: all are slashed",
    plan: [null, null, null],
    paid: [],
    slashed: { 0: NotCommitted, 1: NotCommitted, 2: NotCommitted },
  },
];

describe("QuorumMarket", () => {
  describe("finalise", () => {
    for (const { name, plan, start = drawn, late, result, paid, slashed } of OUTCOMES) {
      it(name, async () => {
        const round = await networkHelpers.loadFixture(start);
        const { system, jobId, order } = round;
        const { quorum, vault, token, actors, beacon } = system;
        const asks = await asksOf(round);
        const before = await booksOf(round);
        await play(round, plan);
        if (late) await passReveals(round);
        const supply = await token.totalSupply();

        const ending = finalise(round);
        await ending;
        const faults = Object.entries(slashed).map(([at, fault]) => [Number(at), fault] as const);
        for (const [position, fault] of faults) {
          await expect(ending)
            .to.emit(quorum, "MemberSlashed")
            .withArgs(
              jobId,
              addressOf(round, position),
              actors.reporter.address,
              fault,
              COLLATERAL,
            );
        }
        const guilty = BigInt(faults.length);
        if (guilty === 0n) await expect(ending).to.not.emit(quorum, "MemberSlashed");
        // SLA-2: compensation, bounty, and the rest burns.
        await expect(ending).to.changeTokenBalances(
          ethers,
          token,
          [vault, actors.requester, actors.reporter, ...round.members],
          [
            -guilty * COLLATERAL,
            guilty * COMPENSATION,
            guilty * BOUNTY,
            ...round.members.map(() => 0n),
          ],
        );
        expect(supply - (await token.totalSupply())).to.equal(
          guilty * (COLLATERAL - COMPENSATION - BOUNTY),
        );
        const total = BigInt(order.redundancy) * MAX_PRICE;
        await expectBooks(round, before, asks, {
          paid,
          slashed: faults.map(([position]) => position),
          locked: result ? 0n : total,
        });
        const job = await quorum.jobOf(jobId);
        if (result) {
          const sum = paid.map((i) => sharesOf(asks[i] ?? 0n));
          const price = paid.reduce((whole, i) => whole + (asks[i] ?? 0n), 0n);
          await expect(ending)
            .to.emit(quorum, "QuorumSettled")
            .withArgs(jobId, order.requester, result, paid.length, [
              sum.reduce((whole, { provider }) => whole + provider, 0n),
              sum.reduce((whole, { royalty }) => whole + royalty, 0n),
              sum.reduce((whole, { fee }) => whole + fee, 0n),
              total - price,
            ]);
          expect([job.state, job.deadline, job.outputCommitment]).to.deep.equal([
            BigInt(QuorumState.Settled),
            0n,
            result,
          ]);
        } else {
          await expect(ending)
            .to.emit(quorum, "QuorumRedrawn")
            .withArgs(jobId, 1, (await beacon.nextDrawEpoch()) + 1n);
          const reopened = (await time.latest()) + order.assignSeconds;
          expect([job.state, job.attempt, job.deadline, job.outputCommitment]).to.deep.equal([
            BigInt(QuorumState.Posted),
            1n,
            BigInt(reopened),
            ZeroHash,
          ]);
        }
      });
    }
  });
});
