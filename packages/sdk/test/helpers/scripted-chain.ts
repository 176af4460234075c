import { AbiCoder, BrowserProvider, id, toQuantity } from "ethers";
import { BOOK } from "./book.ts";

interface ScriptedBlock {
  readonly hash: string;
  readonly parentHash: string;
  readonly logs: readonly Record<string, unknown>[];
}

interface LogFilter {
  readonly blockHash?: string;
  readonly fromBlock?: string;
  readonly toBlock?: string;
  readonly topics?: readonly (string | readonly string[] | null)[];
}

/** An error as a node answers it. */
export class RpcError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const NO_BLOCK = `0x${"00".repeat(32)}`;

/**
 * A chain that does what a test tells it: blocks of LAT transfers, whose values name them, replaced at will, behind an
 * EIP-1193 provider whose answers can be tampered with.
 */
export class ScriptedChain {
  blocks: ScriptedBlock[] = [];
  /** Called before every request; what it throws or answers (unless undefined) is the answer. */
  tamper: (method: string, params: readonly unknown[]) => unknown = () => undefined;
  readonly requests: { method: string; params: readonly unknown[] }[] = [];
  #made = 0;

  constructor() {
    this.mine();
  }

  get head(): number {
    return this.blocks.length - 1;
  }

  /** Appends a block with one transfer for each value. */
  mine(...values: number[]): void {
    const number = this.blocks.length;
    const hash = id(`block ${this.#made++}`);
    const parentHash = this.blocks.at(-1)?.hash ?? NO_BLOCK;
    const logs = values.map((value, index) => transferLog(number, hash, index, value));
    this.blocks.push({ hash, parentHash, logs });
  }

  /** Drops the newest blocks, for others to take their place. */
  drop(count: number): void {
    this.blocks.splice(-count, count);
  }

  /** ethers over this chain, without its cache. */
  provider(): BrowserProvider {
    const request = async ({ method, params = [] }: { method: string; params?: unknown }) =>
      this.#answer(method, params as readonly unknown[]);
    return new BrowserProvider({ request }, undefined, { cacheTimeout: -1 });
  }

  #answer(method: string, params: readonly unknown[]): unknown {
    this.requests.push({ method, params });
    const tampered = this.tamper(method, params);
    if (tampered !== undefined) return tampered;
    if (method === "eth_chainId") return toQuantity(BOOK.chainId);
    if (method === "eth_getBlockByNumber") return this.#block(params[0] as string);
    if (method === "eth_getLogs") return this.logs(params[0] as LogFilter);
    throw new RpcError(-32601, `this chain has no ${method}`);
  }

  #block(tag: string): unknown {
    const number = tag === "latest" ? this.head : Number(tag);
    const block = this.blocks[number];
    if (!block) return null;
    const { hash, parentHash } = block;
    return { ...HEADER, number: toQuantity(number), hash, parentHash };
  }

  logs({ blockHash, fromBlock = "0x0", toBlock = "0x0", topics = [] }: LogFilter): unknown[] {
    const wanted = blockHash
      ? this.blocks.filter(({ hash }) => hash === blockHash)
      : this.blocks.slice(Number(fromBlock), Number(toBlock) + 1);
    if (blockHash && wanted.length === 0) throw new RpcError(-32000, "unknown block");
    return wanted
      .flatMap(({ logs }) => logs)
      .filter((log) =>
        topics.every((topic, position) => {
          const found = (log.topics as string[])[position] ?? "";
          return topic === null || [topic].flat().includes(found);
        }),
      );
  }
}

const HEADER = {
  nonce: "0x0000000000000000",
  timestamp: "0x1",
  difficulty: "0x0",
  gasLimit: "0x1c9c380",
  gasUsed: "0x0",
  miner: `0x${"00".repeat(20)}`,
  extraData: "0x",
  baseFeePerGas: "0x1",
  transactions: [],
};

export const SENDER = `0x${"aa".repeat(20)}`;

/** Receivers of even and odd transfers. */
export const EVEN = `0x${"22".repeat(20)}`;
export const ODD = `0x${"33".repeat(20)}`;

function transferLog(number: number, blockHash: string, index: number, value: number) {
  const receiver = value % 2 === 0 ? EVEN : ODD;
  return {
    address: BOOK.contracts.LatticeToken.toLowerCase(),
    topics: [
      id("Transfer(address,address,uint256)"),
      `0x${SENDER.slice(2).padStart(64, "0")}`,
      `0x${receiver.slice(2).padStart(64, "0")}`,
    ],
    data: AbiCoder.defaultAbiCoder().encode(["uint256"], [value]),
    blockNumber: toQuantity(number),
    blockHash,
    transactionHash: id(`transaction ${number}:${index}`),
    transactionIndex: toQuantity(index),
    logIndex: toQuantity(index),
    removed: false,
  };
}
