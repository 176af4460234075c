import type { ContractTransactionResponse, TransactionResponse } from "ethers";
import { getBytes } from "ethers";

type Sent = TransactionResponse | ContractTransactionResponse;

const TRANSACTION_GAS = 21_000;
const ZERO_BYTE_GAS = 4;
const OTHER_BYTE_GAS = 16;

/** Gas of a whole transaction: its base, its calldata, what it executed, less the refund. */
export async function gasOf(sent: Sent | Promise<Sent>): Promise<number> {
  const receipt = await (await sent).wait();
  if (receipt?.status !== 1) throw new Error("A measured transaction did not succeed.");
  return Number(receipt.gasUsed);
}

/** What a transaction with this calldata costs before it executes anything (EIP-2028). */
export function intrinsicGas(data: string): number {
  const bytes = getBytes(data);
  const zeros = bytes.filter((byte) => byte === 0).length;
  return TRANSACTION_GAS + zeros * ZERO_BYTE_GAS + (bytes.length - zeros) * OTHER_BYTE_GAS;
}

/** Gas that a transaction executed: the whole less its base and calldata. */
export async function executionGasOf(sent: Sent | Promise<Sent>): Promise<number> {
  const transaction = await sent;
  return (await gasOf(transaction)) - intrinsicGas(transaction.data);
}

/** Gas for each of `count`, rounded up. */
export function perJob(gas: number, count: number): number {
  return Math.ceil(gas / count);
}
