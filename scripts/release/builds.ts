import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { compile } from "./compile.ts";
import { factoryFiles, readFactory } from "./sdk-tables.ts";

const TYPECHAIN = "typechain-types";

/** Builds the SDK into packages/sdk/dist: its modules, and the bindings they use beside them. */
export function buildSdk(root: string): void {
  compile({
    root,
    entries: ["packages/sdk/src/index.ts", "packages/sdk/src/node.ts"],
    folders: { "packages/sdk/src": "", [TYPECHAIN]: "bindings" },
    outDir: join(root, "packages/sdk/dist"),
  });
}

/** Builds the bindings and ABIs of the contracts into dist. */
export async function buildContracts(root: string): Promise<void> {
  const outDir = join(root, "dist");
  const files = factoryFiles();
  compile({ root, entries: files, folders: { [TYPECHAIN]: "" }, outDir });
  mkdirSync(join(outDir, "abis"), { recursive: true });
  const code: string[] = [];
  const types: string[] = [];
  const taken = new Map<string, string>();
  for (const file of files) {
    const { name, abi } = await readFactory(file);
    const other = taken.get(name);
    if (other) throw new Error(`${file} and ${other} are both called ${name}; rename one.`);
    taken.set(name, file);
    writeFileSync(join(outDir, "abis", `${name}.json`), `${JSON.stringify(abi, null, 2)}\n`);
    const factory = file.replace(`${TYPECHAIN}/`, "./").replace(/\.ts$/, ".js");
    const contract = factory.replace("./factories/", "./").replace("__factory.js", ".js");
    code.push(`export { ${basename(file, ".ts")} } from "${factory}";`);
    types.push(`export type { ${name} } from "${contract}";`);
  }
  writeFileSync(join(outDir, "index.js"), `${code.join("\n")}\n`);
  writeFileSync(join(outDir, "index.d.ts"), `${[...types, ...code].join("\n")}\n`);
}
