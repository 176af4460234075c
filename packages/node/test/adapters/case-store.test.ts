import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { DirectoryCaseStore, lotterySecret } from "../../src/adapters/state-fs/case-store.ts";
import { FileQuestionStore } from "../../src/adapters/state-fs/question-store.ts";
import type { DisputeCase, OpenQuestion } from "../../src/core/ports/state.ts";
import { result } from "../helpers/challenger.ts";
import { temporaryDirectory } from "../helpers/directory.ts";
import { OTHER, SELF, word } from "../helpers/jobs.ts";
import { memoryLogger } from "../helpers/logger.ts";

describe("DirectoryCaseStore", () => {
  const directory = temporaryDirectory();
  const open = (logger = memoryLogger().logger) =>
    new DirectoryCaseStore({ directory: join(directory.path, "cases") }, { logger });
  const accusation = { kind: "step", evidence: "0xee", what: "it", salt: word(9) } as const;

  it("gives back what was saved last, the oldest result first", async () => {
    const first: DisputeCase = { result: result({ block: 9 }), phase: "unchecked" };
    const second: DisputeCase = {
      result: result({ subject: word(2), block: 3 }),
      phase: "inquiring",
    };
    const accused: DisputeCase = { ...first, phase: "accused", accusation };
    for (const one of [first, second, accused]) await open().save(one);
    expect(await open().loadAll()).to.deep.equal([second, accused]);
    await open().remove(second.result);
    expect(await open().loadAll()).to.deep.equal([accused]);
  });

  it("tells the same subject of two markets apart", async () => {
    for (const market of [SELF, OTHER]) {
      await open().save({ result: result({ market }), phase: "unchecked" });
    }
    expect(await open().loadAll()).to.have.lengthOf(2);
  });

  it("leaves an unreadable file out, and reports it", async () => {
    await open().save({ result: result(), phase: "unchecked" });
    const [name] = await readdir(join(directory.path, "cases"));
    await writeFile(join(directory.path, "cases", String(name)), '{"phase":"unknown"}');
    const { logger, lines } = memoryLogger();
    expect(await open(logger).loadAll()).to.deep.equal([]);
    expect(lines.map(({ level }) => level)).to.deep.equal(["error"]);
  });

  it("has nothing before something was saved", async () => {
    expect(await open().loadAll()).to.deep.equal([]);
  });
});

describe("lotterySecret", () => {
  const directory = temporaryDirectory();

  it("makes a secret on first use that only its owner can read, and keeps it", async () => {
    const file = join(directory.path, "lottery");
    const secret = await lotterySecret(file);
    expect(secret).to.have.lengthOf(32);
    expect(await lotterySecret(file)).to.deep.equal(secret);
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect(await lotterySecret(join(directory.path, "other"))).to.not.deep.equal(secret);
  });
});

describe("FileQuestionStore", () => {
  const directory = temporaryDirectory();
  const question: OpenQuestion = {
    ...{ kind: "inquiry", market: OTHER, subject: word(1), asker: SELF, block: 4 },
  };

  it("gives back what was saved last", async () => {
    const file = join(directory.path, "questions.json");
    const { logger, lines } = memoryLogger();
    const store = new FileQuestionStore({ file }, { logger });
    expect(await store.load()).to.deep.equal([]);
    await store.save([question, { ...question, kind: "demand" }]);
    await store.save([question]);
    expect(await store.load()).to.deep.equal([question]);
    expect(await readFile(file, "utf8")).to.match(/\n$/);
    await writeFile(file, "[");
    expect(await store.load()).to.deep.equal([]);
    expect(lines.map(({ level }) => level)).to.deep.equal(["error"]);
  });
});
