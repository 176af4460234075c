import { expect } from "chai";
import { type Service, Supervisor } from "../../src/shared/supervisor.ts";
import { failureOf } from "../helpers/failure.ts";
import { memoryLogger } from "../helpers/logger.ts";

function recorded(name: string, journal: string[], changes: Partial<Service> = {}): Service {
  return {
    name,
    start: () => {
      journal.push(`+${name}`);
    },
    close: () => {
      journal.push(`-${name}`);
    },
    ...changes,
  };
}

describe("Supervisor", () => {
  it("closes in reverse order, once", async () => {
    const journal: string[] = [];
    const supervisor = new Supervisor({ closeTimeoutMs: 100 }, memoryLogger());
    for (const name of ["a", "b", "c"]) await supervisor.start(recorded(name, journal));
    await Promise.all([supervisor.close(), supervisor.close()]);
    expect(journal).to.deep.equal(["+a", "+b", "+c", "-c", "-b", "-a"]);
  });

  it("closes what was started when a start fails", async () => {
    const journal: string[] = [];
    const supervisor = new Supervisor({ closeTimeoutMs: 100 }, memoryLogger());
    await supervisor.start(recorded("a", journal));
    const start = () => {
      throw new Error("port taken");
    };
    const error = await failureOf(supervisor.start(recorded("b", journal, { start })));
    expect(error.message).to.equal("port taken");
    expect(journal).to.deep.equal(["+a", "-b", "-a"]);
  });

  it("leaves a service behind that hangs or fails, says so, and closes the rest", async () => {
    const journal: string[] = [];
    const { logger, lines } = memoryLogger();
    const supervisor = new Supervisor({ closeTimeoutMs: 20 }, { logger });
    await supervisor.start(recorded("a", journal));
    const close = () => Promise.reject(new Error("broken"));
    await supervisor.start(recorded("failing", journal, { close }));
    await supervisor.start(recorded("hanging", journal, { close: () => new Promise(() => {}) }));
    await supervisor.close();
    expect(journal.at(-1)).to.equal("-a");
    expect(lines.map(({ details }) => details)).to.deep.equal([
      { service: "hanging", reason: "closing hanging took longer than 20 ms" },
      { service: "failing", reason: "broken" },
    ]);
  });
});
