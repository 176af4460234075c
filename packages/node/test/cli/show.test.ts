import { expect } from "chai";
import { statusRows } from "../../src/cli/actions/show.ts";
import type { ProviderStatus } from "../../src/composition/status.ts";
import { SELF } from "../helpers/jobs.ts";

describe("statusRows", () => {
  it("tells what the proof queue of a running provider holds and made", () => {
    const proof = { jobId: "16", since: 5, attempts: 2, running: false, retryAt: 7 };
    const status = JSON.parse(
      JSON.stringify({
        ...{ address: SELF, chainId: 31337, pid: 12, head: 5, handled: 5 },
        ...{ startedAt: "2026-01-01T00:00:00Z", writtenAt: "2026-01-01T00:01:00Z" },
        jobs: { open: 4, own: 3 },
        proofs: {
          ...{ waiting: 2, running: 1, oldestWaitSeconds: 61.4 },
          proofs: [
            { ...proof, lastError: "PROVER_FAILED: no memory" },
            { ...proof, jobId: "17" },
          ],
        },
        metrics: {
          prover: {
            ...{ proofs: 7, witnessMilliseconds: 1_500, proveMilliseconds: 12_340 },
            ...{ peakMemoryMiB: 240, failures: 3, abandoned: 1 },
          },
        },
      }),
    ) as ProviderStatus;
    expect(statusRows(status)).to.deep.equal([
      ["process", "12, as of 2026-01-01T00:01:00Z"],
      ["jobs", "4 open, 3 of them own"],
      ["proofs", "1 running, 2 waiting, the oldest for 61 s"],
      ["  made", "7 in 1.5 s of witnesses and 12.3 s of proofs, peak 240 MiB"],
      ["  failures", "3, given up 1"],
      ["  failing", `0x${"0".repeat(62)}10: attempt 2, PROVER_FAILED: no memory`],
    ]);
  });
});
