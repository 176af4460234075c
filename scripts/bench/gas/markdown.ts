import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ROOT } from "../../solc/compile.ts";
import { grouped, table } from "../support/markdown-table.ts";
import { type Figures, orderedNames } from "./figures.ts";
import { PUBLISHED } from "./published.ts";
import { headlineRows } from "./report.ts";

/** Relative to the repository. */
export const DOCUMENT = "docs/benchmarks/gas.md";

const METHOD = `## Method

One command deploys the whole protocol on an in-memory chain and measures every lane there, so the figures are of the same
contracts and the same state: \`npm run bench:gas\` (add \`-- --json\` for one line of JSON, \`-- --write\` to write this page,
\`-- --snapshot\` to accept a change). Gas is counted, not timed: the figures do not depend on the machine.

- **Contracts**: the build that is deployed (solc 0.8.28, via IR, 200 runs), real ERC-1967 proxies, AccessManager with
  every role handed to the timelock, escrow and vault as they are. The payment token is LAT, a real ERC-20 with votes. No
  mock is on the chain.
- **Signatures and proofs**: EIP-712 orders, vouchers and receipts signed with ECDSA keys; BLS12-381 reveals checked with
  the precompiles; Groth16 proofs of the digit classifier (9 069 constraints, three public inputs), each of another
  statement and bound to its order.
- **What is counted**: \`gasUsed\` of whole transactions: their base of 21 000, calldata and execution. Figures per job are
  the sum of all the job's transactions, divided by the jobs and rounded up.
- **Steady state**: the accounts have been used once before, and the market has another job or batch open. Figures that
  end in \`FirstUse\` are those of accounts and storage that were never used.
- **Words**: prices and deposits have 18 decimals and are odd, commitments and digests are real ones, so that calldata has
  no zero bytes that production would not have. Every pool has 1 024 members, of which three have weight; the others
  are written into storage, as leaves that every draw and every change of weight passes on its way.
- **Proof excluded**: \`onchainJob\`, \`onchainDrawnJob\` and \`onchainAuctionJob\` are the sums of their steps less what the
  check of the proof executes. That is measured with the very proof of the job: \`gasUsed\` of \`router.verify\` in a
  transaction of its own, less that transaction's base and calldata. The market's own call to the router, and the proof's
  calldata in \`deliver\` or \`prove\`, stay in.
- **Two transactions of a slash**: \`equivocation\` is the report, after which the provider has lost the stake;
  \`equivocationSettlement\` pays the reporter, burns the rest and updates the weights of a provider with one offer, each
  further offer a tree more. \`equivocationInAll\` adds them up: together they cost more than one transaction would.
- **Disputes**: convictions are those of a job of tier Optimistic whose trace has one element that is off by one, found as a
  watcher finds it; inputs and weights are random bytes. \`challengeWorstStep\` is the dearest of four at the caps of a
  lowered program, the sum of a part before among their operands: taps apart from one another, windows as tall as can be
  and two taps wide, and a product whose terms lie apart. The round of an inquiry
  is one within the tree over tensors, where question and answer have 16 nodes each. \`executeSlash\` comes an hour after.
- \`draw1024\` is likewise what \`registry.draw\` executes, through its proxy, as a market's call of it would.
- A reveal is measured with the signature's check and the leader's draw from 1 024. The beacon remembers the leaders of
  256 epochs; the steady state writes over the oldest, \`beaconRevealFirstUse\` writes where nothing was.
`;

/** Writes the page. */
export async function writeDocument(figures: Figures): Promise<void> {
  const file = join(ROOT, DOCUMENT);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, document(figures));
}

function document(figures: Figures): string {
  const headlines = headlineRows(figures).map(({ name, meaning, gas, target, ratio, verdict }) => [
    `\`${name}\``,
    meaning,
    grouped(gas),
    target === undefined ? "" : grouped(target),
    ratio === undefined ? "" : ratio.toFixed(2),
    verdict,
  ]);
  const known = new Set(headlineRows(figures).map(({ name }) => name as string));
  const others = orderedNames(figures)
    .filter((name) => !known.has(name))
    .map((name) => [`\`${name}\``, grouped(figures[name] ?? 0)]);
  const published = PUBLISHED.map(({ project, what, gas, source, ours, difference }) => [
    project,
    what,
    gas,
    `${grouped(oursOf(figures, ours))} (\`${ours}\`)`,
    difference,
    source,
  ]);
  return [
    "# Gas",
    "<!-- Written by npm run bench:gas -- --write. -->",
    table(["Figure", "What", "Gas", "Target", "Ratio", "Verdict"], headlines, (column) =>
      [2, 3, 4].includes(column),
    ),
    METHOD.trimEnd(),
    "## Beside other markets",
    "What others published, each with its source, beside the figure of ours that comes nearest. They are not the same work: the fifth column says how they differ. Nothing here was measured by us on their contracts.",
    table(["Market", "What", "Gas", "Ours", "Difference", "Source"], published, (column) =>
      [2, 3].includes(column),
    ),
    "Boundless measures with Foundry, every call a transaction of its own (`isolate = true`), so its figures too hold base and calldata; its set-up puts `RiscZeroMockVerifier`, later `NullVerifier` and `NullAssessor`, where proofs are checked.",
    "## Everything that is measured",
    "`name.step` is one transaction of what `name` adds up.",
    `${table(["Figure", "Gas"], others, (column) => [1].includes(column))}\n`,
  ].join("\n\n");
}

function oursOf(figures: Figures, name: string): number {
  const gas = figures[name];
  if (gas === undefined) throw new Error(`${name} was not measured.`);
  return gas;
}
