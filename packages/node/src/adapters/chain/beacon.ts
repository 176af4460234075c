import { ZeroAddress } from "ethers";
import type { BeaconPort } from "../../core/ports/beacon.ts";
import { contractCall } from "./calls.ts";
import type { ChainConnection } from "./connection.ts";

/** The epoch beacon of one deployment. */
export function beaconAdapter({ lattice, read }: ChainConnection): BeaconPort {
  const { beacon } = lattice;
  const ask = <T>(method: string, action: () => Promise<T>) =>
    read(`EpochBeacon.${method}`, action);
  const call = (method: string, ...values: unknown[]) =>
    contractCall("EpochBeacon", beacon, method, values);
  return {
    currentEpoch: () => ask("currentEpoch", () => beacon.currentEpoch()),
    isDrawable: async (epoch) => (await ask("drawSeed", () => beacon.drawSeed(epoch))).drawable,
    nextRevealAt: async () => Number(await ask("nextRevealAt", () => beacon.nextRevealAt())),
    currentRank: () => ask("currentRank", () => beacon.currentRank()),
    leaderOf: async (rank) => {
      const leader = await ask("leaderOf", () => beacon.leaderOf(rank));
      return leader === ZeroAddress ? undefined : leader;
    },
    revealMessage: () => ask("revealMessage", () => beacon.revealMessage()),
    calls: {
      reveal: (signer, message) => call("reveal", signer.publicKey, signer.signReveal(message)),
      bootstrap: () => call("bootstrap"),
      reportWithholding: (rank) => call("reportWithholding", rank),
    },
  };
}
