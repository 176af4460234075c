import { deployAccessManager, deployProxy } from "./contracts.ts";
import type { Proof } from "./orders.ts";
import type { Chain } from "./system.ts";

export const MIN_GAS_CAP = 300_000n;
export const MAX_GAS_CAP = 1_000_000n;

export const SCALAR_FIELD =
  21888242871839275222246405745257275088548364400416034343698204186575808495617n;
export const BASE_FIELD =
  21888242871839275222246405745257275088696311157297823662689037894645226208583n;
/** Gas that the router wants beyond what it forwards. */
export const CALL_OVERHEAD = 3_000n;

/** Ways in which UnrulyVerifier answers. */
export const Manner = {
  AnswersTrue: 0,
  AnswersFalse: 1,
  AnswersTwo: 2,
  AnswersShort: 3,
  AnswersLong: 4,
  Reverts: 5,
  BurnsAllGas: 6,
  AnswersTrueLate: 7,
} as const;

export type Inputs = [bigint, bigint, bigint];
export const INPUTS: Inputs = [1n, 2n, 3n];
export type { Proof };

/** A router under an AccessManager whose admin is `governance`, and a verifier that nobody registered yet. */
export async function deployRouter({ ethers }: Chain) {
  const [governance, publisher, stranger] = await ethers.getSigners();
  if (!governance || !publisher || !stranger) throw new Error("the chain offers too few accounts");
  const manager = await deployAccessManager(ethers, governance);
  const implementation = await ethers.deployContract("VerifierRouter");
  const router = await deployProxy(ethers, implementation, [await manager.getAddress()]);
  const verifier = await ethers.deployContract("TableVerifier");
  return { governance, publisher, stranger, manager, implementation, router, verifier };
}

/** The same, the verifier registered by the publisher at the least gas cap. */
export async function deployRegistered(chain: Chain) {
  const base = await deployRouter(chain);
  await base.router.connect(base.publisher).register(base.verifier, MIN_GAS_CAP);
  return { ...base, selector: await base.router.selectorOf(base.verifier) };
}

/** A set whose members are mocks. */
export interface MockSet {
  readonly verifier: string;
  readonly gasCap: bigint;
  readonly batchVerifier: string;
  readonly batchBaseGas: bigint;
  readonly batchGasPerProof: bigint;
  readonly multiVerifier: string;
  readonly multiGasCap: bigint;
  readonly jobsPerProof: bigint;
}

/** Verifiers that answer in one `manner`, each a contract of its own, for batches and for four jobs a proof. */
export async function deployMockSet({ ethers }: Chain, manner: number): Promise<MockSet> {
  const deploy = async () => (await ethers.deployContract("UnrulyVerifier", [manner])).getAddress();
  return {
    verifier: await deploy(),
    gasCap: 400_000n,
    batchVerifier: await deploy(),
    batchBaseGas: 300_000n,
    batchGasPerProof: 60_000n,
    multiVerifier: await deploy(),
    multiGasCap: 450_000n,
    jobsPerProof: 4n,
  };
}

/** A router with the mock set of one `manner` registered. */
export async function deployMockRouter(chain: Chain, manner: number) {
  const base = await deployRouter(chain);
  const set = await deployMockSet(chain, manner);
  await base.router.connect(base.publisher).registerSet(set);
  return { ...base, set, selector: await base.router.selectorOfSet(set) };
}
