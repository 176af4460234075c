import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** One file that generated circuits include. */
export interface CircuitSource {
  readonly name: string;
  readonly path: string;
}

const CIRCOMLIB_FILES = ["poseidon.circom", "poseidon_constants.circom"];

export const CIRCUITS_DIRECTORY = fileURLToPath(new URL("../../../../circuits/", import.meta.url));

const FAMILIES = ["lib", "training"];

/** Our library and the parts of circomlib it uses, sorted by name. */
export async function circuitSources(): Promise<CircuitSource[]> {
  const own: CircuitSource[] = [];
  for (const family of FAMILIES) {
    const directory = join(CIRCUITS_DIRECTORY, family);
    const names = (await readdir(directory)).filter((name) => name.endsWith(".circom"));
    own.push(...names.map((name) => ({ name, path: join(directory, name) })));
  }
  const require = createRequire(import.meta.url);
  const circomlib = join(dirname(require.resolve("circomlib/package.json")), "circuits");
  return [...own, ...CIRCOMLIB_FILES.map((name) => ({ name, path: join(circomlib, name) }))].sort(
    (a, b) => (a.name < b.name ? -1 : 1),
  );
}
