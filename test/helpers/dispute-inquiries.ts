import { expect } from "chai";
import { bondedCase, type Case, TRACE, Turn, timeOf } from "./dispute-cases.ts";
import { type Move, pathTo } from "./dispute-trees.ts";
import type { Chain } from "./system.ts";

/** To the last chunk of the trace's tensor with 18. */
export const MOVES = pathTo(TRACE, 7, 17);
export const [FIRST, SECOND, TENSOR] = MOVES as [Move, Move, Move];

/** The challenger has opened an inquiry into Ada's result. */
export async function inquiredCase(chain: Chain) {
  const base = await bondedCase(chain);
  const opened = await base.disputes.connect(base.challenger).inquire(base.market, base.claim);
  return { ...base, openedAt: await timeOf(chain, opened) };
}

/** Its first question was answered. */
export async function answeredCase(chain: Chain) {
  const base = await inquiredCase(chain);
  await answer(base, FIRST);
  return base;
}

/** The same after `count` answers and as many questions, on the way to the last chunk. */
export async function caseAfter(chain: Chain, count: number) {
  const base = await inquiredCase(chain);
  for (const move of MOVES.slice(0, count)) {
    await answer(base, move);
    await ask(base, move);
  }
  return base;
}

/** Answers the challenger's question; the rival carries it. */
export function answer(
  { disputes, market, subject, challenger, rival }: Case,
  { nodes = [], data = "0x" }: Partial<Move>,
) {
  return disputes.connect(rival).answer(market, subject, challenger, nodes, data);
}

/** Asks the challenger's next question. */
export function ask(
  { disputes, market, subject, challenger }: Case,
  { child, nodes }: Pick<Move, "child" | "nodes">,
) {
  return disputes.connect(challenger).ask(market, subject, child, [...nodes]);
}

export function inquiryOf({ disputes, market, subject, challenger }: Case) {
  return disputes.inquiryOf(market, subject, challenger);
}

/** Waits until whoever's turn it is has lost. */
export async function passResponse(base: Case): Promise<bigint> {
  const { deadline } = await inquiryOf(base);
  await base.chain.networkHelpers.time.increaseTo(deadline);
  return deadline;
}

/** The answer does not open the question's target. */
export async function expectInvalid(base: Case, move: Partial<Move>): Promise<void> {
  const { place, target } = await inquiryOf(base);
  await expect(answer(base, move))
    .to.be.revertedWithCustomError(base.disputes, "DisputeGameInvalidAnswer")
    .withArgs(place, target);
}

/** The challenger's inquiry is over, and the game holds no LAT. */
export async function expectClosed(base: Case): Promise<void> {
  const { disputes, market, subject } = base;
  const { turn, bond } = await inquiryOf(base);
  expect([turn, bond]).to.deep.equal([Turn.Closed, 0n]);
  expect((await disputes.verdictOf(market, subject)).openInquiries).to.equal(0n);
  expect(await base.system.token.balanceOf(disputes)).to.equal(0n);
}
