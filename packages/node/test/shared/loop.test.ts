import { expect } from "chai";
import { Loop } from "../../src/shared/loop.ts";
import { memoryLogger } from "../helpers/logger.ts";
import { until } from "../helpers/until.ts";

describe("Loop", () => {
  it("repeats its turn without overlap until closed", async () => {
    let running = 0;
    let most = 0;
    let turns = 0;
    const turn = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 3));
      running--;
      turns++;
    };
    const loop = new Loop({ name: "test", intervalMs: 1 }, turn, memoryLogger().logger);
    loop.start();
    loop.start();
    await until(() => turns >= 3);
    await loop.close();
    const after = turns;
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(most).to.equal(1);
    expect(turns).to.equal(after);
  });

  it("survives failures, logs them, and counts only consecutive ones", async () => {
    const { logger, lines } = memoryLogger();
    let turns = 0;
    const turn = async () => {
      turns++;
      if (turns <= 2) throw new Error("not yet");
    };
    const loop = new Loop({ name: "test", intervalMs: 1, maxBackoffMs: 4 }, turn, logger);
    loop.start();
    await until(() => turns >= 4);
    await loop.close();
    expect(lines.map(({ level }) => level)).to.deep.equal(["warn", "warn"]);
    expect(loop.failures).to.equal(0);
  });

  it("closes at once while it pauses", async () => {
    const loop = new Loop(
      { name: "test", intervalMs: 60_000 },
      async () => undefined,
      memoryLogger().logger,
    );
    loop.start();
    await new Promise((resolve) => setTimeout(resolve, 5));
    const started = performance.now();
    await loop.close();
    expect(performance.now() - started).to.be.lessThan(1_000);
  });
});
