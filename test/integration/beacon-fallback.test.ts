import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CONTRACT_NAMES, connectLattice, drand, parseAddressBook } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { beaconAdapter } from "../../packages/node/src/adapters/chain/beacon.ts";
import { chainFailure } from "../../packages/node/src/adapters/chain/failures.ts";
import { httpDrand } from "../../packages/node/src/adapters/drand/http.ts";
import { ChainClock } from "../../packages/node/src/core/chain-clock.ts";
import type { NodeEvent } from "../../packages/node/src/core/events.ts";
import type { Submitter } from "../../packages/node/src/core/ports/transactions.ts";
import { createBeaconMetrics } from "../../packages/node/src/services/beacon/metrics.ts";
import { BeaconService } from "../../packages/node/src/services/beacon/service.ts";
import { memoryLogger } from "../../packages/node/test/helpers/logger.ts";
import {
  BEFORE_PUBLISHED_ROUNDS,
  bootstrapAfterFallback,
  bootstrapAt,
  publishedSignature,
} from "../helpers/drand.ts";
import { deployProviders, join, type World } from "../helpers/providers.ts";

const { ethers, networkHelpers } = await network.create({
  override: { initialDate: BEFORE_PUBLISHED_ROUNDS },
});
const { time } = networkHelpers;

const ROUND = 1_000n;
const PUBLISHED_AT = BigInt(drand.timeOf(ROUND));
const FALLBACK_SECONDS = 21_600n;
/** An epoch, three windows, and the gap before the round. */
const SILENCE_SECONDS = 60n + 3n * 20n + 15n;

/** A relay that serves one published round. */
async function startRelay(): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const isRound = request.url === `/${drand.QUICKNET.chainHash}/public/${ROUND}`;
    response.writeHead(isRound ? 200 : 404);
    response.end(JSON.stringify({ round: Number(ROUND), signature: publishedSignature(ROUND) }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** The beacon service of a provider without weight, with a drand relay. */
async function bystander({ beacon, stranger }: World, relay: string) {
  const other = await beacon.getAddress();
  const contracts = Object.fromEntries(CONTRACT_NAMES.map((name) => [name, other]));
  const addresses = parseAddressBook({
    chainId: 31_337,
    network: "in memory",
    fromBlock: 0,
    contracts,
    external: { EAS: other, SchemaRegistry: other },
    verifiers: {},
  });
  const submitter: Submitter = {
    address: stranger.address,
    submit: async ({ to, data }) => {
      const receipt = await (await stranger.sendTransaction({ to, data })).wait();
      if (!receipt) throw new Error("the transaction was not mined");
      const { hash: transaction, blockNumber, gasUsed } = receipt;
      const landed = { transaction, blockNumber, gasUsed, succeeded: true, logs: [] };
      return { outcome: "landed", receipt: landed };
    },
  };
  const events: NodeEvent[] = [];
  // The chain's time is the wall clock of this provider.
  const wall = { ms: 0 };
  const clock = new ChainClock(() => wall.ms);
  const service = new BeaconService(
    { self: stranger.address, tickMs: 60_000, reportWithholding: false },
    {
      beacon: beaconAdapter({
        provider: ethers.provider,
        lattice: connectLattice({ addresses, runner: stranger }),
        genesis: "",
        read: (what, action) =>
          action().catch((error: unknown) => {
            throw chainFailure(error, what, "in memory");
          }),
        close: () => undefined,
      }),
      drand: httpDrand(relay),
      signer: {
        keyHash: ethers.ZeroHash,
        get publicKey(): never {
          throw new Error("a bystander has nothing to reveal");
        },
        signReveal: () => {
          throw new Error("a bystander has nothing to reveal");
        },
        signPossession: () => {
          throw new Error("a bystander does not register");
        },
      },
      submitter,
      clock,
      emit: (event) => {
        events.push(event);
      },
      logger: memoryLogger().logger,
      metrics: createBeaconMetrics(),
    },
  );
  const tick = async () => {
    wall.ms = 1_000 * (await time.latest());
    await service.tick(new AbortController().signal);
  };
  return { tick, events };
}

describe("the beacon's fallback and a provider that did not lead", () => {
  let server: Server;
  let url: string;
  before(async () => {
    ({ server, url } = await startRelay());
  });
  after(() => new Promise((closed) => server.close(closed)));

  it("the provider brings the published round after all leaders stayed silent, and only then", async () => {
    const world = await deployProviders(ethers, {}, FALLBACK_SECONDS);
    await join(world, world.alice, 4_000n);
    await bootstrapAfterFallback(world, networkHelpers);
    await bootstrapAt(world, networkHelpers, PUBLISHED_AT - SILENCE_SECONDS);
    const { tick, events } = await bystander(world, url);
    for (const early of [SILENCE_SECONDS - 1n, 70n, 16n, 10n, 1n]) {
      await time.increaseTo(PUBLISHED_AT - early);
      await tick();
    }
    expect(await world.beacon.currentEpoch()).to.equal(2n);

    await time.increaseTo(PUBLISHED_AT);
    await tick();
    expect(await world.beacon.currentEpoch()).to.equal(3n);
    expect((await world.beacon.epochInfo(3)).drawable).to.equal(true);
    expect(events).to.have.lengthOf(1);
    expect(events[0]).to.include({ event: "fellBack", epoch: 3n, round: ROUND });
  });
});
