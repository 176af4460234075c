import { bls12_381 } from "@noble/curves/bls12-381.js";
import { expect } from "chai";
import { getBytes } from "ethers";
import { bls } from "../src/index.ts";

describe("bls", () => {
  const secret = bls.keyFromSeed(`0x${"07".repeat(32)}`);

  it("derives keys as the BLS draft's KeyGen does (EIP-2333 test case 0, whose master key is that KeyGen)", () => {
    const seed =
      "0xc55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04";
    const expected = 6083874454709270928345386274498605044986640685124978867557563392430687146096n;
    expect(BigInt(`0x${Buffer.from(bls.keyFromSeed(seed)).toString("hex")}`)).to.equal(expected);
  });

  it("refuses a seed of less than 32 bytes", () => {
    expect(() => bls.keyFromSeed("0x1234")).to.throw(RangeError, "at least 32 bytes");
  });

  it("signs what the scheme verifies, under the right domain only", () => {
    const scheme = bls12_381.shortSignatures;
    const message = "0x010203";
    const signature = bls.sign(secret, message, bls.BEACON_DST);
    const point = bls12_381.G1.Point.fromAffine({
      x: BigInt(signature.xHigh + signature.xLow.slice(2)),
      y: BigInt(signature.yHigh + signature.yLow.slice(2)),
    });
    const hashed = (dst: string) => scheme.hash(getBytes(message), new TextEncoder().encode(dst));
    const key = scheme.getPublicKey(secret);
    expect(scheme.verify(point, hashed(bls.BEACON_DST), key)).to.equal(true);
    expect(scheme.verify(point, hashed(bls.POSSESSION_DST), key)).to.equal(false);
  });

  it("encodes points in the lengths of EIP-2537", () => {
    expect(getBytes(bls.encodePublicKey(bls.publicKeyOf(secret)))).to.have.length(256);
    expect(getBytes(bls.encodeSignature(bls.sign(secret, "0x", bls.BEACON_DST)))).to.have.length(
      128,
    );
  });
});
