import type { DisputePort } from "../../core/ports/disputes.ts";
import type { Submitter } from "../../core/ports/transactions.ts";
import { NodeError } from "../../shared/errors.ts";

/**
 * Lets the dispute game take a bond of `amount` LAT (wei) from the submitter's account.
 * @throws NodeError BOND_UNFUNDED when the account holds less.
 */
export async function allowBond(
  amount: bigint,
  { disputes, submitter }: { readonly disputes: DisputePort; readonly submitter: Submitter },
  signal: AbortSignal,
): Promise<void> {
  const { address } = submitter;
  const balance = await disputes.balance(address);
  if (balance < amount) {
    throw new NodeError(
      "BOND_UNFUNDED",
      `the account ${address} holds ${balance} LAT wei, a bond takes ${amount}; send it LAT`,
      { address, balance, bond: amount },
    );
  }
  const isDone = async () => (await disputes.allowance(address)) >= amount;
  if (await isDone()) return;
  await submitter.submit(disputes.calls.approve(amount), { isDone, signal });
}
