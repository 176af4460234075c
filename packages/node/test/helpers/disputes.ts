import {
  type BondedResult,
  type Dialogue,
  Ground,
  type Inquiry,
  Place,
  type ResultKey,
  Turn,
  type Verdict,
} from "../../src/core/dispute.ts";
import type {
  ChunkDemand,
  DemandedInput,
  DisputePort,
  OpenResult,
} from "../../src/core/ports/disputes.ts";
import type { ContractCall, Submission } from "../../src/core/ports/transactions.ts";
import { OTHER, SELF, word, ZERO_ADDRESS } from "./jobs.ts";
import { argumentsOf, fakeCall, LANDED } from "./market.ts";
import { ROUNDS } from "./traces.ts";
import { reverted } from "./transactions.ts";

export const MARKET = "0x5555555555555555555555555555555555555555";
export const UNTIL = 1_000;
export const RESPONSE = 100;
/** Seconds for which a commitment counts. */
export const COMMITMENT = 1_800;

export const INNOCENT: Verdict = {
  reporter: ZERO_ADDRESS,
  foundAt: 0,
  executableAt: 0,
  ground: Ground.None,
  executed: false,
};

const NO_INQUIRY: Inquiry = {
  uncoveredAt: 0,
  deadline: 0,
  turn: Turn.None,
  place: Place.Trace,
  height: 0,
  target: word(0),
};

/** The game about one result, played in memory: rules as the contracts', without their checks of evidence. */
export class FakeDisputes implements DisputePort {
  readonly jobMarket = MARKET;
  now = 10;
  open: OpenResult | undefined;
  held = false;
  standing = INNOCENT;
  asked: Inquiry = NO_INQUIRY;
  talk: Dialogue = { exchanges: [] };
  chunks: ChunkDemand = { deadline: 0, asker: OTHER, firstChunk: 0, chunkCount: 0 };
  allowed = 0n;
  funds = 50n;
  readonly commitments = new Map<string, number>();
  readonly redeemed = new Set<string>();
  /** Calls that revert, by label. */
  readonly refusing = new Map<string, string>();

  terms = async () => ({ challengeBond: 50n, openingBond: 5n, bountyPpm: 100_000n });
  resultOfJob = (): BondedResult => {
    throw new Error("no events in these tests");
  };
  resultsOfBatch = async () => [];
  refresh = async (_result: BondedResult) => this.open;
  isHeld = async () => this.held;
  verdict = async () => this.standing;
  inquiry: DisputePort["inquiry"] = async () => this.asked;
  dialogue = async () => this.talk;
  demand = async () => this.chunks;
  keyOfOrder = () => ({ market: MARKET, subject: word(1) });
  input: DemandedInput = { deadline: 0, published: [] };
  demandedInput = async () => this.input;
  committedAt = async (_: string, commitment: string) => this.commitments.get(commitment) ?? 0;
  isRedeemed = async (_: string, commitment: string) => this.redeemed.has(commitment);
  commitmentOf = (challenger: string, _: ResultKey, evidence: string, salt: string) =>
    [challenger, evidence, salt].join("/");
  balance = async () => this.funds;
  allowance = async () => this.allowed;
  calls = {
    approve: (...of: unknown[]) => fakeCall("approve", of),
    commit: (...of: unknown[]) => fakeCall("commit", of),
    challenge: (...of: unknown[]) => fakeCall("challenge", of),
    execute: (...of: unknown[]) => fakeCall("execute", of),
    inquire: (...of: unknown[]) => fakeCall("inquire", of),
    ask: (...of: unknown[]) => fakeCall("ask", of),
    answer: (...of: unknown[]) => fakeCall("answer", of),
    claimSilence: (...of: unknown[]) => fakeCall("claimSilence", of),
    closeInquiry: (...of: unknown[]) => fakeCall("closeInquiry", of),
    demandInput: (...of: unknown[]) => fakeCall("demandInput", of),
    publishOutput: (...of: unknown[]) => fakeCall("publishOutput", of),
    claimUnanswered: (...of: unknown[]) => fakeCall("claimUnanswered", of),
  };

  /** Plays one transaction. */
  apply(call: ContractCall): Submission {
    const refusal = this.refusing.get(call.label);
    if (refusal) throw reverted(refusal);
    this.now++;
    this.#effects[call.label]?.(argumentsOf(call));
    return LANDED;
  }

  /** The provider answers with these nodes. */
  reply(...nodes: string[]): void {
    const { place, height } = this.asked;
    this.talk = { exchanges: [...this.talk.exchanges, { place, height, nodes, data: "0x" }] };
    if (this.talk.exchanges.length === ROUNDS)
      this.asked = { ...this.asked, uncoveredAt: this.now };
    this.#turn(Turn.Inquirer);
  }

  /** Somebody opens an inquiry, or it is theirs to go on. */
  inquiring(changes: Partial<Inquiry> = {}): void {
    this.asked = { ...NO_INQUIRY, turn: Turn.Provider, ...changes };
    if (changes.deadline === undefined) this.#turn(this.asked.turn);
  }

  convict(reporter: string, ground: Ground, foundAt = this.now): void {
    this.standing = { reporter, ground, foundAt, executableAt: this.now + 60, executed: false };
  }

  #turn(turn: Turn): void {
    const target = word(BigInt(this.asked.target) + 1n);
    this.asked = { ...this.asked, turn, deadline: this.now + RESPONSE, target };
  }

  readonly #effects: Readonly<Record<string, (args: unknown[]) => void>> = {
    approve: ([amount]) => {
      this.allowed = BigInt(String(amount));
    },
    commit: ([commitment]) => {
      this.commitments.set(String(commitment), this.now);
    },
    challenge: ([, accusation, salt]) => {
      const { kind, evidence } = accusation as { kind: string; evidence: string };
      const commitment = [SELF, evidence, salt].join("/");
      const madeAt = this.commitments.get(commitment) ?? -COMMITMENT;
      const inTime = this.now < madeAt + COMMITMENT;
      if (inTime) this.redeemed.add(commitment);
      const { uncoveredAt } = this.asked;
      const foundAt = uncoveredAt > 0 ? uncoveredAt - 1 : inTime ? madeAt : this.now;
      const { ground, foundAt: before } = this.standing;
      if (ground !== Ground.None && foundAt >= before) {
        if (inTime) return;
        throw reverted("DisputeGameAlreadyConvicted");
      }
      this.convict(SELF, kind === "step" ? Ground.WrongStep : Ground.WrongTrace, foundAt);
    },
    execute: () => {
      this.standing = { ...this.standing, executed: true };
      this.open = undefined;
    },
    inquire: () => {
      this.talk = { exchanges: [] };
      this.inquiring();
    },
    ask: ([, child]) => {
      const { exchanges } = this.talk;
      const last = exchanges.at(-1);
      if (!last) throw new Error("nothing was answered");
      this.talk = { exchanges: [...exchanges.slice(0, -1), { ...last, child: Number(child) }] };
      this.#turn(Turn.Provider);
    },
    answer: ([, , reply]) => {
      const { nodes } = reply as { nodes: string[] };
      this.reply(...nodes);
    },
    claimSilence: () => this.convict(SELF, Ground.Silence),
    closeInquiry: () => {
      this.asked = { ...this.asked, turn: Turn.Closed };
      this.talk = { ...this.talk, bondTo: SELF };
    },
    demandInput: () => {
      this.input = { ...this.input, deadline: this.now + RESPONSE };
    },
    claimUnanswered: () => {
      this.input = { ...this.input, deadline: 0 };
    },
    publishOutput: () => {
      this.chunks = { ...this.chunks, deadline: 0 };
    },
  };
}
