import { CHUNK_BYTES, commitPacked, type HashTree, traceOf } from "@lattice/zkml";
import { hexlify, id } from "ethers";
import { encodeTensorHeader } from "../../../../packages/zkml/src/commitments/tensor-root.ts";
import { SeededRandom } from "../../../../packages/zkml/src/ir/random.ts";
import { deliveredJob, fundChallenger } from "../disputes/jobs.ts";
import type { Figures } from "../figures.ts";
import { gasOf } from "../measure.ts";
import type { Place } from "../place.ts";

/** More than 128, so that two rounds of 16 nodes lead from the root to a tensor. */
const TENSORS = 200;
const LEVELS = 4;
/** Asked for in the first round and in the second. */
const CHILD = 9;

/** An inquiry into a trace of random tensors: what is opened is hashes alone, whatever they are of. */
export async function measureInquiries(place: Place): Promise<Figures> {
  const { disputes, market, actors, modelVersion } = place;
  const { reporter, ada } = actors;
  await fundChallenger(place);
  const { tree, root } = randomTrace();
  const job = await deliveredJob(place, 0, {
    modelVersion,
    inputRoot: id("input"),
    traceRoot: root,
  });

  const inquire = await gasOf(disputes.connect(reporter).inquire(market, job.claim));
  const upper = nodesOf(tree, tree.depth - LEVELS, 0);
  const count = `0x${TENSORS.toString(16).padStart(8, "0")}`;
  const answer = (nodes: string[], data: string) =>
    disputes.connect(ada).answer(market, job.subject, reporter, nodes, data);
  const first = await gasOf(answer(upper, count));
  const ask = await gasOf(disputes.connect(reporter).ask(market, job.subject, CHILD, upper));
  const lower = nodesOf(tree, tree.depth - 2 * LEVELS, CHILD);
  const second = await gasOf(answer(lower, "0x"));
  return {
    openingRound: ask + second,
    "openingRound.ask": ask,
    "openingRound.answer": second,
    inquire,
    "inquire.firstAnswer": first,
  };
}

function randomTrace() {
  const random = new SeededRandom(TENSORS);
  const header = encodeTensorHeader("uint8", [CHUNK_BYTES], "row-major");
  const tensors = Array.from({ length: TENSORS }, () =>
    commitPacked(
      header,
      Uint8Array.from({ length: CHUNK_BYTES }, () => random.integer(0, 255)),
    ),
  );
  return traceOf(tensors);
}

/** The 16 nodes of a level that lie below the node `parent` four levels above. */
function nodesOf(tree: HashTree, level: number, parent: number): string[] {
  return Array.from({ length: 2 ** LEVELS }, (_, i) =>
    hexlify(tree.node(level, parent * 2 ** LEVELS + i)),
  );
}
