import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { DirectoryTraceStore, type TraceFiles } from "../../src/adapters/traces-fs/store.ts";
import { temporaryDirectory } from "../helpers/directory.ts";
import { failureOf, nodeFailureOf } from "../helpers/failure.ts";
import { word } from "../helpers/jobs.ts";

/** A trace is its root as text. */
const files: TraceFiles = {
  write: (file, { root }) => writeFile(file, root),
  read: async (file) => {
    const root = await readFile(file, "utf8");
    if (!root.startsWith("0x")) throw new Error("no root");
    return { root };
  },
};

describe("DirectoryTraceStore", () => {
  const directory = temporaryDirectory();
  const store = () => new DirectoryTraceStore(directory.path, files);
  const plant = async (root: string, content: string) => {
    await mkdir(join(directory.path, "traces"), { recursive: true });
    await writeFile(join(directory.path, "traces", `${root}.trace`), content);
  };

  it("keeps traces beside the artifacts, by their roots, until they are removed", async () => {
    const root = word(0xabn);
    expect(await store().has(root)).to.equal(false);
    await store().put({ root });
    await store().put({ root });
    expect(await readdir(join(directory.path, "traces"))).to.deep.equal([`${root}.trace`]);
    expect(await store().has(root)).to.equal(true);
    expect((await store().get(root)).root).to.equal(root);
    await store().remove(root);
    await store().remove(root);
    const error = await nodeFailureOf("TRACE_NOT_FOUND", store().get(root));
    expect(error.metadata).to.deep.equal({ root });
    expect(error.retryable).to.equal(true);
  });

  it("refuses a file with another root, and one that is no trace", async () => {
    await plant(word(1), word(2));
    const other = await nodeFailureOf("TRACE_CORRUPT", store().get(word(1)));
    expect(other.metadata).to.deep.equal({ root: word(1), actual: word(2) });
    await plant(word(3), "nonsense");
    const none = await nodeFailureOf("TRACE_CORRUPT", store().get(word(3)));
    expect(none.message).to.equal(`the stored trace ${word(3)} cannot be used: no root`);
  });

  it("lets nothing but a root become a path", async () => {
    for (const root of ["../secret", "0x12", `${word(1)}/..`, word(1).toUpperCase()]) {
      expect(await failureOf(store().get(root))).to.be.instanceOf(RangeError);
    }
  });
});
