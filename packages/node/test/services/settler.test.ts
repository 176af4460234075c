import { expect } from "chai";
import { JobState } from "../../src/core/job.ts";
import { createSettlerMetrics } from "../../src/services/settler/metrics.ts";
import { SettlerService } from "../../src/services/settler/service.ts";
import { OTHER, SELF } from "../helpers/jobs.ts";
import { matching, setup, signal } from "../helpers/workers.ts";

describe("SettlerService", () => {
  const settlerOf = ({ common }: ReturnType<typeof setup>, earnings: bigint, held = false) => {
    const escrow = {
      earnings: async () => earnings,
      calls: {
        withdrawEarnings: (token: string, to: string, amount: bigint) => ({
          to: token,
          data: `${to}/${amount}`,
          label: "withdrawEarnings",
        }),
      },
    };
    const isHeld = async (jobId: bigint) => held && jobId === 1n;
    return new SettlerService({ ...common, escrow, isHeld, metrics: createSettlerMetrics() });
  };

  it("settles", async () => {
    const world = setup();
    const final = world.track(matching(), { state: JobState.Challengeable, provider: SELF });
    await settlerOf(world, 0n).settle(final, signal);
    expect(world.submitter.labels).to.deep.equal(["settle"]);
  });

  it("leaves a result in question alone", async () => {
    const world = setup();
    const final = world.track(matching(), { state: JobState.Challengeable, provider: SELF });
    await settlerOf(world, 0n, true).settle(final, signal);
    expect(world.submitter.labels).to.deep.equal([]);
  });

  it("withdraws all earnings, and sends nothing when there are none", async () => {
    const world = setup();
    const done = await settlerOf(world, 5n).withdraw("0xtoken", OTHER);
    expect(done?.amount).to.equal(5n);
    expect(world.submitter.submitted).to.deep.equal([
      { to: "0xtoken", data: `${OTHER}/5`, label: "withdrawEarnings" },
    ]);
    expect(await settlerOf(world, 0n).withdraw("0xtoken", OTHER)).to.equal(undefined);
    expect(world.submitter.submitted).to.have.lengthOf(1);
  });
});
