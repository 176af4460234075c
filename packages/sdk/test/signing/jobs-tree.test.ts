import { expect } from "chai";
import { concat, id, keccak256 } from "ethers";
import { JobsTree, jobLeaf, verifyJobProof } from "../../src/index.ts";

const jobs = (count: number) => Array.from({ length: count }, (_, index) => id(`job ${index}`));
const node = (left: string, right: string) => keccak256(concat(["0x01", left, right]));

describe("jobs tree", () => {
  it("hashes leaves and nodes apart, in the order of the jobs, and moves an odd node up", () => {
    const [a = "", b = "", c = ""] = jobs(3).map((job) => keccak256(concat(["0x00", job])));
    expect(new JobsTree(jobs(1)).root).to.equal(a);
    expect(new JobsTree(jobs(2)).root).to.equal(node(a, b));
    expect(new JobsTree(jobs(2).reverse()).root).to.equal(node(b, a));
    expect(new JobsTree(jobs(3)).root).to.equal(node(node(a, b), c));
  });

  it("proves every job of every size, and no other job, place or count", () => {
    for (let count = 1; count <= 33; count++) {
      const all = jobs(count);
      const tree = new JobsTree(all);
      for (const [index, job] of all.entries()) {
        const proof = tree.proof(index);
        expect(verifyJobProof(tree.root, job, proof)).to.equal(true);
        expect(verifyJobProof(tree.root, id("another"), proof)).to.equal(false);
        const places = all.map((_, place) => place).filter((place) => place !== index);
        const elsewhere = places.filter((place) =>
          verifyJobProof(tree.root, job, { ...proof, index: place }),
        );
        expect(elsewhere).to.deep.equal([]);
        expect(verifyJobProof(tree.root, job, { ...proof, index: count })).to.equal(false);
      }
    }
  });

  it("refuses proofs that are too long, too short or changed", () => {
    const tree = new JobsTree(jobs(5));
    const job = jobs(5)[2] ?? "";
    const proof = tree.proof(2);
    const { siblings } = proof;
    const verify = (changed: readonly string[]) =>
      verifyJobProof(tree.root, job, { ...proof, siblings: changed });
    expect(verify(siblings)).to.equal(true);
    expect(verify([...siblings, id("more")])).to.equal(false);
    expect(verify(siblings.slice(1))).to.equal(false);
    expect(verify([...siblings].reverse())).to.equal(false);
    expect(verifyJobProof(tree.root, job, { ...proof, index: 1.5 })).to.equal(false);
  });

  it("refuses what is no list of jobs", () => {
    expect(() => new JobsTree([])).to.throw(RangeError, "at least one job");
    expect(() => jobLeaf("0x1234")).to.throw(RangeError, "32, 64, 128 bytes, not 2");
    expect(() => new JobsTree(jobs(2)).proof(2)).to.throw(RangeError, "no job 2 among 2");
  });
});
