import { AbiCoder, keccak256, TypedDataEncoder } from "ethers";
import type { Lattice } from "./client.ts";
import { SdkError } from "./errors.ts";
import type { LatticeDomain } from "./signing/domain.ts";
import type { TypedDataSigner } from "./signing/signature.ts";
import { VOUCHER_TYPES, type Voucher } from "./signing/voucher.ts";

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

/** What a provider signs: the session may close once `redeemed` was paid. */
export interface Closure {
  readonly session: string;
  readonly redeemed: bigint;
}

export const CLOSURE_TYPES = {
  Closure: [
    { name: "session", type: "bytes32" },
    { name: "redeemed", type: "uint128" },
  ],
};

/** Id of the session that was opened as number `number`, counted from one over all requesters. */
export function sessionIdOf(
  { chainId, verifyingContract }: LatticeDomain,
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

/** Signs, as the provider, that a session may close at once. */
export function signClosure(
  signer: TypedDataSigner,
  domain: LatticeDomain,
  closure: Closure,
): Promise<string> {
  return signer.signTypedData(domain, CLOSURE_TYPES, { ...closure });
}

/** A session as it stands. Field meanings and units are those of the contracts' `Session`. */
export interface Session {
  readonly requester: string;
  readonly sponsor: string;
  readonly provider: string;
  readonly modelVersion: string;
  readonly paymentToken: string;
  readonly deposit: bigint;
  readonly redeemed: bigint;
  readonly collateral: bigint;
  readonly challengeSeconds: bigint;
  readonly maxUnsigned: bigint;
  readonly expiresAt: bigint;
  readonly royaltyPpm: bigint;
  readonly protocolFeePpm: bigint;
  readonly state: bigint;
  readonly closesAt: bigint;
  readonly redeemedAt: bigint;
  readonly backed: boolean;
  readonly voucherHash: string;
}

/** The session with this id. Throws `SdkError` SESSION_UNKNOWN when it was never opened. */
export async function readSession(
  { vouchers }: Pick<Lattice, "vouchers">,
  session: string,
): Promise<Session> {
  const found = await vouchers.sessionOf(session);
  if (found.state === 0n) {
    throw new SdkError(
      "SESSION_UNKNOWN",
      `There is no session ${session} in this contract; its id is in the SessionOpened event.`,
      { metadata: { session } },
    );
  }
  const { requester, sponsor, provider, modelVersion, paymentToken } = found;
  const { deposit, redeemed, collateral, challengeSeconds, maxUnsigned, expiresAt } = found;
  const { royaltyPpm, protocolFeePpm, state, closesAt, redeemedAt, backed, voucherHash } = found;
  return {
    ...{ requester, sponsor, provider, modelVersion, paymentToken },
    ...{ deposit, redeemed, collateral, challengeSeconds, maxUnsigned, expiresAt },
    ...{ royaltyPpm, protocolFeePpm, state, closesAt, redeemedAt, backed, voucherHash },
  };
}
