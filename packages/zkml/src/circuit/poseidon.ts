import { buildPoseidonOpt } from "circomlibjs";

/** The other builds of the hash are faster, and take 100 MB and two seconds to make. */
let shared: ReturnType<typeof buildPoseidonOpt> | undefined;

/** Poseidon with circomlib's parameters of 1 to 16 field elements. */
export async function poseidonHash(inputs: readonly bigint[]): Promise<bigint> {
  shared ??= buildPoseidonOpt();
  const poseidon = await shared;
  return poseidon.F.toObject(poseidon(inputs));
}
