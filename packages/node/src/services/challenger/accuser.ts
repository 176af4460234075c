import { Ground, groundName, Turn, type Verdict } from "../../core/dispute.ts";
import type { OpenResult } from "../../core/ports/disputes.ts";
import type { DisputeCase } from "../../core/ports/state.ts";
import type { Fees } from "../../core/ports/transactions.ts";
import { toWord } from "../../core/words.ts";
import { allowBond } from "../submitter/allow-bond.ts";
import { type Balance, FRAME_GAS, weigh } from "./budget.ts";
import {
  about,
  advance,
  type CaseTools,
  note,
  type OpenCase,
  salted,
  send,
  type Turned,
} from "./case.ts";

/** The game's COMMITMENT_SECONDS: for so long a commitment counts. */
const COMMITMENT_SECONDS = 1_800;
/** Says that nothing was committed to. */
const NO_SALT = toWord(0n);

export interface AccuserOptions {
  /** Wei of the chain's coin for one LAT; undefined: challenge whatever it costs. */
  readonly latPrice: bigint | undefined;
  /** Says what it would do, and sends nothing. */
  readonly dryRun: boolean;
}

/** Brings evidence before the dispute game and collects the bounty. */
export class Accuser {
  readonly #options: AccuserOptions;
  readonly #tools: CaseTools;

  constructor(options: AccuserOptions, tools: CaseTools) {
    this.#options = options;
    this.#tools = tools;
  }

  /**
   * Commits to the evidence, then shows it: whoever copies it out of the pool committed later.
   * Evidence that an inquiry of ours uncovered counts from just before that, without a commitment.
   */
  async accuse(
    open: OpenCase,
    { result, challengeableUntil }: OpenResult,
    signal: AbortSignal,
  ): Promise<Turned> {
    const { now } = this.#tools;
    const { isLive, isUncovered } = await this.#inquiryInto(result);
    if (!isLive && now() >= challengeableUntil) return "expired";
    if (isUncovered) {
      return this.#options.dryRun ? "dryRun" : await this.#challenge(open, result, NO_SALT, signal);
    }
    const { salt, committedAt } = await this.#commitmentTo(open);
    // Its bond is at stake by now, whatever the rest costs.
    const isCommitted = committedAt !== 0;
    if (!isLive && !isCommitted && !(await this.#isWorthwhile(open, result))) return "waits";
    if (this.#options.dryRun) return "dryRun";
    if (!isCommitted) return await this.#commit(open, signal);
    if (now() >= committedAt + COMMITMENT_SECONDS) {
      await advance(open, { accusation: salted(accusationOf(open)) }, this.#tools);
      return "moved";
    }
    return await this.#challenge(open, result, salt, signal);
  }

  /** What is left to do once somebody's evidence was accepted. */
  async conclude(
    open: OpenCase,
    { result }: OpenResult,
    verdict: Verdict,
    signal: AbortSignal,
  ): Promise<Turned> {
    const { self, now } = this.#tools;
    if (this.#options.dryRun) return "outrun";
    if (verdict.reporter !== self && !verdict.executed) {
      const salt = await this.#rejoinder(open, verdict);
      if (salt !== undefined) return await this.#challenge(open, result, salt, signal);
    }
    await this.collectBond(open, signal);
    if (verdict.reporter !== self) return "outrun";
    if (verdict.executed) return "convicted";
    if (now() < verdict.executableAt) return "waits";
    return await this.#execute(result, verdict, signal);
  }

  /** A conviction returns the bond of our inquiry, if there is one. */
  async collectBond(open: OpenCase, signal: AbortSignal): Promise<void> {
    const { disputes, self, emit, metrics } = this.#tools;
    const { result } = open.record;
    const isOver = async () => {
      const { turn } = await disputes.inquiry(result, self);
      return turn === Turn.None || turn === Turn.Closed;
    };
    if (await isOver()) return;
    const call = disputes.calls.closeInquiry(result, self);
    const sent = await send(call, isOver, this.#tools, signal);
    metrics.add("bondsCollected");
    if (sent) emit({ event: "bondCollected", ...about(result), ...sent });
  }

  async #isWorthwhile(open: OpenCase, result: OpenResult["result"]): Promise<boolean> {
    const { costs, disputes, emit, metrics } = this.#tools;
    const { accusation } = open.record;
    if (!accusation) return false;
    const call = disputes.calls.challenge(result, accusation, accusation.salt);
    // A revert says that the evidence is not accepted: nothing is committed to then.
    const gas = (await costs.estimateGas(call)) + FRAME_GAS;
    const balance = await this.weigh(gas, result, await costs.fees());
    if (balance.worthwhile) return true;
    const { cost, bounty } = balance;
    if (note(open, { event: "tooDear", ...about(result), cost, bounty }, emit)) {
      metrics.add("tooDear");
    }
    return false;
  }

  async weigh(gas: bigint, result: OpenResult["result"], fees: Fees): Promise<Balance> {
    const terms = await this.#tools.disputes.terms();
    return weigh(gas, fees, result, terms, this.#options.latPrice);
  }

  /**
   * The salt with which our evidence still counts beside a verdict of somebody else's: it counts earlier, or it was
   * committed to, and showing it in time returns the bond. Undefined when it does neither.
   */
  async #rejoinder(open: OpenCase, verdict: Verdict): Promise<string | undefined> {
    const { disputes, self, now } = this.#tools;
    const { result, accusation } = open.record;
    if (!accusation) return undefined;
    const { isUncovered, uncoveredAt } = await this.#inquiryInto(result);
    const isOpen = now() < verdict.executableAt;
    if (isOpen && isUncovered && uncoveredAt - 1 < verdict.foundAt) return NO_SALT;
    const { salt, commitment, committedAt } = await this.#commitmentTo(open);
    if (committedAt === 0 || now() >= committedAt + COMMITMENT_SECONDS) return undefined;
    return (await disputes.isRedeemed(self, commitment, result.block)) ? undefined : salt;
  }

  async #inquiryInto(result: OpenResult["result"]) {
    const { disputes, self, now } = this.#tools;
    const { turn, deadline, uncoveredAt } = await disputes.inquiry(result, self);
    const isLive = turn === Turn.Provider || (turn === Turn.Inquirer && now() < deadline);
    return { isLive, isUncovered: isLive && uncoveredAt !== 0, uncoveredAt };
  }

  async #commitmentTo(open: OpenCase) {
    const { disputes, self } = this.#tools;
    const { evidence, salt } = accusationOf(open);
    const commitment = disputes.commitmentOf(self, open.record.result, evidence, salt);
    return { salt, commitment, committedAt: await disputes.committedAt(self, commitment) };
  }

  async #commit(open: OpenCase, signal: AbortSignal): Promise<Turned> {
    const { disputes, self, emit, metrics } = this.#tools;
    const { result } = open.record;
    const { commitment } = await this.#commitmentTo(open);
    const { challengeBond: bond } = await disputes.terms();
    await allowBond(bond, this.#tools, signal);
    const isDone = async () => (await disputes.committedAt(self, commitment)) !== 0;
    const sent = await send(disputes.calls.commit(commitment), isDone, this.#tools, signal);
    metrics.add("evidenceCommitted");
    if (sent) emit({ event: "evidenceCommitted", bond, ...about(result), ...sent });
    return "moved";
  }

  async #challenge(
    open: OpenCase,
    result: OpenResult["result"],
    salt: string,
    signal: AbortSignal,
  ): Promise<Turned> {
    const { disputes, self, emit, metrics } = this.#tools;
    const accusation = accusationOf(open);
    const commitment = disputes.commitmentOf(self, result, accusation.evidence, salt);
    const call = disputes.calls.challenge(result, accusation, salt);
    const isOurs = async () => (await disputes.verdict(result)).reporter === self;
    const isDone = async () =>
      (await isOurs()) || (await disputes.isRedeemed(self, commitment, result.block));
    const sent = await send(call, isDone, this.#tools, signal);
    const { reporter, executableAt } = await disputes.verdict(result);
    // Somebody else's evidence counts earlier: all that ours brought is its bond.
    if (reporter !== self) return "moved";
    metrics.add("challenged");
    if (sent) emit({ event: "challenged", ...about(result), executableAt, ...sent });
    return "moved";
  }

  async #execute(
    result: OpenResult["result"],
    { ground }: Verdict,
    signal: AbortSignal,
  ): Promise<Turned> {
    const { disputes, emit } = this.#tools;
    const isDone = async () => (await disputes.verdict(result)).executed;
    const sent = await send(disputes.calls.execute(result), isDone, this.#tools, signal);
    if (sent) emit({ event: "executed", ground: groundName(ground), ...about(result), ...sent });
    return "convicted";
  }
}

function accusationOf({ record }: OpenCase): NonNullable<DisputeCase["accusation"]> {
  const { accusation } = record;
  if (!accusation) throw new Error("a case without an accusation has nothing to show");
  return accusation;
}

/** True once evidence against the result was accepted. */
export function isConvicted({ ground }: Verdict): boolean {
  return ground !== Ground.None;
}
