import { AbiCoder, keccak256 } from "ethers";

/** Order of BN254's scalar field: public inputs of a proof lie below it (EIP-197). */
export const SCALAR_FIELD =
  21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** What a proof is bound to. */
export interface ProofBinding {
  readonly chainId: bigint | number;
  readonly market: string;
  readonly orderHash: string;
  readonly provider: string;
  readonly modelVersion: string;
}

/** First public input of a job's proof, as `JobMarket.proofContext` computes it. */
export function proofContext(binding: ProofBinding): bigint {
  const encoded = AbiCoder.defaultAbiCoder().encode(
    ["uint256", "address", "bytes32", "address", "bytes32"],
    [binding.chainId, binding.market, binding.orderHash, binding.provider, binding.modelVersion],
  );
  return BigInt(keccak256(encoded)) % SCALAR_FIELD;
}

/**
 * First public input of a proof of many jobs, as `ProofContext.computeMany` gives it: binds the
 * contexts of its jobs and their order.
 */
export function manyProofContext(contexts: readonly bigint[]): bigint {
  const encoded = AbiCoder.defaultAbiCoder().encode(["uint256[]"], [contexts]);
  return BigInt(keccak256(encoded)) % SCALAR_FIELD;
}
