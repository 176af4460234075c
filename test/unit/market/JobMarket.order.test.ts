import { AssignmentMode, hashOrder, type Order } from "@lattice/sdk";
import { expect } from "chai";
import { id, toBeHex, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { deployMarketplace, drawOrder } from "../../helpers/orders.ts";

const chain = await network.create();
const { networkHelpers } = chain;

async function marketplace() {
  return deployMarketplace(chain);
}

describe("JobMarket", () => {
  describe("hashOrder", () => {
    it("is the EIP-712 struct hash, for any order", async () => {
      const { market } = await networkHelpers.loadFixture(marketplace);
      const word = (seed: string, bits: bigint) => BigInt(id(seed)) & ((1n << bits) - 1n);
      for (let round = 0; round < 64; round++) {
        const order = {
          requester: toBeHex(word(`requester ${round}`, 160n), 20),
          sponsor: toBeHex(word(`sponsor ${round}`, 160n), 20),
          nonce: word(`nonce ${round}`, 64n),
          validUntil: Number(word(`valid ${round}`, 40n)),
          modelVersion: id(`model ${round}`),
          inputCommitment: id(`input ${round}`),
          inputDigest: id(`digest ${round}`),
          paymentToken: toBeHex(word(`token ${round}`, 160n), 20),
          maxPrice: word(`price ${round}`, 96n),
          collateral: word(`collateral ${round}`, 96n),
          tier: 0,
          mode: round % 2 === 0 ? AssignmentMode.Draw : AssignmentMode.Direct,
          provider: toBeHex(word(`provider ${round}`, 160n), 20),
          epoch: word(`epoch ${round}`, 40n),
          redundancy: Number(word(`redundancy ${round}`, 8n)),
          bidSeconds: Number(word(`bid ${round}`, 32n)),
          assignSeconds: Number(word(`assign ${round}`, 32n)),
          commitSeconds: Number(word(`commit ${round}`, 32n)),
          proveSeconds: Number(word(`prove ${round}`, 32n)),
          challengeSeconds: Number(word(`challenge ${round}`, 32n)),
        } as const;
        expect(await market.hashOrder(order)).to.equal(hashOrder(order));
      }
    });

    it("differs when any member differs", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const order = await drawOrder(system);
      const other: Order = {
        requester: system.actors.stranger.address,
        sponsor: system.actors.ben.address,
        nonce: 1n,
        validUntil: 1,
        modelVersion: id("other"),
        inputCommitment: toBeHex(1n, 32),
        inputDigest: id("other"),
        paymentToken: ZeroAddress,
        maxPrice: 1n,
        collateral: 1n,
        tier: 0,
        mode: AssignmentMode.Direct,
        provider: system.actors.ada.address,
        epoch: 1n,
        redundancy: 2,
        bidSeconds: 4,
        assignSeconds: 1,
        commitSeconds: 2,
        proveSeconds: 3,
        challengeSeconds: 5,
      };
      const hashes = new Set([await system.market.hashOrder(order)]);
      const fields = Object.keys(other).filter((field) => field !== "tier") as (keyof Order)[];
      for (const field of fields) {
        hashes.add(await system.market.hashOrder({ ...order, [field]: other[field] }));
      }
      expect(hashes.size).to.equal(fields.length + 1);
    });
  });
});
