import type { ServedOrder } from "@lattice/sdk";
import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { network } from "hardhat";
import { itMeasuresGas } from "../../helpers/gas.ts";
import { claim, serveMany } from "../../helpers/settlement.ts";
import { deployLane, fund, type Lane } from "../../helpers/settlement-lane.ts";

const chain = await network.create();
const { ethers } = chain;
const lane = () => deployLane(chain);
const deploy = () => chain.networkHelpers.loadFixture(lane);

/** PROTOCOL.md's targets for the lane, gas a job, claim and release together. */
const ONE_REQUESTER = 18_000n;
const DISTINCT_REQUESTERS = 28_000n;

/** The older code generator of the fast build costs more: what it measures says nothing about the product. */
const itMeasuresProduct = process.env.LATTICE_FAST_BUILD === "1" ? it.skip : itMeasuresGas;

async function gasOf(transaction: ContractTransactionResponse): Promise<bigint> {
  return (await transaction.wait())?.gasUsed ?? 0n;
}

/** Gas of claiming and releasing these orders, divided by their number. */
async function gasPerJob(system: Lane, served: readonly ServedOrder[]): Promise<bigint> {
  const { transaction, record, accepted } = await claim(system, served);
  expect(accepted).to.equal((1n << BigInt(served.length)) - 1n);
  if (!record) throw new Error("nothing was claimed");
  await chain.networkHelpers.time.increaseTo(record.releaseAt);
  const released = await system.settlement.release(record);
  return ((await gasOf(transaction)) + (await gasOf(released))) / BigInt(served.length);
}

/** Earlier business, as a lane in use has: accounts that earned, nonces used before, another batch open. */
async function warmUp(system: Lane, served: readonly ServedOrder[]): Promise<void> {
  await gasPerJob(system, served);
  await claim(system, await serveMany(system, system.actors.rob, 1));
}

describe("OrderSettlement gas", () => {
  itMeasuresProduct(
    `costs at most ${ONE_REQUESTER} a job for 32 orders of one requester`,
    async () => {
      const system = await deploy();
      const { rita } = system.actors;
      // The same word of nonces as the measured orders.
      const nonces = { nonce: 1_000_000n * 256n };
      await warmUp(system, await serveMany(system, rita, 1, nonces));
      const served = [];
      for (let i = 1n; i <= 32n; ++i) {
        served.push(...(await serveMany(system, rita, 1, { nonce: nonces.nonce + i })));
      }
      const gas = await gasPerJob(system, served);
      expect(gas, `${gas} gas a job`).to.be.at.most(ONE_REQUESTER);
    },
  );

  itMeasuresProduct(`costs at most ${DISTINCT_REQUESTERS} a job for 64 requesters`, async () => {
    const system = await deploy();
    const earlier: ServedOrder[] = [];
    const served: ServedOrder[] = [];
    for (let i = 0; i < 64; ++i) {
      const requester = new ethers.Wallet(ethers.id(`requester ${i}`), ethers.provider);
      await fund(system, requester);
      earlier.push(...(await serveMany(system, requester, 1, { nonce: 7n })));
      served.push(...(await serveMany(system, requester, 1, { nonce: 8n })));
    }
    await warmUp(system, earlier);
    const gas = await gasPerJob(system, served);
    expect(gas, `${gas} gas a job`).to.be.at.most(DISTINCT_REQUESTERS);
  });
});
