import { type Inquiry, type Move, Turn } from "../../core/dispute.ts";
import type { OpenResult } from "../../core/ports/disputes.ts";
import { allowBond } from "../submitter/allow-bond.ts";
import type { Accuser } from "./accuser.ts";
import { INQUIRY_GAS } from "./budget.ts";
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

/** Has a provider answer for a trace that it does not show, until an answer convicts it, or silence does. */
export class Inquirer {
  readonly #tools: CaseTools;
  readonly #accuser: Accuser;

  constructor(tools: CaseTools, accuser: Accuser) {
    this.#tools = tools;
    this.#accuser = accuser;
  }

  /** Whether an inquiry may bring more than it costs; its bond returns when it is won. */
  async isWorthwhile(open: OpenCase, { result }: OpenResult): Promise<boolean> {
    const { costs, emit, metrics } = this.#tools;
    const fees = await costs.fees();
    const { cost, bounty, worthwhile } = await this.#accuser.weigh(INQUIRY_GAS, result, fees);
    if (worthwhile) return true;
    const event = { event: "tooDear", ...about(result), cost, bounty } as const;
    if (note(open, event, emit)) metrics.add("tooDear");
    return false;
  }

  /** Takes the next step of our inquiry; the chain says where it stands. */
  async inquire(open: OpenCase, opened: OpenResult, signal: AbortSignal): Promise<Turned> {
    const { disputes, self, now } = this.#tools;
    const { result } = opened;
    const inquiry = await disputes.inquiry(result, self);
    switch (inquiry.turn) {
      case Turn.None:
      case Turn.Closed:
        return await this.#begin(opened, signal);
      case Turn.Provider:
        // At the deadline itself the provider is late.
        return now() < inquiry.deadline ? "waits" : await this.#claimSilence(result, signal);
      case Turn.Inquirer:
        return await this.#move(open, result, inquiry, signal);
    }
  }

  async #begin({ result, challengeableUntil }: OpenResult, signal: AbortSignal): Promise<Turned> {
    const { disputes, self, now, emit, metrics } = this.#tools;
    const { bondTo } = await disputes.dialogue(result, self, result.block);
    if (bondTo !== undefined) return "inquiryLost";
    if (now() >= challengeableUntil) return "expired";
    const { challengeBond } = await disputes.terms();
    await allowBond(challengeBond, this.#tools, signal);
    const isDone = async () => (await disputes.inquiry(result, self)).turn !== Turn.None;
    const sent = await send(disputes.calls.inquire(result), isDone, this.#tools, signal);
    metrics.add("inquiriesOpened");
    if (sent) emit({ event: "inquired", bond: challengeBond, ...about(result), ...sent });
    return "moved";
  }

  async #claimSilence(result: OpenResult["result"], signal: AbortSignal): Promise<Turned> {
    const { disputes, self, emit, metrics } = this.#tools;
    const call = disputes.calls.claimSilence(result, self);
    const isDone = async () => (await disputes.verdict(result)).reporter === self;
    const sent = await send(call, isDone, this.#tools, signal);
    metrics.add("silencesClaimed");
    const { executableAt } = await disputes.verdict(result);
    if (sent) emit({ event: "silenceClaimed", executableAt, ...about(result), ...sent });
    return "moved";
  }

  async #move(
    open: OpenCase,
    result: OpenResult["result"],
    inquiry: Inquiry,
    signal: AbortSignal,
  ): Promise<Turned> {
    const { disputes, self, now } = this.#tools;
    if (now() >= inquiry.deadline) return "inquiryLost";
    if (!open.honest) throw new Error("an inquiry goes on from a recomputed run");
    const { model, trace } = open.honest;
    const { exchanges } = await disputes.dialogue(result, self, result.block);
    const move = model.nextMove(trace, exchanges, result);
    if (move === undefined) return "inquiryLost";
    if ("ask" in move) return await this.#ask(result, inquiry, move, exchanges.length, signal);
    await advance(open, { phase: "accused", accusation: salted(move.accuse) }, this.#tools);
    const { kind, what } = move.accuse;
    this.#tools.emit({ event: "fault", kind, what, ...about(result) });
    return "moved";
  }

  async #ask(
    result: OpenResult["result"],
    { target }: Inquiry,
    { ask, nodes }: Extract<Move, { readonly ask: number }>,
    round: number,
    signal: AbortSignal,
  ): Promise<Turned> {
    const { disputes, self, emit, metrics } = this.#tools;
    const isDone = async () => {
      const now = await disputes.inquiry(result, self);
      return now.turn !== Turn.Inquirer || now.target !== target;
    };
    const call = disputes.calls.ask(result, ask, nodes);
    const sent = await send(call, isDone, this.#tools, signal);
    metrics.add("questionsAsked");
    if (sent) emit({ event: "asked", round, child: ask, ...about(result), ...sent });
    return "moved";
  }
}
