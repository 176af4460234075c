import { jobClaim } from "@lattice/sdk";
import type { IntegerTensor } from "@lattice/zkml";
import { expect } from "chai";
import { type DisputeMarket, postBonded } from "./dispute-market.ts";
import { changesSince, holdings } from "./holdings.ts";

/** As in deploy/parameters/local.json, LAT wei. */
const OPENING_BOND = 10n ** 18n;

/** What happens to outputs that nobody hands over. */
export function availabilityScenarios(
  open: () => DisputeMarket,
  nextInput: () => IntegerTensor,
): void {
  it("publishes the output that its requester demands", async () => {
    const world = open();
    const { honest, requester, market } = world;
    const job = await postBonded(world, honest.address, nextInput(), market.artifacts);
    await honest.saw("committed", job.jobId);
    const { disputes, token, addresses } = requester;
    const { JobMarket } = addresses.contracts;
    await (await token.approve(disputes, OPENING_BOND)).wait();
    const before = await holdings(world);
    await (await disputes.demandOutput(JobMarket, jobClaim(job.order).claim, 0, 1)).wait();
    await honest.saw("outputPublished", job.jobId);
    expect(await changesSince(world, before)).to.deep.equal({
      requester: -OPENING_BOND,
      honest: OPENING_BOND,
    });
    const [published] = await disputes.queryFilter(
      disputes.filters.ChunksPublished(JobMarket, job.subject),
      0,
    );
    const { output } = await world.traced.run(await market.artifacts.get(job.order.inputDigest));
    const { elementType } = world.model.graph.outputs[0] ?? {};
    expect(elementType).to.equal("int32");
    const bytes = Buffer.from(String(published?.args.chunks).slice(2), "hex");
    const expected = Buffer.from(output).swap32();
    expect(bytes.subarray(0, expected.length)).to.deep.equal(expected);
  });
}
