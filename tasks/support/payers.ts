import type { Lattice, Order } from "@lattice/sdk";
import { ZeroAddress } from "ethers";
import type { TaskContext } from "./context.ts";
import { ensureFunding, type Funding } from "./payment.ts";
import { tokenText } from "./tokens.ts";

/** Who pays for an order. */
export function payerOf({ requester, sponsor }: Order): string {
  return sponsor === ZeroAddress ? requester : sponsor;
}

async function sponsorshipGap(lattice: Lattice, order: Order): Promise<string | undefined> {
  const { sponsor, requester, paymentToken, maxPrice } = order;
  if (sponsor === ZeroAddress || sponsor === requester) return undefined;
  const allowed = await lattice.market.sponsorshipOf(sponsor, requester, paymentToken);
  if (allowed >= maxPrice) return undefined;
  const text = await tokenText(lattice, paymentToken);
  return `${sponsor} sponsors at most ${text(allowed)} more for ${requester}, and the order locks ${text(maxPrice)}; the sponsor raises that with job:sponsor`;
}

async function depositGap(lattice: Lattice, order: Order): Promise<string | undefined> {
  const { escrow, addresses } = lattice;
  const { paymentToken, maxPrice } = order;
  const payer = payerOf(order);
  const { deposit } = await escrow.accountOf(payer, paymentToken);
  if (deposit < maxPrice) {
    const text = await tokenText(lattice, paymentToken);
    const how = payer === order.requester ? "when it signs with --fund" : "with job:sponsor";
    return `${payer} pays for the order, which locks ${text(maxPrice)}, and has ${text(deposit)} deposited; it deposits the rest ${how}`;
  }
  if (await escrow.isMarketAllowed(payer, addresses.contracts.JobMarket)) return undefined;
  return `${payer} pays for the order, and has not allowed JobMarket to lock its deposit (PaymentEscrow.setMarket)`;
}

/** What is missing before the payer's deposit can be locked for an order; undefined when nothing is. */
export async function paymentGap(lattice: Lattice, order: Order): Promise<string | undefined> {
  return (await sponsorshipGap(lattice, order)) ?? (await depositGap(lattice, order));
}

/**
 * Makes sure that what an order locks is there. Deposits what is missing when the account pays itself.
 * @throws Error saying what is missing when another account pays.
 */
export async function ensurePayment(
  { connection, account, signer }: TaskContext,
  order: Order,
): Promise<Funding | undefined> {
  const { lattice } = connection;
  const own = payerOf(order) === account;
  const gap = own ? await sponsorshipGap(lattice, order) : await paymentGap(lattice, order);
  if (gap !== undefined) throw new Error(gap);
  if (!own) return undefined;
  return await ensureFunding(lattice, order.paymentToken, signer, order.maxPrice);
}
