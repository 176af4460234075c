import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import hre from "hardhat";

/** Remembers which deployment journals exist; the function it returns removes those written since. */
export async function watchJournals(): Promise<() => Promise<void>> {
  const folder = join(hre.config.paths.ignition, "deployments");
  const journals = (): Promise<readonly string[]> => readdir(folder).catch(() => []);
  const earlier = await journals();
  return async () => {
    for (const id of await journals()) {
      if (!earlier.includes(id)) await rm(join(folder, id), { recursive: true, force: true });
    }
  };
}
