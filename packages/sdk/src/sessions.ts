import {
  AbiCoder,
  Contract,
  type ContractRunner,
  getAddress,
  keccak256,
  type Signer,
  type TypedDataDomain,
  TypedDataEncoder,
  verifyTypedData,
} from "ethers";
import type { Lattice } from "./client.ts";
import { SdkError } from "./errors.ts";

/** States of a session. Values are those of the contracts' `SessionState`; Closed is final. */
export const SessionState = { None: 0, Open: 1, Closing: 2, Closed: 3 } as const;
export type SessionState = (typeof SessionState)[keyof typeof SessionState];

/** Why a voucher was left out of a batch. Values are those of the contracts' `VoucherRejection`. */
export const VoucherRejection = {
  None: 0,
  UnknownSession: 1,
  SessionClosed: 2,
  NotProvider: 3,
  StaleAmount: 4,
  ExceedsDeposit: 5,
  InvalidSignature: 6,
  StakeTooLow: 7,
} as const;
export type VoucherRejection = (typeof VoucherRejection)[keyof typeof VoucherRejection];

function nameOf(names: Readonly<Record<string, number>>, value: number | bigint): string {
  const found = Object.entries(names).find(([, candidate]) => candidate === Number(value));
  return found ? found[0] : `Unknown(${value})`;
}

/** Name of a session's state, for people. */
export const sessionStateName = (state: number | bigint): string => nameOf(SessionState, state);

/** Name of the reason why a voucher was left out, for people. */
export const voucherRejectionName = (reason: number | bigint): string =>
  nameOf(VoucherRejection, reason);

/** What a session is opened with. Field meanings and units are those of the contracts' `SessionTerms`. */
export interface SessionTerms {
  readonly requester: string;
  /** Pays instead of the requester; the zero address when the requester pays. */
  readonly sponsor: string;
  readonly provider: string;
  readonly modelVersion: string;
  readonly paymentToken: string;
  /** Smallest token unit. */
  readonly deposit: bigint;
  /** LAT wei. */
  readonly collateral: bigint;
  readonly challengeSeconds: number;
  /** Most, in the smallest token unit, that the provider serves beyond the last voucher. */
  readonly maxUnsigned: bigint;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** What a requester signs: all that it owes since the session began. */
export interface Voucher {
  readonly session: string;
  /** Smallest token unit, every leg included. */
  readonly amount: bigint;
  readonly jobs: bigint;
  readonly jobsRoot: string;
}

/** What a provider signs: the session may close once `redeemed` was paid. */
export interface Closure {
  readonly session: string;
  readonly redeemed: bigint;
}

export const VOUCHER_TYPES = {
  Voucher: [
    { name: "session", type: "bytes32" },
    { name: "amount", type: "uint128" },
    { name: "jobs", type: "uint64" },
    { name: "jobsRoot", type: "bytes32" },
  ],
};

export const CLOSURE_TYPES = {
  Closure: [
    { name: "session", type: "bytes32" },
    { name: "redeemed", type: "uint128" },
  ],
};

/** EIP-712 domain of vouchers: what is signed for one chain and contract is worth nothing elsewhere. */
export function voucherDomain(chainId: number | bigint, verifyingContract: string) {
  return { name: "Lattice VoucherSettlement", version: "1", chainId, verifyingContract };
}

/** Id of the session that was opened as number `number`, counted from one over all requesters. */
export function sessionIdOf(
  { chainId, verifyingContract }: ReturnType<typeof voucherDomain>,
  requester: string,
  number: bigint,
): string {
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ["uint256", "address", "address", "uint256"],
      [chainId, verifyingContract, requester, number],
    ),
  );
}

/** EIP-712 struct hash of a voucher: what the contract remembers of the one redeemed last. */
export function hashVoucher(voucher: Voucher): string {
  return TypedDataEncoder.hashStruct("Voucher", VOUCHER_TYPES, voucher);
}

/** Signs a voucher as its requester. */
export function signVoucher(
  signer: Pick<Signer, "signTypedData">,
  domain: TypedDataDomain,
  voucher: Voucher,
): Promise<string> {
  return signer.signTypedData(domain, VOUCHER_TYPES, voucher);
}

/** Signs, as the provider, that a session may close at once. */
export function signClosure(
  signer: Pick<Signer, "signTypedData">,
  domain: TypedDataDomain,
  closure: Closure,
): Promise<string> {
  return signer.signTypedData(domain, CLOSURE_TYPES, closure);
}

const ERC1271 = [
  "function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)",
] as const;
const ERC1271_MAGIC = "0x1626ba7e";

/**
 * True when `requester` signed the voucher: with a key or, for a contract, by its own judgement (ERC-1271). What a
 * provider checks before it answers on the strength of a voucher.
 * @param runner Reads the chain; without one a contract's signature counts as invalid.
 */
export async function isVoucherSigned(
  domain: TypedDataDomain,
  voucher: Voucher,
  signature: string,
  requester: string,
  runner?: ContractRunner,
): Promise<boolean> {
  if (recoveredFrom(domain, voucher, signature) === getAddress(requester)) return true;
  const code = await runner?.provider?.getCode(requester);
  if (code === undefined || code === "0x") return false;
  const digest = TypedDataEncoder.hash(domain, VOUCHER_TYPES, voucher);
  const wallet = new Contract(requester, ERC1271, runner);
  try {
    return (await wallet.getFunction("isValidSignature")(digest, signature)) === ERC1271_MAGIC;
  } catch (error) {
    // A wallet refuses by reverting, or by an answer that is no bytes4.
    if (isRefusal(error)) return false;
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === "CALL_EXCEPTION" || code === "BAD_DATA";
}

/** Undefined when the bytes are no ECDSA signature at all. */
function recoveredFrom(
  domain: TypedDataDomain,
  voucher: Voucher,
  signature: string,
): string | undefined {
  try {
    return verifyTypedData(domain, VOUCHER_TYPES, voucher, signature);
  } catch {
    return undefined;
  }
}

/** A session as it stands. Field meanings and units are those of the contracts' `Session`. */
export type Session = Awaited<ReturnType<typeof readSession>>;

/** The session with this id. Throws `SdkError` SESSION_UNKNOWN when it was never opened. */
export async function readSession({ vouchers }: Pick<Lattice, "vouchers">, session: string) {
  const found = await vouchers.sessionOf(session);
  if (found.state === 0n) {
    throw new SdkError(
      "SESSION_UNKNOWN",
      `There is no session ${session} in this contract; its id is in the SessionOpened event.`,
      { metadata: { session } },
    );
  }
  return found;
}
