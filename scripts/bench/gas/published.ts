/** A figure that another project published, beside the one of ours that comes nearest. */
export interface Published {
  readonly project: string;
  readonly what: string;
  /** As published, or worked out from it as `what` says. */
  readonly gas: string;
  readonly source: string;
  /** Name of our figure. */
  readonly ours: string;
  readonly difference: string;
}

const BOUNDLESS = "https://github.com/boundless-xyz/boundless/blob";
const BASIC = `[BoundlessMarketBasicTest.json](${BOUNDLESS}/3f5ddcce0d15521b1614e67cf1be7e594a98db46/contracts/snapshots/BoundlessMarketBasicTest.json), pinned by commit`;
const BENCH = `[BoundlessMarketBench.json](${BOUNDLESS}/007c6455c126c037fe025461b8a29fd0e628ed69/contracts/snapshots/BoundlessMarketBench.json), pinned by commit`;
const POCO =
  "[PoCo pull request 67](https://github.com/iExecBlockchainComputing/PoCo/pull/67), 2024-04-22";

export const PUBLISHED: readonly Published[] = [
  {
    project: "Boundless",
    what: "one request, locked (136 582) and fulfilled (74 214)",
    gas: "210 796",
    source: BASIC,
    ours: "onchainJob",
    difference:
      "both without the check of a Groth16 proof; theirs pays in ether kept by the market, ours in an ERC-20 out of an escrow, with royalty and fee",
  },
  {
    project: "Boundless",
    what: "a request in a batch of 32: submitRootAndFulfill, 1 943 858 in all",
    gas: "60 746",
    source: BENCH,
    ours: "zkBatch32AllIn",
    difference:
      "their requests were locked before, and the proof of the root went to a mock verifier; ours takes the signed orders and checks 32 real proofs",
  },
  {
    project: "iExec",
    what: "a deal, matchOrdersBoost: average of 14 calls",
    gas: "494 315",
    source: POCO,
    ours: "onchainDrawnJob",
    difference:
      "theirs is the deal alone, result and payment come on top; ours runs from the order to the payment",
  },
  {
    project: "iExec",
    what: "a deal that a sponsor pays, sponsorMatchOrdersBoost: average of 8 calls",
    gas: "521 222",
    source: POCO,
    ours: "onchainDrawnJob",
    difference: "as above",
  },
  {
    project: "iExec",
    what: "finalising a task: contribution, reveal, finalisation",
    gas: "not published",
    source: "none found in its repositories, documentation and articles, 2026-11",
    ours: "onchainDrawnJob.prove",
    difference: "nothing to compare",
  },
  {
    project: "Livepeer",
    what: "a winning ticket redeemed on Ethereum",
    gas: "190 000 to 300 000",
    source:
      "[go-livepeer pull request 1553](https://github.com/livepeer/go-livepeer/pull/1553), 2020-06-30",
    ours: "voucher.perVoucher",
    difference:
      "a ticket stands for many jobs by chance, a voucher for the exact sum of them; later the estimate was raised to 350 000 ([pull request 1931](https://github.com/livepeer/go-livepeer/pull/1931), 2021-06-24)",
  },
  {
    project: "Livepeer",
    what: "a winning ticket redeemed on Arbitrum, as the node assumes it",
    gas: "1 200 000",
    source:
      "[go-livepeer issue 2483](https://github.com/livepeer/go-livepeer/issues/2483), 2022-06-30",
    ours: "voucher.perVoucher",
    difference: "gas of Arbitrum counts the data for Ethereum too: not the same unit",
  },
];
