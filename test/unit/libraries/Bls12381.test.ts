import { bls12_381 } from "@noble/curves/bls12-381.js";
import { expect } from "chai";
import { hexlify, toUtf8Bytes } from "ethers";
import { network } from "hardhat";
import {
  BEACON_DST,
  type G1Point,
  type G2Point,
  keyFromSeed,
  POSSESSION_DST,
  publicKeyOf,
  sign,
} from "../../../packages/sdk/src/bls.ts";
import { itMeasuresGas } from "../../helpers/gas.ts";

const { ethers, networkHelpers } = await network.create();

const RFC_DST = "QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_";
// RFC 9380, appendix J.9.1: message, P.x, P.y.
const RFC_VECTORS: [string, string, string][] = [
  [
    "",
    "052926add2207b76ca4fa57a8734416c8dc95e24501772c814278700eed6d1e4e8cf62d9c09db0fac349612b759e79a1",
    "08ba738453bfed09cb546dbb0783dbb3a5f1f566ed67bb6be0e8c67e2e81a4cc68ee29813bb7994998f3eae0c9c6a265",
  ],
  [
    "abc",
    "03567bc5ef9c690c2ab2ecdf6a96ef1c139cc0b2f284dca0a9a7943388a49a3aee664ba5379a7655d3c68900be2f6903",
    "0b9c15f3fe6e5cf4211f346271d7b01c8f3b28be689c8429c85b67af215533311f0b8dfaaa154fa6b88176c229f2885d",
  ],
  [
    "abcdef0123456789",
    "11e0b079dea29a68f0383ee94fed1b940995272407e3bb916bbf268c263ddd57a6a27200a784cbc248e84f357ce82d98",
    "03a87ae2caf14e8ee52e51fa2ed8eefe80f02457004ba4d486d6aa1f517c0889501dc7413753f9599b099ebcbbd2d709",
  ],
  [
    `q128_${"q".repeat(128)}`,
    "15f68eaa693b95ccb85215dc65fa81038d69629f70aeee0d0f677cf22285e7bf58d7cb86eefe8f2e9bc3f8cb84fac488",
    "1807a1d50c29f430b8cafc4f8638dfeeadf51211e1602a5f184443076715f91bb90a48ba1e370edce6ae1062f5e6dd38",
  ],
  [
    `a512_${"a".repeat(512)}`,
    "082aabae8b7dedb0e78aeb619ad3bfd9277a2f77ba7fad20ef6aabdc6c31d19ba5a6d12283553294c1825c4b3ca2dcfe",
    "05b84ae5a942248eea39e1d91030458c40153f3b654ab7872d779ad1e942856a20c438e8d99bc8abfbf74729ce1f7ac8",
  ],
];

const utf8 = (text: string) => hexlify(toUtf8Bytes(text));
const zero = `0x${"00".repeat(32)}`;
const INFINITY_G1: G1Point = { xHigh: zero, xLow: zero, yHigh: zero, yLow: zero };
const INFINITY_G2: G2Point = {
  x0High: zero,
  x0Low: zero,
  x1High: zero,
  x1Low: zero,
  y0High: zero,
  y0Low: zero,
  y1High: zero,
  y1Low: zero,
};

function split(value: bigint): [string, string] {
  const hex = value.toString(16).padStart(128, "0");
  return [`0x${hex.slice(0, 64)}`, `0x${hex.slice(64)}`];
}

function g1(x: bigint, y: bigint): G1Point {
  const [xHigh, xLow] = split(x);
  const [yHigh, yLow] = split(y);
  return { xHigh, xLow, yHigh, yLow };
}

/** A point of y² = x³ + 4 whose order divides the cofactor: adding it leaves the subgroup. */
function torsionPoint() {
  const { Fp } = bls12_381.fields;
  for (let x = 1n; ; x++) {
    let y: bigint;
    try {
      y = Fp.sqrt(Fp.add(Fp.pow(x, 3n), 4n));
    } catch {
      continue; // not a square, so no point has this x
    }
    const point = bls12_381.G1.Point.fromAffine({ x, y });
    // The subgroup's order times the point; noble takes scalars below that order.
    if (!point.isTorsionFree()) {
      return point.multiplyUnsafe(bls12_381.fields.Fr.ORDER - 1n).add(point);
    }
  }
}

describe("Bls12381", () => {
  async function deploy() {
    return ethers.deployContract("Bls12381Harness");
  }

  const secret = keyFromSeed(ethers.id("alice"));
  const key = publicKeyOf(secret);
  const message = utf8("the next epoch");
  const signature = sign(secret, message, BEACON_DST);
  const dst = utf8(BEACON_DST);
  const { shortSignatures } = bls12_381;
  const valid = shortSignatures.sign(
    shortSignatures.hash(ethers.getBytes(message), toUtf8Bytes(BEACON_DST)),
    secret,
  );

  describe("hashToG1", () => {
    for (const [text, x, y] of RFC_VECTORS) {
      it(`gives the point of RFC 9380 J.9.1 for "${text.slice(0, 16)}" (${text.length} bytes)`, async () => {
        const bls = await networkHelpers.loadFixture(deploy);
        const point = await bls.hashToG1(utf8(text), utf8(RFC_DST));
        expect([...point]).to.deep.equal(Object.values(g1(BigInt(`0x${x}`), BigInt(`0x${y}`))));
      });
    }

    it("agrees with @noble/curves on messages of many lengths and both tags", async () => {
      const bls = await networkHelpers.loadFixture(deploy);
      for (let length = 0; length < 200; length += 13) {
        const padded = ethers.dataSlice(
          `0x${ethers.id(`${length}`).slice(2).repeat(7)}`,
          0,
          length,
        );
        const tag = length % 2 === 0 ? BEACON_DST : POSSESSION_DST;
        const { x, y } = shortSignatures.hash(ethers.getBytes(padded), toUtf8Bytes(tag)).toAffine();
        const point = await bls.hashToG1(padded, utf8(tag));
        expect([...point], `${length} bytes`).to.deep.equal(Object.values(g1(x, y)));
      }
    });

    it("takes a tag of 255 bytes and reverts when it is longer", async () => {
      const bls = await networkHelpers.loadFixture(deploy);
      const longest = "t".repeat(255);
      const { x, y } = shortSignatures
        .hash(ethers.getBytes(message), toUtf8Bytes(longest))
        .toAffine();
      expect([...(await bls.hashToG1(message, utf8(longest)))]).to.deep.equal(
        Object.values(g1(x, y)),
      );
      await expect(bls.hashToG1(message, utf8(`${longest}t`)))
        .to.be.revertedWithCustomError(bls, "Bls12381DstTooLong")
        .withArgs(256, 255);
    });

    it("reverts when the chain has no EIP-2537 precompiles", async () => {
      const older = await network.create({ override: { hardfork: "cancun" } });
      const bls = await older.ethers.deployContract("Bls12381Harness");
      await expect(bls.hashToG1(message, dst))
        .to.be.revertedWithCustomError(bls, "Bls12381PrecompileFailed")
        .withArgs("0x0000000000000000000000000000000000000010");
      await expect(bls.verify(signature, key, message, dst)).to.be.revertedWithCustomError(
        bls,
        "Bls12381PrecompileFailed",
      );
    });
  });

  describe("verify", () => {
    it("accepts signatures made by @noble/curves, under either tag", async () => {
      const bls = await networkHelpers.loadFixture(deploy);
      for (const name of ["alice", "bob", "carol"]) {
        const own = keyFromSeed(ethers.id(name));
        const text = utf8(`message of ${name}`);
        for (const tag of [BEACON_DST, POSSESSION_DST]) {
          expect(
            await bls.verify(sign(own, text, tag), publicKeyOf(own), text, utf8(tag)),
          ).to.equal(true);
        }
      }
    });

    it("refuses another message, another key, another tag and another signature", async () => {
      const bls = await networkHelpers.loadFixture(deploy);
      const other = keyFromSeed(ethers.id("bob"));
      expect(await bls.verify(signature, key, message, dst)).to.equal(true);
      expect(await bls.verify(signature, key, utf8("the next epocH"), dst)).to.equal(false);
      expect(await bls.verify(signature, publicKeyOf(other), message, dst)).to.equal(false);
      expect(await bls.verify(signature, key, message, utf8(POSSESSION_DST))).to.equal(false);
      expect(await bls.verify(sign(other, message, BEACON_DST), key, message, dst)).to.equal(false);
    });

    it("refuses the negated signature, so one signature verifies", async () => {
      const bls = await networkHelpers.loadFixture(deploy);
      const { x, y } = valid.negate().toAffine();
      expect(await bls.verify(g1(x, y), key, message, dst)).to.equal(false);
    });

    it("refuses infinity as signature, as key, and as both", async () => {
      const bls = await networkHelpers.loadFixture(deploy);
      expect(await bls.verify(INFINITY_G1, key, message, dst)).to.equal(false);
      expect(await bls.verify(signature, INFINITY_G2, message, dst)).to.equal(false);
      expect(await bls.verify(INFINITY_G1, INFINITY_G2, message, dst)).to.equal(false);
    });

    it("refuses points off the curve", async () => {
      const bls = await networkHelpers.loadFixture(deploy);
      const offCurve = { ...signature, yLow: ethers.toBeHex(BigInt(signature.yLow) ^ 1n, 32) };
      expect(await bls.verify(offCurve, key, message, dst)).to.equal(false);
      const offTwist = { ...key, y1Low: ethers.toBeHex(BigInt(key.y1Low) ^ 1n, 32) };
      expect(await bls.verify(signature, offTwist, message, dst)).to.equal(false);
    });

    it("PRF-2: refuses a signature moved out of the subgroup by a point of small order", async () => {
      const bls = await networkHelpers.loadFixture(deploy);
      const moved = valid.add(torsionPoint());
      expect(moved.isTorsionFree()).to.equal(false);
      expect(moved.equals(valid)).to.equal(false);
      const { x, y } = moved.toAffine();
      expect(await bls.verify(g1(x, y), key, message, dst)).to.equal(false);
    });

    it("PRF-2: refuses coordinates that are not reduced or carry high bits", async () => {
      const bls = await networkHelpers.loadFixture(deploy);
      const { x, y } = valid.toAffine();
      expect(Object.values(g1(x, y))).to.deep.equal(Object.values(signature));
      const { ORDER } = bls12_381.fields.Fp;
      expect(await bls.verify(g1(x + ORDER, y), key, message, dst)).to.equal(false);
      expect(await bls.verify(g1(x + (1n << 500n), y), key, message, dst)).to.equal(false);
    });

    itMeasuresGas("costs less than 200 000 gas as a transaction", async () => {
      const bls = await networkHelpers.loadFixture(deploy);
      expect(await bls.verify.estimateGas(signature, key, message, dst)).to.be.lessThan(200_000n);
    });
  });
});
