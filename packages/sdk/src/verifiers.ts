import { ZeroAddress } from "ethers";
import type { IVerifierRouter } from "../../../typechain-types/contracts/interfaces/IVerifierRouter.ts";

/** Gas caps of generated verifiers, each about twice what its pairings and public inputs need. */
const SINGLE_GAS = 500_000;
const GAS_PER_INPUT = 8_000;
/** Of a batch, only what every proof adds is known so well that little is left to spare: 32 fit one transaction. */
const BATCH_BASE_GAS = 400_000;
const BATCH_GAS_PER_PROOF = 60_000;

/** Verifiers of one model; `Address` is whatever names a contract where the set is used. */
export interface VerifierMembers<Address> {
  /** Checks one proof of one job. */
  readonly verifier: Address;
  /** Checks many proofs of the same key. */
  readonly batchVerifier?: Address | undefined;
  /** Checks one proof of `jobsPerProof` jobs. */
  readonly multiVerifier?: Address | undefined;
  readonly jobsPerProof?: number | undefined;
}

/** What `VerifierRouter.registerSet` and `selectorOfSet` take. */
export interface VerifierSet<Address> {
  readonly verifier: Address;
  readonly gasCap: number;
  readonly batchVerifier: Address | string;
  readonly batchBaseGas: number;
  readonly batchGasPerProof: number;
  readonly multiVerifier: Address | string;
  readonly multiGasCap: number;
  readonly jobsPerProof: number;
}

/**
 * A set of generated verifiers with the caps they need. The caps are part of the set's selector, so
 * that everybody who derives it from the same members gets the same one.
 */
export function verifierSet<Address>(members: VerifierMembers<Address>): VerifierSet<Address> {
  const { verifier, batchVerifier, multiVerifier, jobsPerProof = 0 } = members;
  const batched = batchVerifier !== undefined;
  const many = multiVerifier !== undefined;
  return {
    verifier,
    gasCap: SINGLE_GAS,
    batchVerifier: batchVerifier ?? ZeroAddress,
    batchBaseGas: batched ? BATCH_BASE_GAS : 0,
    batchGasPerProof: batched ? BATCH_GAS_PER_PROOF : 0,
    multiVerifier: multiVerifier ?? ZeroAddress,
    // The single verifier's cap covers the inputs of one job.
    multiGasCap: many ? SINGLE_GAS + 2 * (jobsPerProof - 1) * GAS_PER_INPUT : 0,
    jobsPerProof: many ? jobsPerProof : 0,
  };
}

/** Selector under which a deployment registers verifiers: a set's, or the verifier's own when it is alone. */
export function selectorOfMembers(
  router: IVerifierRouter,
  members: VerifierMembers<string>,
): Promise<string> {
  const alone = members.batchVerifier === undefined && members.multiVerifier === undefined;
  return alone
    ? router.selectorOf(members.verifier)
    : router.selectorOfSet(verifierSet<string>(members));
}
