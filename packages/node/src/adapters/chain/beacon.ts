import { ZeroAddress } from "ethers";
import type { BeaconPort } from "../../core/ports/beacon.ts";
import { contractCall } from "./calls.ts";
import type { ChainConnection } from "./connection.ts";

/** The epoch beacon of one deployment. */
export function beaconAdapter({ lattice, read }: ChainConnection): BeaconPort {
  const { beacon } = lattice;
  const ask = <T>(method: string, action: () => Promise<T>) =>
    read(`EpochBeacon.${method}`, action);
  const abi = beacon.interface;
  const call = (method: string, data: string) => contractCall("EpochBeacon", beacon, method, data);
  return {
    currentEpoch: () => ask("currentEpoch", () => beacon.currentEpoch()),
    isDrawable: async (epoch) => (await ask("drawSeed", () => beacon.drawSeed(epoch))).drawable,
    nextRevealAt: async () => Number(await ask("nextRevealAt", () => beacon.nextRevealAt())),
    // Ranks change with time alone; the newest block of a quiet chain shows an old one.
    currentRank: () => ask("currentRank", () => beacon.currentRank({ blockTag: "pending" })),
    leaderOf: async (rank) => {
      const leader = await ask("leaderOf", () => beacon.leaderOf(rank));
      return leader === ZeroAddress ? undefined : leader;
    },
    fallback: async () => {
      const [opensAt, endsAt, round] = await ask("fallbackAt", () =>
        Promise.all([beacon.fallbackAt(), beacon.fallbackEndsAt(), beacon.fallbackRound()]),
      );
      return { opensAt: Number(opensAt), endsAt: Number(endsAt), round };
    },
    revealMessage: () => ask("revealMessage", () => beacon.revealMessage()),
    calls: {
      reveal: ({ publicKey, signReveal }, message) =>
        call("reveal", abi.encodeFunctionData("reveal", [publicKey, signReveal(message)])),
      revealFallback: (round, signature) =>
        call("revealFallback", abi.encodeFunctionData("revealFallback", [round, signature])),
      bootstrap: () => call("bootstrap", abi.encodeFunctionData("bootstrap")),
      reportWithholding: (epoch, rank) =>
        call("reportWithholding", abi.encodeFunctionData("reportWithholding", [epoch, rank])),
    },
  };
}
