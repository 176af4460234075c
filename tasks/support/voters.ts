import { chainTime, type Lattice } from "@lattice/sdk";
import { amountText, parseAddress } from "./format.ts";
import { wrongUse } from "./guard.ts";
import type { SimulatedChain } from "./simulated-chain.ts";

/** Someone who votes in a simulation. */
export interface Voter {
  readonly address: string;
  /** LAT wei of votes. */
  readonly votes: bigint;
  /** True when the account had to delegate to itself on the copy, which the network has not seen. */
  readonly delegatedInCopy: boolean;
}

/** Accounts that LAT is delegated to, most votes first. */
async function delegates({ token, addresses }: Lattice): Promise<Voter[]> {
  const events = await token.queryFilter(token.filters.DelegateVotesChanged(), addresses.fromBlock);
  const accounts = [...new Set(events.map(({ args }) => args.delegate))];
  const found = await Promise.all(
    accounts.map(async (address) => {
      return { address, votes: await token.getVotes(address), delegatedInCopy: false };
    }),
  );
  return found.filter(({ votes }) => votes > 0n).sort((a, b) => (a.votes < b.votes ? 1 : -1));
}

/** Makes a holder's own LAT vote, on the copy. */
async function activate(chain: SimulatedChain, address: string): Promise<Voter> {
  const { token } = await chain.as(address);
  const [balance, delegatee] = await Promise.all([
    token.balanceOf(address),
    token.delegates(address),
  ]);
  const idle = balance > 0n && delegatee.toLowerCase() !== address.toLowerCase();
  if (idle) await (await token.delegate(address)).wait();
  const votes = await token.getVotes(address);
  if (votes > 0n) return { address, votes, delegatedInCopy: idle };
  throw wrongUse(`--voter ${address} holds no LAT and nobody delegates to it on ${chain.source}`);
}

/**
 * Enough voters to reach the quorum, and to propose: those named, or the largest delegates.
 * @param named Addresses separated by commas; empty for delegates.
 * @param proposing False for a proposal that exists.
 * @throws NodeError USAGE saying what is missing.
 */
export async function findVoters(
  chain: SimulatedChain,
  named: string,
  proposing: boolean,
): Promise<Voter[]> {
  const { governor } = chain.lattice;
  const now = await chainTime(chain.lattice);
  const [threshold, quorum] = await Promise.all([
    proposing ? governor.proposalThreshold() : 0n,
    governor.quorum(now - 1, { blockTag: "pending" }),
  ]);
  const candidates: Voter[] = [];
  if (named === "") candidates.push(...(await delegates(chain.lattice)));
  else {
    for (const account of new Set(named.split(","))) {
      candidates.push(await activate(chain, parseAddress("voter", account.trim())));
    }
  }
  const chosen: Voter[] = [];
  let total = 0n;
  for (const voter of candidates.sort((a, b) => (a.votes < b.votes ? 1 : -1))) {
    if (named === "" && total >= quorum && (chosen[0]?.votes ?? 0n) >= threshold) break;
    chosen.push(voter);
    total += voter.votes;
  }
  const most = chosen[0]?.votes ?? 0n;
  if (total >= quorum && most >= threshold) return chosen;
  throw wrongUse(
    `${named === "" ? "all delegates" : "these voters"} of ${chain.source} have ${amountText(total)} of votes, the largest ${amountText(most)}; the quorum is ${amountText(quorum)}${proposing ? ` and proposing needs ${amountText(threshold)}` : ""}: name LAT holders with --voter <address>,<address> (they are impersonated on the copy alone), or delegate LAT first (gov:delegate)`,
  );
}
