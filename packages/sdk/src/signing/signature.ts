import {
  Contract,
  dataLength,
  dataSlice,
  getAddress,
  isHexString,
  type Provider,
  recoverAddress,
  type TypedDataDomain,
  TypedDataEncoder,
  type TypedDataField,
} from "ethers";

/** Types of EIP-712 structs, as ethers takes them. */
export type TypedDataTypes = Record<string, TypedDataField[]>;

/** What signs typed data: any ethers signer. */
export interface TypedDataSigner {
  signTypedData(
    domain: TypedDataDomain,
    types: TypedDataTypes,
    value: Record<string, unknown>,
  ): Promise<string>;
}

export interface SignatureCheck {
  readonly signer: string;
  readonly signature: string;
  /** Needed for contract accounts (ERC-1271). Without it, only keys can have signed. */
  readonly provider?: Provider;
}

const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;
const MAGIC = "0x1626ba7e";
const ERC1271 = ["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"];

/** Signer of a 65-byte signature as contracts recover it: no compact form, one of the two s, v of 27 or 28. */
function recover(digest: string, signature: string): string | undefined {
  if (!isHexString(signature) || dataLength(signature) !== 65) return undefined;
  const v = Number(dataSlice(signature, 64));
  if (BigInt(dataSlice(signature, 32, 64)) > HALF_ORDER || (v !== 27 && v !== 28)) return undefined;
  try {
    return recoverAddress(digest, signature);
  } catch {
    // No point of the curve has this r.
    return undefined;
  }
}

/** Whether the contracts would take `signature` over a struct as `signer`'s. */
export async function verifyTypedData(
  domain: TypedDataDomain,
  types: TypedDataTypes,
  value: Record<string, unknown>,
  { signer, signature, provider }: SignatureCheck,
): Promise<boolean> {
  const digest = TypedDataEncoder.hash(domain, types, value);
  const isContract = provider !== undefined && (await provider.getCode(signer)) !== "0x";
  if (!isContract) return recover(digest, signature) === getAddress(signer);
  const account = new Contract(signer, ERC1271, provider);
  try {
    return (await account.getFunction("isValidSignature")(digest, signature)) === MAGIC;
  } catch (error) {
    // A contract that reverts, or that answers something else, has not signed. Whether the node answered is another matter.
    const { code } = error as { code?: unknown };
    if (code === "CALL_EXCEPTION" || code === "BAD_DATA") return false;
    throw error;
  }
}
