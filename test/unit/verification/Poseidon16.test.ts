import { createHash } from "node:crypto";
import { SCALAR_FIELD } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { poseidonHash } from "../../../packages/zkml/src/circuit/poseidon.ts";
import { deployPoseidon16, type TableAddresses } from "../../helpers/poseidon.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

const ARITIES = Array.from({ length: 15 }, (_, i) => i + 2);
const deploy = () => deployPoseidon16(chain);

/** `count` elements that a seed gives, the same in every run. */
function elementsOf(seed: string, count: number): bigint[] {
  return Array.from({ length: count }, (_, i) => {
    const digest = createHash("sha256").update(`${seed} ${i}`).digest("hex");
    return BigInt(`0x${digest}`) % SCALAR_FIELD;
  });
}

describe("Poseidon16", () => {
  for (const arity of ARITIES) {
    it(`hashes ${arity} elements as circuits do`, async () => {
      const { poseidon } = await networkHelpers.loadFixture(deploy);
      const lists = [
        Array<bigint>(arity).fill(0n),
        Array<bigint>(arity).fill(SCALAR_FIELD - 1n),
        ...Array.from({ length: 6 }, (_, i) => elementsOf(`${arity} elements, ${i}`, arity)),
      ];
      // One element at a time, so that none is read from another's place.
      for (let at = 0; at < arity; at++) lists.push(Array(arity).fill(0n).with(at, 1n));
      for (const list of lists) {
        expect(await poseidon.hash(list)).to.equal(await poseidonHash(list));
      }
    });
  }

  it("reverts for fewer than 2 elements and for more than 16", async () => {
    const { poseidon } = await networkHelpers.loadFixture(deploy);
    for (const arity of [0, 1, 17]) {
      await expect(poseidon.hash(Array(arity).fill(1n)))
        .to.be.revertedWithCustomError(poseidon, "Poseidon16InvalidArity")
        .withArgs(arity, 2, 16);
    }
  });

  it("reverts for an element that is not below the field's order, wherever it stands (PRF-2)", async () => {
    const { poseidon } = await networkHelpers.loadFixture(deploy);
    for (const [value, at] of [
      [SCALAR_FIELD, 0],
      [SCALAR_FIELD, 15],
      [2n ** 256n - 1n, 7],
    ] as const) {
      await expect(poseidon.hash(elementsOf("canonical", 16).with(at, value)))
        .to.be.revertedWithCustomError(poseidon, "Poseidon16NonCanonicalInput")
        .withArgs(at, value);
    }
  });

  it("is not deployed over other tables, nor over the same in another order", async () => {
    const { poseidon, tables } = await networkHelpers.loadFixture(deploy);
    const expected = await poseidon.TABLES_HASH();
    const [first, second, ...rest] = tables;
    const stranger = await poseidon.getAddress();
    for (const wrong of [
      [second, first, ...rest],
      [first, stranger, ...rest],
    ] as TableAddresses[]) {
      const hashes = await Promise.all(
        wrong.map(async (table) => ethers.keccak256(await ethers.provider.getCode(table))),
      );
      await expect(ethers.deployContract("Poseidon16", [wrong]))
        .to.be.revertedWithCustomError(poseidon, "Poseidon16InvalidTables")
        .withArgs(ethers.keccak256(ethers.concat(hashes)), expected);
    }
  });
});
