import { bls12_381 } from "@noble/curves/bls12-381.js";
import { expect } from "chai";
import { concat } from "ethers";
import { drand } from "../src/index.ts";

const SIGNATURE =
  "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39";

describe("drand", () => {
  it("verifies a published round, and no other under the same signature", () => {
    expect(drand.verify(1_000n, SIGNATURE)).to.equal(true);
    expect(drand.verify(1_000n, `0x${SIGNATURE}`)).to.equal(true);
    expect(drand.verify(1_001n, SIGNATURE)).to.equal(false);
  });

  it("decodes a signature to the point that contracts take", () => {
    const { x, y } = bls12_381.G1.Point.fromHex(SIGNATURE).toAffine();
    const point = drand.decodeSignature(SIGNATURE);
    expect(point.xHigh).to.equal(
      "0x00000000000000000000000000000000144679b9a59af2ec876b1a6b1ad52ea9",
    );
    expect(BigInt(concat([point.xHigh, point.xLow]))).to.equal(x);
    expect(BigInt(concat([point.yHigh, point.yLow]))).to.equal(y);
    expect(drand.decodeSignature(`0x${SIGNATURE}`)).to.deep.equal(point);
  });

  it("throws for what is no point of the curve", () => {
    expect(() => drand.decodeSignature(`${SIGNATURE.slice(0, -2)}00`)).to.throw();
    expect(() => drand.decodeSignature("b4")).to.throw();
  });

  it("maps times to the first round published then or later", () => {
    expect(drand.roundFrom(0)).to.equal(1n);
    expect(drand.roundFrom(drand.QUICKNET.genesis)).to.equal(1n);
    expect(drand.roundFrom(drand.QUICKNET.genesis + 1)).to.equal(2n);
    expect(drand.timeOf(1n)).to.equal(drand.QUICKNET.genesis);
    expect(drand.roundFrom(drand.timeOf(657_413n))).to.equal(657_413n);
  });
});
