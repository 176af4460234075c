import { deployAccessManager, deployProxy } from "./contracts.ts";
import type { Proof } from "./orders.ts";
import type { Chain } from "./system.ts";

export const MIN_GAS_CAP = 300_000n;
export const MAX_GAS_CAP = 1_000_000n;

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
