import { getAddress, isAddress, isHexString } from "ethers";
import type { Lattice } from "../client.ts";
import { SdkError } from "../errors.ts";
import {
  type DecodedOrder,
  ORDER_TYPES,
  type Order,
  orderFromDecoded,
  randomNonce,
} from "../order.ts";
import { latticeDomain, SIGNING_DOMAINS } from "./domain.ts";
import { signOrder, verifyOrderSignature } from "./order.ts";
import type { TypedDataSigner } from "./signature.ts";

/** An order with its requester's signature, for whoever posts it. Says which contract it is for. */
export interface SignedOrder {
  readonly chainId: number;
  readonly market: string;
  readonly order: Order;
  readonly signature: string;
}

type Deployment = Pick<Lattice, "addresses" | "market" | "runner">;

function domainOf(chainId: number, market: string) {
  return latticeDomain(SIGNING_DOMAINS.JobMarket, { chainId, verifyingContract: market });
}

/** Signs an order for JobMarket. */
export async function signJobOrder(
  signer: TypedDataSigner,
  { addresses }: Pick<Lattice, "addresses">,
  order: Order,
): Promise<SignedOrder> {
  const { chainId, contracts } = addresses;
  const market = contracts.JobMarket;
  return {
    ...{ chainId, market, order },
    signature: await signOrder(signer, domainOf(chainId, market), order),
  };
}

/** Whether a nonce of the requester is used up or cancelled. */
export async function isNonceUsed(
  { market }: Pick<Lattice, "market">,
  requester: string,
  nonce: bigint,
): Promise<boolean> {
  const bits = await market.noncesUsed(requester, nonce >> 8n);
  return ((bits >> (nonce & 255n)) & 1n) === 1n;
}

/** A nonce that no order has: signing uses up none, so counting would give two signed orders the same one. */
export async function freshNonce(
  lattice: Pick<Lattice, "market">,
  requester: string,
): Promise<bigint> {
  for (;;) {
    const nonce = randomNonce();
    if (!(await isNonceUsed(lattice, requester, nonce))) return nonce;
  }
}

function invalid(what: string): SdkError {
  return new SdkError("ORDER_INVALID", `This is not a signed order: ${what}.`);
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  throw invalid(`${what} is not an object`);
}

/** A field of an order from JSON, where whole numbers may be strings. */
function fieldOf(name: string, type: string, value: unknown): string | bigint {
  if (type === "address" && isAddress(value)) return getAddress(value);
  if (type === "bytes32" && isHexString(value, 32)) return value;
  const isNumber = typeof value === "string" ? /^\d+$/.test(value) : Number.isSafeInteger(value);
  if (type.startsWith("uint") && isNumber) {
    const number = BigInt(value as string | number);
    if (number >= 0n && number < 1n << BigInt(type.slice("uint".length))) return number;
  }
  throw invalid(`order.${name} is no ${type}`);
}

/** Reads a signed order from parsed JSON. Throws `SdkError` ORDER_INVALID naming the field that is wrong. */
export function parseSignedOrder(value: unknown): SignedOrder {
  const { chainId, market, order, signature } = record(value, "it");
  const fields = record(order, "order");
  if (typeof chainId !== "number" || !Number.isSafeInteger(chainId)) {
    throw invalid("chainId is not a whole number");
  }
  if (!isAddress(market)) throw invalid("market is not an address");
  if (!isHexString(signature, true)) throw invalid("signature is not bytes");
  const decoded = Object.fromEntries(
    ORDER_TYPES.Order.map(({ name, type }) => [name, fieldOf(name, type, fields[name])]),
  );
  return {
    ...{ chainId, signature },
    market: getAddress(market),
    order: orderFromDecoded(decoded as unknown as DecodedOrder),
  };
}

/**
 * Checks that this deployment's JobMarket would take the signature and the nonce.
 * Throws `SdkError` ORDER_INVALID saying why not.
 */
export async function requirePostable(lattice: Deployment, signed: SignedOrder): Promise<void> {
  const { chainId, market, order, signature } = signed;
  const { addresses, runner } = lattice;
  if (chainId !== addresses.chainId || market !== addresses.contracts.JobMarket) {
    throw new SdkError(
      "ORDER_INVALID",
      `The order is signed for the market ${market} of chain ${chainId}, not for ${addresses.contracts.JobMarket} of chain ${addresses.chainId}.`,
    );
  }
  const check = runner.provider ? { signature, provider: runner.provider } : { signature };
  if (!(await verifyOrderSignature(domainOf(chainId, market), order, check))) {
    throw new SdkError(
      "ORDER_INVALID",
      `The signature is not that of the order's requester ${order.requester} over these terms.`,
    );
  }
  if (await isNonceUsed(lattice, order.requester, order.nonce)) {
    throw new SdkError(
      "ORDER_INVALID",
      `The order's nonce ${order.nonce} is used up or cancelled: it was posted before, or taken back.`,
    );
  }
}
