import type {
  BroadcastOutcome,
  ContractCall,
  Fees,
  Receipt,
  SignedTransaction,
  TransactionPort,
} from "../../src/core/ports/transactions.ts";
import { NodeError } from "../../src/shared/errors.ts";
import { SELF } from "./jobs.ts";

export interface Sent {
  readonly call: ContractCall;
  readonly nonce: number;
  readonly gasLimit: bigint;
  readonly fees: Fees;
  readonly hash: string;
}

export const call = (label: string): ContractCall => ({ to: SELF, data: "0x01", label });

export function reverted(revert: string): NodeError {
  return new NodeError("CALL_REVERTED", `refused: ${revert}`, { revert });
}

/** A pool and a chain in memory. Nothing is mined unless `mine` says so, or `automine` is set. */
export class FakeTransactions implements TransactionPort {
  readonly address = SELF;
  readonly signed: Sent[] = [];
  readonly pool = new Map<number, Sent>();
  readonly mined = new Map<string, Receipt>();
  automine = true;
  /** Outcomes of mined calls by label; default: success. */
  readonly failing = new Set<string>();
  /** Answers of the next broadcasts; an error is thrown after the node took the transaction. */
  readonly answers: (BroadcastOutcome | Error)[] = [];
  estimate: (call: ContractCall) => Promise<bigint> = async () => 100_000n;
  simulate: (call: ContractCall) => Promise<void> = async () => undefined;
  nextNonce = 0;

  estimateGas(of: ContractCall): Promise<bigint> {
    return this.estimate(of);
  }

  async fees(): Promise<Fees> {
    return { maxFeePerGas: 1_000n, maxPriorityFeePerGas: 100n };
  }

  async transactionCount(tag: "latest" | "pending"): Promise<number> {
    if (tag === "latest") return this.nextNonce;
    let next = this.nextNonce;
    while (this.pool.has(next)) next++;
    return next;
  }

  async sign(
    of: ContractCall,
    nonce: number,
    gasLimit: bigint,
    fees: Fees,
  ): Promise<SignedTransaction> {
    const hash = `0x${this.signed.length}`;
    this.signed.push({ call: of, nonce, gasLimit, fees, hash });
    return { hash, raw: hash };
  }

  async broadcast({ hash }: SignedTransaction): Promise<BroadcastOutcome> {
    const answer = this.answers.shift();
    const sent = this.signed.find((one) => one.hash === hash);
    if (!sent) throw new Error("broadcast of something that was not signed");
    if (answer === "nonceUsed" || answer === "underpriced") return answer;
    if (sent.nonce < this.nextNonce) return this.mined.has(hash) ? "accepted" : "nonceUsed";
    this.pool.set(sent.nonce, sent);
    if (this.automine) this.mine();
    if (answer instanceof Error) throw answer;
    return "accepted";
  }

  async receipt(hash: string): Promise<Receipt | undefined> {
    return this.mined.get(hash);
  }

  /** Mines what the pool holds without a gap. */
  mine(): void {
    for (let sent = this.pool.get(this.nextNonce); sent; sent = this.pool.get(this.nextNonce)) {
      this.pool.delete(this.nextNonce++);
      this.mined.set(sent.hash, {
        transaction: sent.hash,
        blockNumber: this.nextNonce,
        succeeded: !this.failing.has(sent.call.label),
        gasUsed: 90_000n,
        logs: [],
      });
    }
  }

  /** Another process uses the next nonce of this account. */
  useNonceElsewhere(): void {
    this.pool.delete(this.nextNonce++);
  }
}
