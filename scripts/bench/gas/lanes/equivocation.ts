import { type Receipt, signReceipt } from "@lattice/sdk";
import { id } from "ethers";
import { rewindClock } from "../clock.ts";
import type { Figures } from "../figures.ts";
import { gasOf } from "../measure.ts";
import { domainOf, inferenceOf, type Place } from "../place.ts";

/**
 * A provider that signed two results for one order, reported by a third party that settles the report later. The second
 * such report and settlement are measured.
 */
export async function measureEquivocation(place: Place): Promise<Figures> {
  const snapshot = await place.chain.networkHelpers.takeSnapshot();
  const equivocationFirstUse = await report(place, id("first order"));
  const equivocationSettlementFirstUse = await settle(place, id("first order"));
  const equivocation = await report(place, id("second order"));
  const equivocationSettlement = await settle(place, id("second order"));
  await snapshot.restore();
  return {
    equivocation,
    equivocationFirstUse,
    equivocationSettlement,
    equivocationSettlementFirstUse,
    equivocationInAll: equivocation + equivocationSettlement,
  };
}

async function report(place: Place, subject: string): Promise<number> {
  const { equivocation, settlement, actors } = place;
  const domain = await domainOf(place, "Equivocation", equivocation);
  const market = await settlement.getAddress();
  const state = async (output: string) => {
    const receipt: Receipt = { market, subject, outputCommitment: output };
    return {
      outputCommitment: output,
      signature: await signReceipt(actors.ada, domain, receipt),
    };
  };
  const first = await state(inferenceOf(place, 0).outputCommitment);
  const second = await state(inferenceOf(place, 1).outputCommitment);
  return gasOf(
    equivocation.connect(actors.reporter).report(actors.ada, market, subject, first, second),
  );
}

async function settle(place: Place, subject: string): Promise<number> {
  const { chain, equivocation, settlement, actors } = place;
  // What burns is a checkpoint of LAT's supply for each second: within one second the next would cost a slot less.
  await rewindClock(chain);
  return gasOf(equivocation.connect(actors.reporter).settle(actors.ada, settlement, subject));
}
