import { expect } from "chai";
import { describeEvent } from "../../src/cli/describe-event.ts";

describe("describeEvent", () => {
  const assigned = {
    event: "assigned",
    jobId: 0xabcn << 244n,
    price: 5n,
    commitBy: 61,
    transaction: "0x00",
  } as const;

  it("says which seed drew a job", () => {
    expect(describeEvent({ ...assigned, epoch: 4n, pick: 1n })).to.equal(
      "job 0xabc00000…: drawn at 5 (epoch 4, pick 1), commit by 00:01:01 UTC",
    );
  });

  it("says of a direct job, which no seed drew, that it was taken", () => {
    expect(describeEvent({ ...assigned, epoch: 0n, pick: 0n })).to.equal(
      "job 0xabc00000…: taken at 5, commit by 00:01:01 UTC",
    );
  });
});
