import { readdir, readFile } from "node:fs/promises";
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

/** Those of the sources that a circuit includes, directly or through others, sorted by name. */
export async function includedSources(source: string): Promise<CircuitSource[]> {
  const known = new Map((await circuitSources()).map((each) => [each.name, each]));
  const found = new Set<CircuitSource>();
  const visit = async (text: string): Promise<void> => {
    for (const [, name = ""] of text.matchAll(/^include "(?:\.\/)?([^"]+)";/gm)) {
      const included = known.get(name);
      // The compiler names a file that is missing.
      if (included === undefined || found.has(included)) continue;
      found.add(included);
      await visit(await readFile(included.path, "utf8"));
    }
  };
  await visit(source);
  return [...found].sort((a, b) => (a.name < b.name ? -1 : 1));
}
