import { SCALAR_FIELD } from "@lattice/sdk";
import { id } from "ethers";
import { withClockStopped } from "../clock.ts";
import type { Figures } from "../figures.ts";
import { executionGasOf, gasOf, perJob } from "../measure.ts";
import { inferenceOf, type Place } from "../place.ts";
import type { Proof, Proofs } from "../proofs.ts";
import { proveMany, type Statement } from "../serving.ts";

const BATCHES = [8, 16, 32] as const;
const JOBS_PER_PROOF = 4;
const GAS_LIMIT = 5_000_000;

/** One proof checked by the router in a transaction of its own. */
async function sendVerify(place: Place, proof: Proof, inputs: Statement) {
  const { router, selector, actors } = place;
  if (!(await router.verify(selector, proof, inputs))) throw new Error("The proof does not hold.");
  const data = router.interface.encodeFunctionData("verify", [selector, proof, inputs]);
  return actors.stranger.sendTransaction({ to: router, data, gasLimit: GAS_LIMIT });
}

/**
 * Gas of checking a proof alone, without a transaction's base and calldata: what `router.verify` executes when it is
 * called with a cold router and verifier. A market's call costs a little more than is taken off for it.
 */
export async function verifyGas(place: Place, proof: Proof, statement: Statement): Promise<number> {
  return executionGasOf(await sendVerify(place, proof, statement));
}

/** Proofs without a market around them. */
export async function measureVerification(place: Place, proofs: Proofs): Promise<Figures> {
  const { router, selector, actors } = place;
  const rows = await proveMany(place, proofs, Math.max(...BATCHES));
  const [first] = rows;
  if (!first) throw new Error("There is no proof to check.");
  const figures: Record<string, number> = {
    groth16Single: await gasOf(sendVerify(place, first.proof, first.statement)),
    groth16SingleExecution: await verifyGas(place, first.proof, first.statement),
  };
  for (const count of BATCHES) {
    const batch = rows.slice(0, count);
    const args: [string, Proof[], Statement[]] = [
      selector,
      batch.map(({ proof }) => proof),
      batch.map(({ statement }) => statement),
    ];
    if (!(await router.verifyBatch(...args))) throw new Error("The batch does not hold.");
    const data = router.interface.encodeFunctionData("verifyBatch", args);
    const sent = actors.stranger.sendTransaction({ to: router, data, gasLimit: GAS_LIMIT });
    figures[`verifyBatch${count}PerProof`] = perJob(await gasOf(sent), count);
  }
  return { ...figures, ...(await measureMany(place, proofs)) };
}

/** Several jobs in one proof. */
async function measureMany(place: Place, proofs: Proofs): Promise<Figures> {
  const { router, selector, actors } = place;
  const inferences = Array.from({ length: JOBS_PER_PROOF }, (_, i) => inferenceOf(place, i));
  const { proof, publicInputs } = await withClockStopped(place.chain, () =>
    proofs.proveFour(
      inferences.map((_, i) => contextOf(i)),
      inferences,
    ),
  );
  if (!(await router.verifyMany(selector, proof, publicInputs))) {
    throw new Error("The proof of four jobs does not hold.");
  }
  const data = router.interface.encodeFunctionData("verifyMany", [selector, proof, publicInputs]);
  const gas = await gasOf(
    actors.stranger.sendTransaction({ to: router, data, gasLimit: GAS_LIMIT }),
  );
  return { verifyMany4: gas, verifyMany4PerJob: perJob(gas, JOBS_PER_PROOF) };
}

/** A context as markets compute them: a hash in the scalar field. */
function contextOf(job: number): bigint {
  return BigInt(id(`job ${job}`)) % SCALAR_FIELD;
}
