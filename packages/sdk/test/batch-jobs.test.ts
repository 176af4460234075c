import { expect } from "chai";
import { id, solidityPackedKeccak256, ZeroHash } from "ethers";
import { batchJob, JobsTree, jobsRoot, verifyJobProof } from "../src/index.ts";

describe("jobs root of a batch", () => {
  const jobs = (count: number) =>
    Array.from({ length: count }, (_, i) => batchJob(i, id(`order ${i}`), id("out"), id("trace")));

  it("of one job is its leaf, keccak256(0x00 ‖ index ‖ order ‖ output ‖ digest), and of none zero", () => {
    const leaf = solidityPackedKeccak256(
      ["bytes1", "uint256", "bytes32", "bytes32", "bytes32"],
      ["0x00", 0, id("order 0"), id("out"), id("trace")],
    );
    expect(jobsRoot(jobs(1))).to.equal(leaf);
    expect(jobsRoot([])).to.equal(ZeroHash);
  });

  it("is shown by the siblings of every job, in trees of every size", () => {
    for (let count = 1; count <= 17; ++count) {
      const all = jobs(count);
      const tree = new JobsTree(all);
      expect(tree.root).to.equal(jobsRoot(all));
      for (const [index, job] of all.entries()) {
        const proof = tree.proof(index);
        expect(verifyJobProof(tree.root, job, proof)).to.equal(true);
        const moved = batchJob(index + 1, id(`order ${index}`), id("out"), id("trace"));
        expect(verifyJobProof(tree.root, moved, proof)).to.equal(false);
      }
    }
  });

  it("changes with each part of each job, and with their order", () => {
    const roots = [
      jobsRoot(jobs(3)),
      jobsRoot(jobs(3).reverse()),
      jobsRoot([batchJob(0, id("x"), id("out"), id("trace")), ...jobs(3).slice(1)]),
      jobsRoot([batchJob(0, id("order 0"), id("x"), id("trace")), ...jobs(3).slice(1)]),
      jobsRoot([batchJob(0, id("order 0"), id("out"), id("x")), ...jobs(3).slice(1)]),
      jobsRoot([batchJob(1, id("order 0"), id("out"), id("trace")), ...jobs(3).slice(1)]),
    ];
    expect(new Set(roots)).to.have.property("size", roots.length);
  });
});
