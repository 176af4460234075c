import { expect } from "chai";
import { describeWatchEvent } from "../../src/cli/describe-watch-event.ts";
import type { WatchEvent } from "../../src/core/watch-events.ts";
import { OTHER, word } from "../helpers/jobs.ts";

const about = { market: OTHER, subject: word(0xabcn << 244n) };
const sent = { transaction: "0xaa", gasUsed: 21_000n };

const LINES: readonly (readonly [WatchEvent, string])[] = [
  [{ event: "watching", address: OTHER, chainId: 7 }, `watching chain 7 as ${OTHER}`],
  [
    {
      ...{ event: "seen", provider: OTHER, modelVersion: word(1), traceRoot: word(2) },
      ...{ challengeableUntil: 61, ...about },
    },
    `result 0xabc00000…: by ${OTHER}, can be challenged until 00:01:01 UTC`,
  ],
  [
    { event: "mismatch", claimed: word(1), computed: word(2), traced: false, ...about },
    "result 0xabc00000…: WRONG: trace root 0x00000000…, it should be 0x00000000…; the trace is withheld",
  ],
  [
    { event: "tooDear", cost: 3n * 10n ** 17n, bounty: 10n ** 17n, ...about },
    "result 0xabc00000…: a challenge costs 0.3, its bounty is worth 0.1; left alone for now",
  ],
  [
    { event: "evidenceCommitted", bond: 20n * 10n ** 18n, ...about, ...sent },
    "result 0xabc00000…: committed to the evidence with a bond of 20.0 LAT (gas 21000)",
  ],
  [
    { event: "inquired", bond: 20n * 10n ** 18n, ...about, ...sent },
    "result 0xabc00000…: opened an inquiry with a bond of 20.0 LAT (gas 21000)",
  ],
  [
    { event: "asked", round: 1, child: 9, ...about, ...sent },
    "result 0xabc00000…: asked what lies below node 9 (question 2) (gas 21000)",
  ],
  [
    { event: "done", outcome: "verified", seconds: 1.234, ...about },
    "result 0xabc00000…: verified (1.23 s)",
  ],
  [
    { event: "done", outcome: "convicted", ...about },
    "result 0xabc00000…: the slash was carried out, the bounty is ours",
  ],
  [
    { event: "failed", code: "BOND_UNFUNDED", message: "too little", ...about },
    "result 0xabc00000…: failed (BOND_UNFUNDED): too little",
  ],
];

describe("describeWatchEvent", () => {
  for (const [event, line] of LINES) {
    it(`tells ${event.event} in a line`, () => {
      expect(describeWatchEvent(event)).to.equal(line);
    });
  }
});
