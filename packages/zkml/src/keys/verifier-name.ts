import { ZkmlError } from "../errors/zkml-error.ts";

export type KeyStatus = "development" | "ceremony";

const DEVELOPMENT_MARK = "Dev";

/** Above the contract of a development key. */
export const DEVELOPMENT_NOTICE = `/// @notice DEVELOPMENT KEY: its secret is published, so anybody can forge proofs for it.
/// Deployment to a public network must be refused.
`;

/**
 * Refuses a name that is no identifier of a contract ending in `ending`, or that hides what its key is for.
 * @throws ZkmlError KEY_FAILED.
 */
export function requireVerifierName(contractName: string, ending: string, status: KeyStatus): void {
  const marked = contractName.includes(DEVELOPMENT_MARK);
  const wellFormed = /^[A-Z][A-Za-z0-9]*$/.test(contractName) && contractName.endsWith(ending);
  if (wellFormed && contractName !== ending && marked === (status === "development")) return;
  throw new ZkmlError(
    "KEY_FAILED",
    `"${contractName}" is no name for the verifier of a ${status} key; ` +
      `use letters and digits, end in ${ending}, and carry Dev for development keys only`,
    { contractName, status },
  );
}
