/** One figure of the benchmark. Gas unless the name says otherwise; whole transactions unless the meaning does. */
export interface FigureInfo {
  readonly name: string;
  readonly meaning: string;
  /** Most gas that the protocol's design allows. */
  readonly target?: number;
}

/** What the benchmark must show, in the order of the report. Figures per job say so. */
export const HEADLINES = [
  {
    name: "onchainJob",
    meaning: "a job of tier Zk from a named provider: post and deliver, its proof's check excluded",
    target: 230_000,
  },
  {
    name: "signedBatch32",
    meaning: "a job of 32 signed orders of one requester: claim and release",
    target: 18_000,
  },
  {
    name: "signedBatch64Distinct",
    meaning: "a job of 64 signed orders, each of another requester: claim and release",
    target: 28_000,
  },
  {
    name: "voucherPerJob100x64",
    meaning: "a job of 64 vouchers over 100 jobs each, redeemed in one transaction",
    target: 400,
  },
  {
    name: "zkBatch32AllIn",
    meaning:
      "a job of 32 signed orders with 32 proofs, checked, settled and paid in one transaction",
    target: 85_000,
  },
  { name: "groth16Single", meaning: "one proof of three public inputs checked by the router" },
  {
    name: "equivocation",
    meaning: "a provider reported for two contradicting receipts: its stake taken for good",
    target: 95_000,
  },
  {
    name: "equivocationSettlement",
    meaning: "the same report settled: bounty paid, the rest burned, weights brought up to date",
  },
  { name: "equivocationInAll", meaning: "report and settlement of an equivocation together" },
  {
    name: "challengeOneStep",
    meaning:
      "a provider convicted for one element of a dense layer of 1 024 inputs: evidence, recomputation, verdict",
    target: 400_000,
  },
  {
    name: "challengeConvStep",
    meaning: "the same for a convolution of 3 × 3 over 64 channels",
    target: 600_000,
  },
  {
    name: "challengeWorstStep",
    meaning: "the same for the dearest step that a lowered program has",
    target: 1_500_000,
  },
  { name: "challengeTrace", meaning: "the same for a trace of another input than was ordered" },
  {
    name: "challengeProof",
    meaning: "the same by a zero-knowledge proof of another output of the digit classifier",
  },
  { name: "executeSlash", meaning: "a convicted provider's collateral taken, the job refunded" },
  {
    name: "openingRound",
    meaning: "a round of an inquiry: a question, and an answer of 16 nodes",
    target: 120_000,
  },
  { name: "beaconReveal", meaning: "an epoch begun by its leader, after 256 led epochs" },
  {
    name: "draw1024",
    meaning: "a draw from a pool of 1 024 as a call of another contract, transaction excluded",
    target: 50_000,
  },
] as const satisfies readonly FigureInfo[];
export type HeadlineName = (typeof HEADLINES)[number]["name"];

/** Figures by name; the headlines among them. */
export type Figures = Readonly<Record<string, number>>;

/** Adds what a lane measured; a name is measured once. */
export function mergeFigures(parts: readonly Figures[]): Figures {
  const merged: Record<string, number> = {};
  for (const [name, gas] of parts.flatMap((part) => Object.entries(part))) {
    if (name in merged) throw new Error(`Two lanes measured ${name}.`);
    if (!Number.isSafeInteger(gas) || gas <= 0) throw new Error(`${name} is no gas: ${gas}.`);
    merged[name] = gas;
  }
  for (const { name } of HEADLINES) {
    if (!(name in merged)) throw new Error(`No lane measured ${name}.`);
  }
  return merged;
}

/** The headlines first, then everything else by name. */
export function orderedNames(figures: Figures): string[] {
  const headlines: string[] = HEADLINES.map(({ name }) => name);
  const others = Object.keys(figures).filter((name) => !headlines.includes(name));
  return [...headlines.filter((name) => name in figures), ...others.sort()];
}
