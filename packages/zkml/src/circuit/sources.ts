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

/** Our library and the parts of circomlib it uses, sorted by name. */
export async function circuitSources(): Promise<CircuitSource[]> {
  const library = join(CIRCUITS_DIRECTORY, "lib");
  const own = (await readdir(library)).filter((name) => name.endsWith(".circom"));
  const require = createRequire(import.meta.url);
  const circomlib = join(dirname(require.resolve("circomlib/package.json")), "circuits");
  return [
    ...own.map((name) => ({ name, path: join(library, name) })),
    ...CIRCOMLIB_FILES.map((name) => ({ name, path: join(circomlib, name) })),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}
