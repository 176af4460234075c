import { expect } from "chai";
import { NodeError } from "../../src/shared/errors.ts";
import { backoffMs, retry } from "../../src/shared/retry.ts";
import { failureOf } from "../helpers/failure.ts";

const outage = () => new NodeError("RPC_UNREACHABLE", "no answer");
const pace = { attempts: 3, baseMs: 1, maxMs: 2 };

describe("retry", () => {
  it("repeats retryable failures until one call succeeds", async () => {
    const seen: number[] = [];
    const result = await retry(async (attempt) => {
      seen.push(attempt);
      if (attempt < 2) throw outage();
      return "done";
    }, pace);
    expect(result).to.equal("done");
    expect(seen).to.deep.equal([0, 1, 2]);
  });

  it("gives up after its attempts with the last failure", async () => {
    let calls = 0;
    const error = await failureOf(
      retry(async () => {
        calls++;
        throw outage();
      }, pace),
    );
    expect(calls).to.equal(3);
    expect(error).to.include({ code: "RPC_UNREACHABLE" });
  });

  it("does not repeat failures that stay", async () => {
    let calls = 0;
    await failureOf(
      retry(async () => {
        calls++;
        throw new NodeError("KEY_INVALID", "no key");
      }, pace),
    );
    expect(calls).to.equal(1);
  });

  it("stops when its signal aborts", async () => {
    const abort = new AbortController();
    const error = failureOf(
      retry(
        async () => {
          abort.abort();
          throw outage();
        },
        { ...pace, baseMs: 60_000, maxMs: 60_000, signal: abort.signal },
      ),
    );
    expect((await error).name).to.equal("AbortError");
  });
});

describe("backoffMs", () => {
  it("doubles up to its bound, at least half of it each time", () => {
    for (const [attempt, full] of [
      [0, 100],
      [1, 200],
      [3, 800],
      [10, 1_000],
      [5_000, 1_000],
    ] as const) {
      const pause = backoffMs(attempt, 100, 1_000);
      expect(pause, `attempt ${attempt}`).to.be.within(full / 2, full);
    }
  });
});
