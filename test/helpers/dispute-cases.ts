import { type DisputeClaim, jobClaim, jobIdOf, type Order } from "@lattice/sdk";
import {
  AbiCoder,
  type BaseContract,
  type ContractTransactionResponse,
  id,
  keccak256,
  parseEther,
  solidityPackedKeccak256,
  ZeroHash,
} from "ethers";
import type { DisputeGame } from "../../typechain-types/contracts/disputes/DisputeGame.ts";
import { tensorOf, traceOf } from "./dispute-trees.ts";
import { bondedOrder, deployMarketplace, OUTPUT_DIGEST, postAssigned } from "./orders.ts";
import type { Chain, Signer } from "./system.ts";

/** Ground of a verdict, as the contracts number them. */
export const Ground = {
  None: 0n,
  WrongStep: 1n,
  WrongTrace: 2n,
  ContradictingProof: 3n,
  Silence: 4n,
  Equivocation: 5n,
} as const;
export const Turn = { None: 0n, Provider: 1n, Inquirer: 2n, Closed: 3n } as const;
export const Place = { Trace: 0n, Tensors: 1n, Tensor: 2n, Chunks: 3n, Chunk: 4n } as const;

export const BOND = parseEther("20");
export const OPENING_BOND = parseEther("1");
export const RESPONSE_SECONDS = 40;
export const PRIORITY_SECONDS = 3_600;
export const OWN_ADDRESS_SECONDS = 7 * 86_400;
export const CHALLENGE_SECONDS = 240;
export const COLLATERAL = parseEther("100");
/** Shares of the collateral by the tests' parameters. */
export const COMPENSATION = parseEther("50");
export const BOUNTY = parseEther("10");

/** The trace that the tests' provider committed: 19 tensors, of which one has 18 chunks. */
export const TRACE = traceOf(
  Array.from({ length: 19 }, (_, i) => tensorOf(i, i === 7 ? 18_000 : 10 + i)),
);
export const INPUT_ROOT = TRACE.tensors[0]?.root ?? ZeroHash;

/** A result that can be disputed. */
export interface DisputeBase {
  readonly chain: Chain;
  readonly disputes: DisputeGame;
  /** Market of the result. */
  readonly market: BaseContract;
}

const abi = AbiCoder.defaultAbiCoder();
const ROOTS = ["bytes32", "bytes32", "bytes32", "bytes32", "bytes32"];

export type Case = Awaited<ReturnType<typeof bondedCase>>;

/** A bonded job of Ada's, committed with `TRACE`, and challengers with LAT. */
export async function bondedCase(chain: Chain, changes: Partial<Order> = {}) {
  const assigned = await assignedCase(chain, changes);
  await assigned.market
    .connect(assigned.provider)
    .commit(assigned.order, TRACE.root, OUTPUT_DIGEST);
  const { deadline } = await assigned.market.jobOf(assigned.jobId);
  return { ...assigned, challengeableUntil: Number(deadline) };
}

/** The same before Ada committed. */
export async function assignedCase(chain: Chain, changes: Partial<Order> = {}) {
  const system = await deployMarketplaceWithReferee(chain);
  const { actors, disputes, token } = system;
  const order = await bondedOrder(system, actors.ada, { inputCommitment: INPUT_ROOT, ...changes });
  const { jobId } = await postAssigned(system, order);
  const people = [actors.reporter, actors.stranger, actors.ben, actors.requester, actors.ada];
  for (const person of people) {
    await token.connect(actors.deployer).transfer(person, parseEther("500"));
    await token.connect(person).approve(disputes, parseEther("500"));
  }
  const roots = [id("program"), id("weights"), INPUT_ROOT, ZeroHash, TRACE.root];
  return {
    ...{ chain, system, disputes, market: system.market, order, jobId, roots },
    ...{ provider: actors.ada, challenger: actors.reporter, rival: actors.stranger },
    requester: actors.requester,
    ...jobClaim(order),
  };
}

async function deployMarketplaceWithReferee(chain: Chain) {
  const system = await deployMarketplace(chain);
  const referee = await chain.ethers.getContractAt(
    "SteeredReferee",
    await system.disputes.OPERATOR_REFEREE(),
  );
  return { ...system, referee };
}

/** Evidence that the steered referee takes for `wrong` of these roots. */
export function evidenceOf(roots: readonly string[], wrong = true): string {
  const asked = keccak256(abi.encode(ROOTS, roots));
  return abi.encode(["bytes32", "bool"], [asked, wrong]);
}

/** Evidence of a proof, which also names verifier and context. */
export function proofEvidenceOf(
  roots: readonly string[],
  verifier: string,
  context: bigint,
  wrong = true,
): string {
  const asked = keccak256(
    abi.encode([...ROOTS, "bytes4", "uint256"], [...roots, verifier, context]),
  );
  return abi.encode(["bytes32", "bool"], [asked, wrong]);
}

/** Another piece of evidence that says the same: bytes behind it change its hash. */
export function variantOf(evidence: string, name: string): string {
  return evidence + solidityPackedKeccak256(["string"], [name]).slice(2);
}

/** Commits `challenger` to evidence against the claim's result. */
export async function commitTo(
  { disputes, market }: Pick<DisputeBase, "disputes" | "market">,
  { subject }: DisputeClaim,
  challenger: Signer,
  evidence: string,
  salt = id("salt"),
): Promise<{ transaction: ContractTransactionResponse; commitment: string; salt: string }> {
  const commitment = await disputes.commitmentOf(
    challenger,
    await market.getAddress(),
    subject,
    keccak256(evidence),
    salt,
  );
  const transaction = await disputes.connect(challenger).commit(commitment);
  return { transaction, commitment, salt };
}

/** Unix seconds of the latest block. */
export async function now({ networkHelpers }: Chain): Promise<number> {
  return networkHelpers.time.latest();
}

/** Unix seconds of the block that a transaction is in. */
export async function timeOf(chain: Chain, transaction: ContractTransactionResponse) {
  const block = await chain.ethers.provider.getBlock(transaction.blockNumber ?? "latest");
  if (!block) throw new Error("no block");
  return block.timestamp;
}

/** Convicts the case's result on a step, as `challenger`, without a commitment. */
export function convict(
  { disputes, market, claim, roots }: Pick<Case, "disputes" | "market" | "claim" | "roots">,
  challenger: Signer,
  salt = ZeroHash,
  evidence = evidenceOf(roots),
) {
  return disputes.connect(challenger).challengeStep(market, claim, evidence, salt);
}

/** Waits until the slash can be carried out. */
export async function passPriority({ chain, disputes, market, subject }: Case): Promise<void> {
  const { executableAt } = await disputes.verdictOf(market, subject);
  await chain.networkHelpers.time.increaseTo(executableAt);
}

/** Id of the order's job as the game calls it. */
export const subjectOf = (order: Order) => `0x${jobIdOf(order).toString(16).padStart(64, "0")}`;
