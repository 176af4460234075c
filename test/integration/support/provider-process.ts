import type { HDNodeWallet } from "ethers";
import { eventually } from "../../helpers/processes.ts";
import { type LatticeEvent, LatticeProcess } from "./lattice-process.ts";

/** One `lattice provider start`. */
export class ProviderProcess extends LatticeProcess {
  readonly address: string;

  constructor(wallet: HDNodeWallet, args: readonly string[]) {
    super("the provider", wallet, ["provider", "start", ...args]);
    this.address = wallet.address;
  }

  of(kind: string, jobId?: bigint): LatticeEvent[] {
    const wanted = jobId === undefined ? undefined : String(jobId);
    return this.events.filter(
      (event) => event.event === kind && (wanted === undefined || event.jobId === wanted),
    );
  }

  /** The first event of a kind; fails when the process ends before. */
  async saw(kind: string, jobId?: bigint): Promise<LatticeEvent> {
    return await eventually(`${kind} of ${this.address}`, async () => {
      const [event] = this.of(kind, jobId);
      if (!event) this.requireRunning();
      return event;
    });
  }
}
