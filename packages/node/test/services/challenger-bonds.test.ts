import { expect } from "chai";
import { Ground } from "../../src/core/dispute.ts";
import { accused, result } from "../helpers/challenger.ts";
import { COMMITMENT } from "../helpers/disputes.ts";
import { OTHER } from "../helpers/jobs.ts";

describe("ChallengerService about the bonds of its commitments", () => {
  it("shows evidence that counts later for its bond alone, once", async () => {
    const world = await accused();
    await world.tick();
    await world.tick();
    world.disputes.convict(OTHER, Ground.WrongStep, 1);
    await world.settle();
    expect(world.submitter.labels).to.deep.equal(["approve", "commit", "challenge"]);
    expect(world.disputes.redeemed.size).to.equal(1);
    expect(world.disputes.standing.reporter).to.equal(OTHER);
    expect(world.told).to.not.include("challenged");
    expect(world.outcomes).to.deep.equal(["outrun"]);
  });

  it("leaves it to somebody who found it earlier when no bond can return", async () => {
    const world = await accused();
    await world.tick();
    await world.tick();
    world.disputes.now += COMMITMENT;
    world.disputes.convict(OTHER, Ground.WrongStep, 1);
    await world.settle();
    expect(world.submitter.labels).to.deep.equal(["approve", "commit"]);
    expect(world.outcomes).to.deep.equal(["outrun"]);
  });

  it("commits again, with another salt, when its commitment counts no more", async () => {
    const world = await accused();
    world.disputes.open = { result: result(), challengeableUntil: 10_000 };
    await world.tick();
    await world.tick();
    world.disputes.now += COMMITMENT;
    await world.settle();
    expect(world.submitter.labels).to.deep.equal(["approve", "commit", "commit", "challenge"]);
    const [first, second] = world.disputes.commitments.keys();
    expect([...world.disputes.redeemed]).to.deep.equal([second]);
    expect(first).to.not.equal(second);
  });

  it("commits to nothing without the LAT for its bond", async () => {
    const world = await accused();
    world.disputes.funds = 49n;
    await world.settle();
    expect(world.submitter.labels).to.deep.equal([]);
    expect(world.events.at(-1)).to.include({ event: "failed", code: "BOND_UNFUNDED" });
  });
});
