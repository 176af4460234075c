import { createHash } from "node:crypto";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { DirectoryArtifactStore } from "../../src/adapters/artifacts-fs/store.ts";
import { temporaryDirectory } from "../helpers/directory.ts";
import { failureOf, nodeFailureOf } from "../helpers/failure.ts";
import { word } from "../helpers/jobs.ts";

const bytes = new TextEncoder().encode("an artifact");
const digest = `0x${createHash("sha256").update(bytes).digest("hex")}`;

describe("DirectoryArtifactStore", () => {
  const directory = temporaryDirectory();
  const store = (maxBytes = 1_024) =>
    new DirectoryArtifactStore({ directory: join(directory.path, "artifacts"), maxBytes });
  const file = (of: string) => join(directory.path, "artifacts", of.slice(2, 4), of.slice(2));

  it("gives back what was put, under its SHA-256", async () => {
    expect(await store().has(digest)).to.equal(false);
    expect(await store().put(bytes)).to.equal(digest);
    expect(await store().has(digest)).to.equal(true);
    expect(await store().get(digest)).to.deep.equal(bytes);
  });

  it("survives the same artifact being put many times at once, and leaves no other files", async () => {
    const puts = await Promise.all(Array.from({ length: 20 }, () => store().put(bytes)));
    expect(new Set(puts)).to.deep.equal(new Set([digest]));
    expect(await store().get(digest)).to.deep.equal(bytes);
    expect(await readdir(join(directory.path, "artifacts", digest.slice(2, 4)))).to.deep.equal([
      digest.slice(2),
    ]);
  });

  it("says that a missing artifact may come", async () => {
    const error = await nodeFailureOf("ARTIFACT_NOT_FOUND", store().get(word(1)));
    expect(error.metadata).to.deep.equal({ digest: word(1) });
    expect(error.retryable).to.equal(true);
  });

  it("refuses bytes that do not have their digest", async () => {
    await store().put(bytes);
    await writeFile(file(digest), "an artefact");
    const error = await nodeFailureOf("ARTIFACT_CORRUPT", store().get(digest));
    expect(error.metadata.digest).to.equal(digest);
    expect(error.metadata.actual)
      .to.match(/^0x[0-9a-f]{64}$/)
      .and.not.equal(digest);
  });

  it("refuses to store or read more than its limit", async () => {
    const small = store(bytes.length - 1);
    const put = await nodeFailureOf("ARTIFACT_TOO_LARGE", small.put(bytes));
    expect(put.metadata).to.deep.equal({ digest, size: 11, maxBytes: 10 });
    expect(await small.has(digest)).to.equal(false);
    await store().put(bytes);
    await nodeFailureOf("ARTIFACT_TOO_LARGE", small.get(digest));
  });

  it("never turns anything but a digest into a path", async () => {
    for (const path of ["../../etc/passwd", "0x..", `0x${"0".repeat(63)}/`, digest.toUpperCase()]) {
      expect(await failureOf(store().get(path)), path).to.be.instanceOf(RangeError);
      expect(await failureOf(store().has(path)), path).to.be.instanceOf(RangeError);
    }
  });

  it("reads nothing once its signal aborted", async () => {
    await store().put(bytes);
    const error = await failureOf(store().get(digest, AbortSignal.abort()));
    expect(error.name).to.equal("AbortError");
  });
});
