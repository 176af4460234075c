import { jobClaim } from "@lattice/sdk";
import type { CommittedModel, CommittedTrace } from "@lattice/zkml";
import { hexlify, parseEther } from "ethers";
import { settleWeights } from "./epochs.ts";
import {
  bondedOrder,
  deployMarketplace,
  OUTPUT_DIGEST,
  postAssigned,
  publishModel,
} from "./orders.ts";
import type { Chain } from "./system.ts";

/** A bonded job of Ada's on a published model, committed with `trace`, before the real referees; challengers have LAT. */
export async function refereedCase(
  chain: Chain,
  { program, constants }: CommittedModel,
  trace: CommittedTrace,
) {
  const system = await deployMarketplace(chain, { beacon: "steered", referees: "real" });
  const { actors, disputes, market, token, registry, verifier } = system;
  const modelVersion = await publishModel(system, await verifier.getAddress(), {
    programRoot: program.root,
    weightsRoot: constants.root,
  });
  await registry.connect(actors.ada).setOffer(modelVersion, token, parseEther("1"));
  await settleWeights(system);
  const inputCommitment = hexlify(trace.tensors[0]?.root ?? "0x");
  const order = await bondedOrder({ ...system, modelVersion }, actors.ada, { inputCommitment });
  const { jobId } = await postAssigned(system, order);
  await market.connect(actors.ada).commit(order, trace.root, OUTPUT_DIGEST);
  for (const person of [actors.reporter, actors.stranger, actors.requester]) {
    await token.connect(actors.deployer).transfer(person, parseEther("500"));
    await token.connect(person).approve(disputes, parseEther("500"));
  }
  return {
    ...{ chain, system, disputes, market, order, jobId },
    ...{ provider: actors.ada, challenger: actors.reporter, rival: actors.stranger },
    requester: actors.requester,
    ...jobClaim(order),
  };
}
