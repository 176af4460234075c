import { join } from "node:path";
import type { HDNodeWallet } from "ethers";
import { eventually } from "../../helpers/processes.ts";
import { type LatticeEvent, LatticeProcess } from "./lattice-process.ts";
import type { Marketplace } from "./marketplace.ts";

/** One `lattice watch`. */
export class WatchProcess extends LatticeProcess {
  constructor({ chain, addressesFile, artifactsDir, folder }: Marketplace, wallet: HDNodeWallet) {
    super("the challenger", wallet, [
      ...["watch", "--poll-ms", "150", "--data", join(folder, "watch")],
      ...["--rpc", chain.url, "--addresses", addressesFile, "--artifacts", artifactsDir],
    ]);
  }

  /** What it said about one result. */
  about(subject: string): LatticeEvent[] {
    return this.events.filter((event) => event.subject === subject);
  }

  /** The first event of a kind about a result; fails when the process ends before. */
  async saw(kind: string, subject: string): Promise<LatticeEvent> {
    return await eventually(
      `${kind} of the challenger`,
      async () => {
        const event = this.about(subject).find((one) => one.event === kind);
        if (!event) this.requireRunning();
        return event;
      },
      120,
    ).catch((error: unknown) => {
      const told = this.events.map((event) => JSON.stringify(event)).join("\n");
      throw new Error(`${String(error)}\n${told}\n${this.stderr}`);
    });
  }
}
