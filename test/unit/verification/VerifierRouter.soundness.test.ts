import type { VerificationKey } from "@lattice/zkml";
import { bn254 } from "@noble/curves/bn254.js";
import { expect } from "chai";
import { network } from "hardhat";
import { IGroth16BatchVerifier__factory } from "../../../typechain-types/factories/contracts/interfaces/IGroth16BatchVerifier__factory.ts";
import { deployDigitsSet, type Proven, provenDigits } from "../../helpers/digit-proofs.ts";
import { digitsCircuit } from "../../helpers/digits.ts";
import { BASE_FIELD, type Inputs, type Proof, SCALAR_FIELD } from "../../helpers/routers.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

const digitsSet = () => deployDigitsSet(chain);
type Router = Awaited<ReturnType<typeof digitsSet>>["router"];

const { Point } = bn254.G1;

async function deployed() {
  const base = await networkHelpers.loadFixture(digitsSet);
  const digits = await provenDigits();
  return { ...base, digits: [...digits] };
}

function batch(router: Router, selector: string, rows: readonly Proven[]): Promise<boolean> {
  return router.verifyBatch(
    selector,
    rows.map(({ proof }) => proof),
    rows.map(({ inputs }) => inputs),
  );
}

/** The point at two words of a proof. */
function pointAt({ proof }: Proven, index: number) {
  return Point.fromAffine({ x: proof[index] as bigint, y: proof[index + 1] as bigint });
}

function withPoint(row: Proven, index: number, point: ReturnType<typeof pointAt>): Proven {
  const { x, y } = point.toAffine();
  return { ...row, proof: row.proof.with(index, x).with(index + 1, y) as Proof };
}

const C = 6;

/** Ways to break a row such that every point stays on its curve: only the equation fails. */
const BREAKAGES: Record<string, (row: Proven) => Proven> = {
  "A negated": (row) => withPoint(row, 0, pointAt(row, 0).negate()),
  "C doubled": (row) => withPoint(row, C, pointAt(row, C).double()),
  "A and C exchanged": (row) => withPoint(withPoint(row, 0, pointAt(row, C)), C, pointAt(row, 0)),
  "B negated": ({ proof, inputs }) => {
    const negated = [4, 5].map((i) => BASE_FIELD - (proof[i] as bigint)) as [bigint, bigint];
    return { inputs, proof: proof.with(4, negated[0]).with(5, negated[1]) as Proof };
  },
  "A at infinity": ({ proof, inputs }) => ({
    inputs,
    proof: proof.with(0, 0n).with(1, 0n) as Proof,
  }),
  "another context": ({ proof, inputs }) => ({
    proof,
    inputs: inputs.with(0, (inputs[0] + 1n) % SCALAR_FIELD) as Inputs,
  }),
};

function coefficientOf(seed: string, index: number): bigint {
  const hash = ethers.solidityPackedKeccak256(["bytes32", "uint256"], [seed, index]);
  return BigInt(hash) >> 128n;
}

/** Seeds as Groth16Batch makes them, but from what is known before the proofs of the batch are chosen. */
function predictableSeeds(key: VerificationKey, honest: readonly Proven[]): Record<string, string> {
  const second = ([[x0, x1], [y0, y1]]: VerificationKey["vk_beta_2"]) => [x1, x0, y1, y0];
  const [alphaX, alphaY] = key.vk_alpha_1;
  const words = [
    ...[alphaX, alphaY],
    ...[key.vk_beta_2, key.vk_gamma_2, key.vk_delta_2].flatMap(second),
    ...key.IC.flatMap((point) => point.slice(0, 2)),
  ];
  const keyHash = ethers.keccak256(ethers.concat(words.map((word) => ethers.toBeHex(word, 32))));
  const seedOf = (data: string) =>
    ethers.keccak256(ethers.concat([keyHash, ethers.keccak256(data)]));
  const coder = ethers.AbiCoder.defaultAbiCoder();
  const inputs = honest.map((row) => row.inputs);
  const proofs = honest.map(({ proof }) => proof);
  const verifier = IGroth16BatchVerifier__factory.createInterface();
  return {
    "of the key": keyHash,
    "of the key and no calldata": seedOf("0x"),
    "of the statements": seedOf(coder.encode(["uint256[3][]"], [inputs])),
    "of the honest proofs": seedOf(coder.encode(["uint256[8][]"], [proofs])),
    "of the honest batch": seedOf(verifier.encodeFunctionData("verifyBatch", [proofs, inputs])),
  };
}

describe("VerifierRouter", () => {
  describe("verifyBatch on real proofs", () => {
    it("PRF-3: accepts valid proofs in any number and order, repeated ones too", async () => {
      const { router, selector, digits } = await deployed();
      for (let count = 1; count <= digits.length; count++) {
        expect(await batch(router, selector, digits.slice(0, count)), `${count}`).to.equal(true);
      }
      expect(await batch(router, selector, [...digits].reverse())).to.equal(true);
      const full = Array.from({ length: 32 }, (_, i) => digits[i % digits.length] as Proven);
      expect(await batch(router, selector, full)).to.equal(true);
    });

    it("PRF-3: accepts exactly when verify accepts every row, for every subset of broken rows", async () => {
      const { router, selector, digits } = await deployed();
      const breakages = Object.values(BREAKAGES);
      for (let subset = 0; subset < 2 ** digits.length; subset++) {
        const rows = digits.map((row, i) => {
          const breakage = breakages[(subset + i) % breakages.length] as (row: Proven) => Proven;
          return (subset >> i) & 1 ? breakage(row) : row;
        });
        const singles = await Promise.all(
          rows.map(({ proof, inputs }) => router.verify(selector, proof, inputs)),
        );
        expect(singles).to.deep.equal(digits.map((_, i) => ((subset >> i) & 1) === 0));
        expect(await batch(router, selector, rows), `subset ${subset}`).to.equal(subset === 0);
      }
    });

    for (const [name, breakage] of Object.entries(BREAKAGES)) {
      it(`PRF-3: refuses one row with ${name}, wherever it stands`, async () => {
        const { router, selector, digits } = await deployed();
        for (const [i, row] of digits.entries()) {
          const rows = digits.with(i, breakage(row));
          expect(await batch(router, selector, rows), `row ${i}`).to.equal(false);
        }
      });
    }

    it("PRF-3: refuses every single word changed, in every row", async () => {
      const { router, selector, digits } = await deployed();
      const rows = digits.slice(0, 3);
      for (const [i, row] of rows.entries()) {
        for (const [index, word] of row.proof.entries()) {
          const proof = row.proof.with(index, word === BASE_FIELD - 1n ? 0n : word + 1n) as Proof;
          const changed = rows.with(i, { ...row, proof });
          expect(await batch(router, selector, changed), `row ${i} word ${index}`).to.equal(false);
        }
        for (const [index, word] of row.inputs.entries()) {
          const inputs = row.inputs.with(index, (word + 1n) % SCALAR_FIELD) as Inputs;
          const changed = rows.with(i, { ...row, inputs });
          expect(await batch(router, selector, changed), `row ${i} input ${index}`).to.equal(false);
        }
      }
    });

    it("PRF-3: refuses statements exchanged between proofs, whole or one input at a time", async () => {
      const { router, selector, digits } = await deployed();
      const [first, second, ...rest] = digits as [Proven, Proven, ...Proven[]];
      const exchanged = [
        { ...first, inputs: second.inputs },
        { ...second, inputs: first.inputs },
        ...rest,
      ];
      expect(await batch(router, selector, exchanged)).to.equal(false);
      for (const index of [0, 1, 2] as const) {
        const rows = [
          { ...first, inputs: first.inputs.with(index, second.inputs[index]) as Inputs },
          { ...second, inputs: second.inputs.with(index, first.inputs[index]) as Inputs },
          ...rest,
        ];
        expect(await batch(router, selector, rows), `input ${index}`).to.equal(false);
      }
    });

    it("PRF-3: refuses two wrong proofs that would cancel if coefficients were equal", async () => {
      const { router, selector, digits } = await deployed();
      for (const [i, j] of [
        [0, 1],
        [1, 2],
        [3, 0],
      ] as const) {
        const [one, other] = [digits[i] as Proven, digits[j] as Proven];
        const shift = Point.BASE.multiply(12_345n);
        const up = withPoint(one, C, pointAt(one, C).add(shift));
        const down = withPoint(other, C, pointAt(other, C).subtract(shift));
        const sum = pointAt(up, C).add(pointAt(down, C));
        expect(sum.equals(pointAt(one, C).add(pointAt(other, C)))).to.equal(true);
        expect(await batch(router, selector, digits.with(i, up).with(j, down))).to.equal(false);
      }
    });

    it("PRF-3: refuses two wrong statements that would cancel if coefficients were equal", async () => {
      const { router, selector, digits } = await deployed();
      const [first, second] = digits as [Proven, Proven];
      const shifted = ({ proof, inputs }: Proven, by: bigint) => ({
        proof,
        inputs: inputs.with(0, (inputs[0] + SCALAR_FIELD + by) % SCALAR_FIELD) as Inputs,
      });
      const rows = digits.with(0, shifted(first, 7n)).with(1, shifted(second, -7n));
      expect(await batch(router, selector, rows)).to.equal(false);
    });

    it("PRF-3: refuses two wrong proofs that would cancel for coefficients of less than the whole batch", async () => {
      const { router, selector, digits } = await deployed();
      const { verificationKey } = await digitsCircuit();
      const [, second, third] = digits as [Proven, Proven, Proven];
      for (const [name, seed] of Object.entries(predictableSeeds(verificationKey, digits))) {
        const [r1, r2] = [coefficientOf(seed, 1), coefficientOf(seed, 2)];
        const up = pointAt(second, C).add(Point.BASE.multiply(r2));
        const down = pointAt(third, C).subtract(Point.BASE.multiply(r1));
        const cancelled = up.multiply(r1).add(down.multiply(r2));
        const honest = pointAt(second, C).multiply(r1).add(pointAt(third, C).multiply(r2));
        expect(cancelled.equals(honest), name).to.equal(true);
        const rows = digits.with(1, withPoint(second, C, up)).with(2, withPoint(third, C, down));
        expect(await batch(router, selector, rows), name).to.equal(false);
      }
    });
  });
});
