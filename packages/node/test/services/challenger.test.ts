import { expect } from "chai";
import { Ground } from "../../src/core/dispute.ts";
import { NodeError } from "../../src/shared/errors.ts";
import { accused, ChallengerWorld, result } from "../helpers/challenger.ts";
import { UNTIL } from "../helpers/disputes.ts";
import { OTHER, SELF, word } from "../helpers/jobs.ts";
import { argumentsOf } from "../helpers/market.ts";
import { EVIDENCE, rootOf } from "../helpers/traces.ts";

const RIGHT = rootOf(6, 8);
const WRONG = rootOf(6, 9);

describe("ChallengerService", () => {
  describe("about a result that is right", () => {
    it("verifies it, and is done", async () => {
      const world = new ChallengerWorld();
      await world.track(result({ traceRoot: RIGHT }));
      await world.settle();
      expect(world.outcomes).to.deep.equal(["verified"]);
      expect(world.submitter.labels).to.deep.equal([]);
      expect(world.metrics.snapshot()).to.include({ seen: 1, verified: 1, mismatches: 0 });
      expect(await world.cases.loadAll()).to.deep.equal([]);
    });

    it("believes the interpreter when this machine's kernels compute something else", async () => {
      const world = new ChallengerWorld();
      world.model.run = async () => ({ output: Uint8Array.of(6, 7), trace: { root: WRONG } });
      await world.track(result({ traceRoot: RIGHT }));
      await world.settle();
      expect(world.model.replays).to.equal(1);
      expect(world.outcomes).to.deep.equal(["verified"]);
      expect(world.told).to.not.include("mismatch");
    });

    it("takes one in once, and none that is over", async () => {
      const world = new ChallengerWorld();
      await world.track(result({ traceRoot: RIGHT }));
      await world.track(result({ traceRoot: RIGHT }));
      expect(world.metrics.snapshot().seen).to.equal(1);
      world.disputes.refresh = async () => undefined;
      await world.track(result({ subject: word(2) }));
      expect(world.metrics.snapshot().seen).to.equal(1);
    });
  });

  describe("about what it cannot recompute", () => {
    it("waits for the input, says so once, and gives up when the window has passed", async () => {
      const world = new ChallengerWorld();
      world.artifacts.held.clear();
      await world.track(result());
      await world.settle();
      await world.settle();
      expect(world.told).to.deep.equal(["seen", "missing"]);
      world.disputes.now = UNTIL;
      await world.settle();
      expect(world.outcomes).to.deep.equal(["unavailable"]);
      expect(world.metrics.snapshot()).to.include({ unavailable: 1, verified: 0 });
    });

    it("checks once the input has come", async () => {
      const world = new ChallengerWorld();
      const { held } = world.artifacts;
      const entries = [...held];
      held.clear();
      await world.track(result({ traceRoot: RIGHT }));
      await world.settle();
      for (const [digest, bytes] of entries) held.set(digest, bytes);
      await world.settle();
      expect(world.outcomes).to.deep.equal(["verified"]);
    });

    for (const [what, changes] of [
      ["an input that is not what the order commits to", { inputRoot: word(99) }],
      ["a model that is not what was registered", {}],
    ] as const) {
      it(`leaves ${what} alone`, async () => {
        const world = new ChallengerWorld();
        if (!("inputRoot" in changes)) {
          world.failsToOpen = new NodeError("MODEL_MISMATCH", "another program");
        }
        await world.track(result(changes));
        await world.settle();
        expect(world.outcomes).to.deep.equal(["uncheckable"]);
        expect(world.submitter.labels).to.deep.equal([]);
      });
    }

    it("checks an input that its lane does not state against nothing", async () => {
      const world = new ChallengerWorld();
      await world.track(result({ inputRoot: word(0), traceRoot: RIGHT }));
      await world.settle();
      expect(world.outcomes).to.deep.equal(["verified"]);
    });
  });

  describe("about a wrong result whose trace is there", () => {
    it("commits, challenges, and carries out the slash when its time has come", async () => {
      const world = await accused();
      await world.settle();
      expect(world.submitter.labels).to.deep.equal(["approve", "commit", "challenge"]);
      const [approve, commit, challenge] = world.submitter.submitted;
      expect(argumentsOf(approve as never)).to.deep.equal(["50"]);
      const [of, { evidence }, salt] = argumentsOf(challenge as never) as [
        { subject: string },
        { evidence: string },
        string,
      ];
      expect([of.subject, evidence]).to.deep.equal([word(1), EVIDENCE]);
      expect(argumentsOf(commit as never)).to.deep.equal([[SELF, EVIDENCE, salt].join("/")]);
      expect(world.outcomes).to.deep.equal([]);
      world.disputes.now = world.disputes.standing.executableAt - 1;
      await world.settle();
      expect(world.submitter.labels).to.have.lengthOf(3);
      world.disputes.now++;
      await world.settle();
      expect(world.submitter.labels.slice(3)).to.deep.equal(["execute"]);
      expect(world.outcomes).to.deep.equal(["convicted"]);
      expect(world.told).to.deep.equal([
        ...["seen", "mismatch", "fault", "evidenceCommitted", "challenged", "executed", "done"],
      ]);
      expect(world.metrics.snapshot()).to.include({
        ...{ mismatches: 1, evidenceCommitted: 1, challenged: 1, convicted: 1 },
      });
    });

    it("uses a salt of its own for each result", async () => {
      const salts = await Promise.all(
        [accused(), accused()].map(async (world) => {
          await (await world).settle();
          const [one] = (await (await world).cases.loadAll()) ?? [];
          return one?.accusation?.salt;
        }),
      );
      expect(salts[0]).to.match(/^0x[0-9a-f]{64}$/);
      expect(salts[0]).to.not.equal(salts[1]);
    });

    it("shows its evidence again when somebody who found it later was faster", async () => {
      const world = await accused();
      await world.tick();
      await world.tick();
      expect(world.submitter.labels).to.deep.equal(["approve", "commit"]);
      world.disputes.now += 5;
      world.disputes.convict(OTHER, Ground.WrongStep);
      await world.settle();
      expect(world.submitter.labels).to.deep.equal(["approve", "commit", "challenge"]);
      expect(world.disputes.standing.reporter).to.equal(SELF);
    });

    it("is too late once the window has passed", async () => {
      const world = await accused();
      await world.tick();
      world.disputes.now = UNTIL;
      await world.settle();
      expect(world.submitter.labels).to.deep.equal([]);
      expect(world.outcomes).to.deep.equal(["expired"]);
    });
  });

  describe("sampling", () => {
    it("checks about the share that was asked for, the same with the same secret", async () => {
      const drawn = async (secret: Uint8Array) => {
        const world = new ChallengerWorld({ sample: 0.25, secret });
        for (let i = 1; i <= 200; i++) await world.track(result({ subject: word(i) }));
        const open = await world.cases.loadAll();
        expect(open.length + world.outcomes.length).to.equal(200);
        return open.map((one) => one.result.subject).sort();
      };
      const first = await drawn(new Uint8Array(32));
      expect(first.length).to.be.within(25, 80);
      expect(await drawn(new Uint8Array(32))).to.deep.equal(first);
      expect(await drawn(new Uint8Array(32).fill(1))).to.not.deep.equal(first);
    });
  });

  describe("in a dry run", () => {
    it("says what is wrong, and sends nothing", async () => {
      const world = await accused({ dryRun: true });
      await world.settle();
      expect(world.submitter.labels).to.deep.equal([]);
      expect(world.told).to.deep.equal(["seen", "mismatch", "fault", "done"]);
      expect(world.outcomes).to.deep.equal(["dryRun"]);
    });

    it("opens no inquiry either", async () => {
      const world = new ChallengerWorld({ dryRun: true });
      await world.track(result());
      await world.settle();
      expect(world.submitter.labels).to.deep.equal([]);
      expect(world.outcomes).to.deep.equal(["dryRun"]);
    });
  });

  it("tries again later what failed, and says so once", async () => {
    const world = await accused();
    world.disputes.refusing.set("commit", "DisputeGameAlreadyCommitted");
    await world.settle();
    expect(world.told.filter((event) => event === "failed")).to.have.lengthOf(1);
    expect(await world.tick()).to.equal(0);
    world.wallMs += 60_000;
    await world.settle();
    expect(world.told.filter((event) => event === "failed")).to.have.lengthOf(1);
    expect(world.metrics.snapshot().failures).to.equal(2);
    world.disputes.refusing.clear();
    world.wallMs += 60_000;
    await world.settle();
    expect(world.disputes.standing.reporter).to.equal(SELF);
  });
});
