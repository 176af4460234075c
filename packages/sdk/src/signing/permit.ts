import { Contract, type ContractRunner, Signature, type TypedDataDomain } from "ethers";
import type { TypedDataSigner } from "./signature.ts";

/** A token owner's leave to take `value`, until `deadline`, without a transaction of its own (EIP-2612). */
export interface Permit {
  readonly owner: string;
  readonly spender: string;
  readonly value: bigint;
  readonly nonce: bigint;
  /** Unix seconds. */
  readonly deadline: number;
  readonly v: 27 | 28;
  readonly r: string;
  readonly s: string;
}

export const PERMIT_TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

const TOKEN = [
  "function name() view returns (string)",
  "function version() view returns (string)",
  "function nonces(address owner) view returns (uint256)",
  "function eip712Domain() view returns (bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)",
];

function isMissing(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === "CALL_EXCEPTION" || code === "BAD_DATA";
}

/** The token's own word (ERC-5267), or else its name and version, which is 1 where it has none. */
async function domainOf(token: Contract, chainId: bigint): Promise<TypedDataDomain> {
  const verifyingContract = await token.getAddress();
  try {
    const { name, version } = await token.getFunction("eip712Domain")();
    return { name, version, chainId, verifyingContract };
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const name: string = await token.getFunction("name")();
  const version: string = await token
    .getFunction("version")()
    .catch((error: unknown) => {
      if (isMissing(error)) return "1";
      throw error;
    });
  return { name, version, chainId, verifyingContract };
}

/**
 * Signs a permit, for example for `PaymentEscrow.depositWithPermit`. The signer must be the owner and must have a
 * provider, which tells the nonce, the domain and the chain.
 */
export async function signPermit(
  signer: TypedDataSigner & ContractRunner & { getAddress(): Promise<string> },
  request: { token: string; spender: string; value: bigint; deadline: number },
): Promise<Permit> {
  const { spender, value, deadline } = request;
  const network = await signer.provider?.getNetwork();
  if (!network) throw new TypeError("The signer needs a provider to read the token's nonce from.");
  const token = new Contract(request.token, TOKEN, signer.provider);
  const owner = await signer.getAddress();
  const nonce: bigint = await token.getFunction("nonces")(owner);
  const message = { owner, spender, value, nonce, deadline };
  const domain = await domainOf(token, network.chainId);
  const { v, r, s } = Signature.from(await signer.signTypedData(domain, PERMIT_TYPES, message));
  return { ...message, v, r, s };
}
