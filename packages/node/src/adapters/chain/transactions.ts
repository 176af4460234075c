import {
  isError,
  type JsonRpcApiProvider,
  keccak256,
  type TransactionReceipt,
  type Wallet,
} from "ethers";
import type {
  BroadcastOutcome,
  ContractCall,
  Fees,
  Receipt,
  SignedTransaction,
  TransactionPort,
} from "../../core/ports/transactions.ts";
import { NodeError } from "../../shared/errors.ts";
import type { ChainConnection } from "./connection.ts";

/** A receipt as ethers has it, as ours. */
export function toReceipt(receipt: TransactionReceipt): Receipt {
  return {
    transaction: receipt.hash,
    blockNumber: receipt.blockNumber,
    succeeded: receipt.status === 1,
    gasUsed: receipt.gasUsed,
    logs: receipt.logs.map(({ address, topics, data, blockNumber, transactionHash }) => ({
      address,
      topics,
      data,
      blockNumber,
      transactionHash,
    })),
  };
}

/** Prices, signs and broadcasts transactions of one key. */
export class WalletTransactions implements TransactionPort {
  readonly #connection: ChainConnection<JsonRpcApiProvider>;
  readonly #wallet: Wallet;

  constructor(connection: ChainConnection<JsonRpcApiProvider>, wallet: Wallet) {
    this.#connection = connection;
    this.#wallet = wallet;
  }

  get address(): string {
    return this.#wallet.address;
  }

  estimateGas({ to, data, label }: ContractCall): Promise<bigint> {
    const { provider, read } = this.#connection;
    return read(label, () => provider.estimateGas({ from: this.address, to, data }));
  }

  async simulate({ to, data, label }: ContractCall): Promise<void> {
    const { provider, read } = this.#connection;
    await read(label, () => provider.call({ from: this.address, to, data }));
  }

  async fees(): Promise<Fees> {
    const { provider, read } = this.#connection;
    const { maxFeePerGas, maxPriorityFeePerGas, gasPrice } = await read("reading fees", () =>
      provider.getFeeData(),
    );
    // Chains without a fee market have a gas price alone.
    const price = gasPrice ?? 0n;
    return {
      maxFeePerGas: maxFeePerGas ?? price,
      maxPriorityFeePerGas: maxPriorityFeePerGas ?? price,
    };
  }

  transactionCount(tag: "latest" | "pending"): Promise<number> {
    const { provider, read } = this.#connection;
    return read("reading the nonce", () => provider.getTransactionCount(this.address, tag));
  }

  async sign(
    { to, data }: ContractCall,
    nonce: number,
    gasLimit: bigint,
    fees: Fees,
  ): Promise<SignedTransaction> {
    const { chainId } = this.#connection.lattice.addresses;
    const raw = await this.#wallet.signTransaction({
      type: 2,
      chainId,
      to,
      data,
      nonce,
      gasLimit,
      ...fees,
    });
    return { raw, hash: keccak256(raw) };
  }

  async broadcast({ raw, hash }: SignedTransaction, call: ContractCall): Promise<BroadcastOutcome> {
    const { provider, read } = this.#connection;
    return await read(call.label, async () => {
      try {
        await provider.send("eth_sendRawTransaction", [raw]);
        return "accepted";
      } catch (error) {
        if (isError(error, "NONCE_EXPIRED")) return "nonceUsed";
        if (isError(error, "REPLACEMENT_UNDERPRICED")) return "underpriced";
        // "Already known", or mined at once and failed: nodes word it differently, so look.
        if (await provider.getTransaction(hash)) return "accepted";
        await this.#requireFunds(call);
        throw error;
      }
    });
  }

  async receipt(hash: string): Promise<Receipt | undefined> {
    const { provider, read } = this.#connection;
    const receipt = await read("reading a receipt", () => provider.getTransactionReceipt(hash));
    return receipt ? toReceipt(receipt) : undefined;
  }

  /** Explains a refused broadcast when the account cannot pay for the gas it would take. */
  async #requireFunds(call: ContractCall): Promise<void> {
    const { provider } = this.#connection;
    const [balance, gas, { maxFeePerGas }] = await Promise.all([
      provider.getBalance(this.address),
      provider.estimateGas({ from: this.address, to: call.to, data: call.data }),
      this.fees(),
    ]);
    if (balance >= gas * maxFeePerGas) return;
    throw new NodeError(
      "KEY_UNFUNDED",
      `the account ${this.address} holds ${balance} wei, too little to pay for ${call.label}; send it native tokens for gas`,
      { address: this.address, balance, call: call.label },
    );
  }
}
