import { expect } from "chai";
import { ChallengerWorld, result } from "../helpers/challenger.ts";
import { word } from "../helpers/jobs.ts";
import { ROUNDS, rootOf } from "../helpers/traces.ts";

class Killed extends Error {
  override readonly name = "AbortError";
}

/** Plays a whole case to its end, with a provider that answers at once; restarts after each crash. */
async function play(world: ChallengerWorld): Promise<void> {
  for (let turn = 0; turn < 60 && world.outcomes.length === 0; turn++) {
    try {
      const moved = await world.tick();
      if (moved > 0) continue;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      await world.restart();
      continue;
    }
    const { disputes } = world;
    const { executableAt } = disputes.standing;
    if (executableAt > disputes.now) disputes.now = executableAt;
    else if (disputes.talk.exchanges.length < ROUNDS) disputes.reply(word(100));
  }
}

/** Dies once, before or after the n-th transaction took effect. */
function dieAt(world: ChallengerWorld, n: number, when: "before" | "after"): void {
  let count = 0;
  const die = () => {
    if (count++ === n) throw new Killed();
  };
  if (when === "before") world.beforeSubmit = die;
  else world.afterSubmit = die;
}

const COURSES = {
  evidence: ["approve", "commit", "challenge", "execute"],
  inquiry: ["approve", "inquire", "ask", "ask", "challenge", "closeInquiry", "execute"],
} as const;

describe("ChallengerService that is killed", () => {
  for (const [course, steps] of Object.entries(COURSES)) {
    for (const [n, step] of steps.entries()) {
      for (const when of ["before", "after"] as const) {
        it(`goes on when that happened ${when} ${step} (${n + 1} of ${course})`, async () => {
          const world = new ChallengerWorld();
          if (course === "evidence") await world.traces.put({ root: rootOf(6, 9) });
          await world.track(result());
          dieAt(world, n, when);
          await play(world);
          expect(world.outcomes).to.deep.equal(["convicted"]);
          const effects = world.submitter.labels.toSpliced(when === "before" ? n : steps.length, 1);
          expect(effects).to.deep.equal([...steps]);
          expect(await world.cases.loadAll()).to.deep.equal([]);
        });
      }
    }
  }

  it("recomputes the run when that happened in the middle of an inquiry", async () => {
    const world = new ChallengerWorld();
    await world.track(result());
    await world.settle();
    await world.restart();
    world.disputes.reply(word(100));
    await world.settle();
    expect(world.model.runs).to.equal(2);
    expect(world.model.replays, "confirmed once").to.equal(1);
    expect(world.submitter.labels).to.deep.equal(["approve", "inquire", "ask"]);
  });

  it("commits with the salt that was written down before", async () => {
    const world = new ChallengerWorld();
    await world.traces.put({ root: rootOf(6, 9) });
    await world.track(result());
    await world.tick();
    const [before] = await world.cases.loadAll();
    await world.restart();
    world.traces.held.clear();
    await world.settle();
    const [after] = await world.cases.loadAll();
    expect(before?.accusation?.salt).to.match(/^0x/);
    expect(after?.accusation).to.deep.equal(before?.accusation);
    expect(world.submitter.labels).to.deep.equal(["approve", "commit", "challenge"]);
  });
});
