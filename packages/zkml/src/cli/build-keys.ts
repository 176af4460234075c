import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ZkmlError } from "../errors/zkml-error.ts";
import { type DerivedFile, derivedFiles, REPOSITORY } from "./manifest.ts";

const USAGE = `Builds the circuit and the development key of every entry of circuits/circuits.json
and writes what is derived from them: the Solidity verifiers, MANIFEST.json, constraint counts.

  node packages/zkml/src/cli/build-keys.ts            write
  node packages/zkml/src/cli/build-keys.ts --check    fail when a committed file differs

Circuits that take minutes are left as they are committed; --large builds them too.
`;

async function current({ path }: DerivedFile): Promise<string | undefined> {
  try {
    return await readFile(join(REPOSITORY, path), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function main(args: readonly string[]): Promise<number> {
  const check = args.includes("--check");
  const large = args.includes("--large");
  if (args.some((each) => each !== "--check" && each !== "--large")) {
    process.stderr.write(USAGE);
    return 2;
  }
  const files = await derivedFiles((line) => process.stderr.write(`${line}\n`), { large });
  let different = 0;
  for (const file of files) {
    if ((await current(file)) === file.content) continue;
    different++;
    if (!check) await writeFile(join(REPOSITORY, file.path), file.content);
    process.stderr.write(`${check ? "differs" : "wrote"}: ${file.path}\n`);
  }
  if (!check || different === 0) return 0;
  process.stderr.write("run node packages/zkml/src/cli/build-keys.ts and commit what it writes\n");
  return 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ZkmlError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}
