import type { ChainPort } from "../../core/ports/chain.ts";
import type { ChainEvent } from "../../core/ports/market.ts";
import { NodeError } from "../../shared/errors.ts";
import type { ChainConnection } from "./connection.ts";
import { eventDecoder } from "./events.ts";

/** Blocks and events of one deployment. */
export function chainReader({ provider, lattice, read }: ChainConnection): ChainPort {
  const decode = eventDecoder(lattice);
  const { JobMarket, OrderSettlement, DisputeGame, EpochBeacon } = lattice.addresses.contracts;
  const sources = [JobMarket, OrderSettlement, DisputeGame, EpochBeacon];
  return {
    chainId: lattice.addresses.chainId,
    head: async () => {
      const block = await read("reading the newest block", () => provider.getBlock("latest"));
      // Only a block that is still pending has no hash.
      if (!block?.hash) throw new Error("the node returned no newest block");
      return { number: block.number, hash: block.hash, timestamp: block.timestamp };
    },
    blockHash: async (number) => {
      const block = await read("reading a block", () => provider.getBlock(number));
      return block?.hash ?? undefined;
    },
    gasUsed: async (transaction) => {
      const receipt = await read("reading a receipt", () =>
        provider.getTransactionReceipt(transaction),
      );
      if (!receipt) {
        const message = `the node has no receipt of ${transaction}`;
        throw new NodeError("RECEIPT_MISSING", message, { transaction });
      }
      return receipt.gasUsed;
    },
    events: async (from, to) => {
      const filter = { address: sources, fromBlock: from, toBlock: to };
      const logs = await read("reading events", () => provider.getLogs(filter));
      return logs.map(decode).filter((event): event is ChainEvent => event !== undefined);
    },
  };
}
