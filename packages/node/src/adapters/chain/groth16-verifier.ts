import type { ProofWords } from "@lattice/zkml";
import { Contract, FetchRequest, JsonRpcProvider, Network } from "ethers";
import { NodeError } from "../../shared/errors.ts";
import { chainFailure } from "./failures.ts";

const REQUEST_TIMEOUT_MS = 20_000;
/** Reads carry no chain id, so any will do. */
const ANY_NETWORK = Network.from(1);

/**
 * Asks a verifier contract, as snarkjs's template declares it, about a proof.
 * @throws NodeError CONTRACTS_MISSING, RPC_UNREACHABLE, CALL_REVERTED when it is another contract.
 */
export async function askVerifier(
  url: string,
  address: string,
  publicSignals: readonly bigint[],
  proof: ProofWords,
): Promise<boolean> {
  const request = new FetchRequest(url);
  request.timeout = REQUEST_TIMEOUT_MS;
  const provider = new JsonRpcProvider(request, ANY_NETWORK, { staticNetwork: true });
  try {
    if ((await provider.getCode(address)) === "0x") {
      throw new NodeError(
        "CONTRACTS_MISSING",
        `there is no contract at ${address}; check the address and the chain`,
        { address },
      );
    }
    const inputs = `uint256[${publicSignals.length}]`;
    const abi = [
      `function verifyProof(uint256[2],uint256[2][2],uint256[2],${inputs}) view returns (bool)`,
    ];
    const [ax, ay, bx1, bx0, by1, by0, cx, cy] = proof;
    const b = [
      [bx1, bx0],
      [by1, by0],
    ];
    const call = new Contract(address, abi, provider).getFunction("verifyProof");
    return await call([ax, ay], b, [cx, cy], publicSignals);
  } catch (error) {
    throw error instanceof NodeError ? error : chainFailure(error, "verifyProof", url);
  } finally {
    provider.destroy();
  }
}
