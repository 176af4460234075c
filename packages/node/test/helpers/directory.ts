import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A fresh directory for each test of the surrounding block, removed after it. */
export function temporaryDirectory(): { readonly path: string } {
  let path = "";
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), "lattice-node-"));
  });
  afterEach(async () => {
    await rm(path, { recursive: true, force: true });
  });
  return {
    get path() {
      return path;
    },
  };
}
