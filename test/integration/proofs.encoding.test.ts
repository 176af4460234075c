import { FIELD_ORDER, SnarkjsProver } from "@lattice/zkml";
import { expect } from "chai";
import { network } from "hardhat";
import { committedJob, contextOf, expectRefused, proofFor } from "../helpers/digit-jobs.ts";
import { deployDigitsMarketplace, type Inference, inferDigit } from "../helpers/digits.ts";
import type { Proof } from "../helpers/orders.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

const BASE_FIELD = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
/** On the twist of BN254 with x = 1, but not in the subgroup of order r. Words as in a proof: x.c1, x.c0, y.c1, y.c0. */
const OUTSIDE_SUBGROUP = [
  0n,
  1n,
  15975588672102553735566230729081043132501226101599136527557730645158523614371n,
  3610091866386166428467545612961983990332663701371483510632385378352395651980n,
] as const;
const prover = new SnarkjsProver();

async function marketplace() {
  return deployDigitsMarketplace(chain);
}

describe("Encodings of real proofs", function () {
  this.timeout(600_000);
  let three: Inference;

  before(async () => {
    three = await inferDigit(3);
    await networkHelpers.loadFixture(marketplace);
  });
  after(async () => {
    await prover.close();
  });

  it("PRF-2: are taken in one encoding only", async () => {
    const place = await networkHelpers.loadFixture(marketplace);
    const { market, router, selector, actors } = place;
    const job = await committedJob(place, actors.ada, three);
    const proof = await proofFor(prover, place, job, three);
    for (let index = 0; index < 8; index++) {
      const word = (proof[index] as bigint) + BASE_FIELD;
      await expect(market.prove(job.order, proof.with(index, word) as Proof))
        .to.be.revertedWithCustomError(router, "VerifierRouterNonCanonicalProof")
        .withArgs(index, word);
    }
    const inputs = [
      await contextOf(place, job),
      BigInt(three.inputCommitment),
      BigInt(three.outputCommitment),
    ] as const;
    for (const index of [0, 1, 2]) {
      const aliased = inputs.with(index, (inputs[index] as bigint) + FIELD_ORDER);
      await expect(router.verify(selector, proof, aliased as [bigint, bigint, bigint]))
        .to.be.revertedWithCustomError(router, "VerifierRouterNonCanonicalInput")
        .withArgs(index, aliased[index]);
    }
    expect(await router.verify(selector, proof, [...inputs])).to.equal(true);
  });

  it("PRF-2: the exported verifier alone would take a second encoding, which is why the router checks", async () => {
    const place = await networkHelpers.loadFixture(marketplace);
    const job = await committedJob(place, place.actors.ada, three);
    const [ax, ay, bx1, bx0, by1, by0, cx, cy] = await proofFor(prover, place, job, three);
    const { verifier } = await place.router.entryOf(place.selector);
    const exported = await ethers.getContractAt("IGroth16Verifier", verifier);
    const inputs: [bigint, bigint, bigint] = [
      await contextOf(place, job),
      BigInt(three.inputCommitment),
      BigInt(three.outputCommitment),
    ];
    const b: [[bigint, bigint], [bigint, bigint]] = [
      [bx1, bx0],
      [by1, by0],
    ];
    // It negates a.y as q − a.y, wraps around 2^256, and only then reduces: this word gives the same point.
    const alias = ((2n ** 256n + ay) % BASE_FIELD) + BASE_FIELD;
    expect(await exported.verifyProof([ax, ay], b, [cx, cy], inputs)).to.equal(true);
    expect(await exported.verifyProof([ax, alias], b, [cx, cy], inputs)).to.equal(true);
    const aliased: Proof = [ax, alias, bx1, bx0, by1, by0, cx, cy];
    await expect(place.market.prove(job.order, aliased))
      .to.be.revertedWithCustomError(place.router, "VerifierRouterNonCanonicalProof")
      .withArgs(1, alias);
  });

  it("PRF-2: fail when any point is malformed", async () => {
    const place = await networkHelpers.loadFixture(marketplace);
    const job = await committedJob(place, place.actors.ada, three);
    const proof = await proofFor(prover, place, job, three);
    const [ax, ay, bx1, bx0, by1, by0, cx, cy] = proof;
    const malformed: Record<string, Proof> = {
      "all zero": [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n],
      "a at infinity": [0n, 0n, bx1, bx0, by1, by0, cx, cy],
      "b at infinity": [ax, ay, 0n, 0n, 0n, 0n, cx, cy],
      "c at infinity": [ax, ay, bx1, bx0, by1, by0, 0n, 0n],
      "a off the curve": [ax, ay ^ 1n, bx1, bx0, by1, by0, cx, cy],
      "b off the curve": [ax, ay, bx1 ^ 1n, bx0, by1, by0, cx, cy],
      "c off the curve": [ax, ay, bx1, bx0, by1, by0, cx ^ 1n, cy],
      "b with its halves swapped": [ax, ay, bx0, bx1, by0, by1, cx, cy],
      "a and c swapped": [cx, cy, bx1, bx0, by1, by0, ax, ay],
      "a negated": [ax, BASE_FIELD - ay, bx1, bx0, by1, by0, cx, cy],
      // On the curve, but in no subgroup of the right order: EIP-197 refuses it.
      "b outside of the subgroup": [ax, ay, ...OUTSIDE_SUBGROUP, cx, cy],
    };
    for (const bad of Object.values(malformed)) await expectRefused(place, job, bad);
    await place.market.prove(job.order, proof);
  });
});
