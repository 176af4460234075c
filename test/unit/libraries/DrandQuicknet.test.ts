import { bls12_381 } from "@noble/curves/bls12-381.js";
import { expect } from "chai";
import { network } from "hardhat";
import { bls, drand } from "../../../packages/sdk/src/index.ts";
import { PUBLISHED_ROUNDS, publishedSignature } from "../../helpers/drand.ts";

const { ethers, networkHelpers } = await network.create();

async function deploy() {
  return ethers.deployContract("DrandQuicknetHarness");
}

const GENESIS = 1_692_803_367n;

describe("DrandQuicknet", () => {
  describe("publicKey", () => {
    it("is the published key, decompressed", async () => {
      const quicknet = await networkHelpers.loadFixture(deploy);
      const { x, y } = bls12_381.G2.Point.fromHex(drand.QUICKNET.publicKey).toAffine();
      const words = [x.c0, x.c1, y.c0, y.c1].map((value) => ethers.toBeHex(value, 64));
      expect(ethers.concat([...(await quicknet.publicKey())])).to.equal(ethers.concat(words));
    });
  });

  describe("verify", () => {
    for (const { round, signature, ...published } of PUBLISHED_ROUNDS) {
      it(`accepts published round ${round}`, async () => {
        const quicknet = await networkHelpers.loadFixture(deploy);
        expect(await quicknet.verify(round, drand.decodeSignature(signature))).to.equal(true);
        expect(drand.verify(round, signature)).to.equal(true);
        if ("randomness" in published) {
          expect(ethers.sha256(`0x${signature}`)).to.equal(`0x${published.randomness}`);
        }
      });
    }

    it("PRF-2: refuses another round's signature, other keys' signatures and what is no point of the group", async () => {
      const quicknet = await networkHelpers.loadFixture(deploy);
      const signature = drand.decodeSignature(publishedSignature(1_000n));
      const message = ethers.sha256(ethers.toBeHex(1_000n, 8));
      const wrong = [
        drand.decodeSignature(publishedSignature(1_001n)),
        bls.sign(bls.keyFromSeed(ethers.id("impostor")), message, drand.QUICKNET.dst),
        { ...signature, yLow: signature.xLow },
        // The other root: the negated point.
        bls.g1Point(bls12_381.G1.Point.fromHex(publishedSignature(1_000n)).negate()),
        {
          xHigh: ethers.ZeroHash,
          xLow: ethers.ZeroHash,
          yHigh: ethers.ZeroHash,
          yLow: ethers.ZeroHash,
        },
      ];
      for (const forged of wrong) expect(await quicknet.verify(1_000n, forged)).to.equal(false);
      for (const round of [0n, 999n, 1_001n, 2n ** 64n - 1n]) {
        expect(await quicknet.verify(round, signature)).to.equal(false);
      }
    });
  });

  describe("roundFrom and timeOf", () => {
    it("name the first round published at a time or later, on-chain as off-chain", async () => {
      const quicknet = await networkHelpers.loadFixture(deploy);
      for (const [time, round] of [
        [0n, 1n],
        [GENESIS, 1n],
        [GENESIS + 1n, 2n],
        [GENESIS + 3n, 2n],
        [GENESIS + 4n, 3n],
        [1_692_806_362n, 1_000n],
        [1_692_806_364n, 1_000n],
        [1_692_806_365n, 1_001n],
      ] as const) {
        expect(await quicknet.roundFrom(time), `${time}`).to.equal(round);
        expect(drand.roundFrom(Number(time)), `${time}`).to.equal(round);
      }
      for (const [round, time] of [
        [1n, GENESIS],
        [1_000n, 1_692_806_364n],
        [657_413n, 1_694_775_603n],
      ] as const) {
        expect(await quicknet.timeOf(round)).to.equal(time);
        expect(drand.timeOf(round)).to.equal(Number(time));
      }
    });
  });
});
