// Writes what the SDK needs of contracts whose factories carry bytecode, and the public deployments, into
// packages/sdk/src/generated/: a browser should not load the bytecode of a governor to name its errors.
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Interface, type InterfaceAbi } from "ethers";
// From its file, not the package: the package's entry imports what this writes.
import { CONTRACT_NAMES, parseAddressBook } from "../../packages/sdk/src/addresses.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const TABLES = join(root, "packages/sdk/src/generated");

/** Factory files of everything that is deployed or inherited; mocks are for tests. */
export function factoryFiles(): string[] {
  return globSync("typechain-types/factories/**/*__factory.ts", { cwd: root })
    .filter((file) => !file.includes("/mocks/"))
    .map((file) => file.replaceAll("\\", "/"))
    .sort();
}

/** Name of a contract and its ABI, from a factory file. */
export async function readFactory(file: string): Promise<{ name: string; abi: InterfaceAbi }> {
  const name = file.replace(/^.*\/(\w+)__factory\.ts$/, "$1");
  const module = (await import(pathToFileURL(join(root, file)).href)) as Record<
    string,
    { abi: InterfaceAbi }
  >;
  const factory = module[`${name}__factory`];
  if (!factory) throw new Error(`${file} has no ${name}__factory; generate the bindings again.`);
  return { name, abi: factory.abi };
}

/** Contracts without an interface of their own, whose factories would bring their bytecode. */
const WHOLE = ["AccessManager", "LatticeGovernor", "LatticeToken", "TimelockController"];

async function abiTables(): Promise<string> {
  const errors = new Set<string>();
  const events = new Map<string, string[]>();
  const whole: Record<string, string[]> = {};
  for (const file of factoryFiles()) {
    const { name, abi } = await readFactory(file);
    const contract = new Interface(abi);
    contract.forEachError((fragment) => errors.add(fragment.format("full")));
    if (WHOLE.includes(name)) whole[name] = contract.format(false).sort();
    if (!(CONTRACT_NAMES as readonly string[]).includes(name)) continue;
    const found: string[] = [];
    contract.forEachEvent((fragment) => found.push(fragment.format("full")));
    events.set(name, found.sort());
  }
  const missing: string[] = CONTRACT_NAMES.filter((name) => !events.has(name));
  missing.push(...WHOLE.filter((name) => whole[name] === undefined));
  if (missing.length > 0) throw new Error(`No bindings of ${missing.join(", ")}; build first.`);
  const byName = Object.fromEntries(CONTRACT_NAMES.map((name) => [name, events.get(name)]));
  return [
    "// Written by scripts/release/sdk-tables.ts from typechain-types. Do not edit.",
    'import type { ContractName } from "../addresses.ts";',
    "",
    "/** Every custom error of the contracts, inherited ones included. */",
    `export const ERRORS: readonly string[] = ${JSON.stringify([...errors].sort(), null, 2)};`,
    "",
    "/** All of the contracts that have no interface of their own. */",
    `export const ABIS = ${JSON.stringify(whole, null, 2)} satisfies Partial<Record<ContractName, readonly string[]>>;`,
    "",
    "/** Every event of the contracts of a deployment. */",
    `export const EVENTS: Readonly<Record<ContractName, readonly string[]>> = ${JSON.stringify(byName, null, 2)};`,
    "",
  ].join("\n");
}

/** Committed address books but the local chain's, which no other machine has. */
function deploymentTable(): string {
  const books = globSync("deployments/*/addresses.json", { cwd: root })
    .filter((file) => !file.includes("localhost"))
    .sort()
    .map((file) => parseAddressBook(JSON.parse(readFileSync(join(root, file), "utf8"))));
  return [
    "// Written by scripts/release/sdk-tables.ts from deployments/. Do not edit.",
    'import type { AddressBook } from "../addresses.ts";',
    "",
    "/** Public deployments, by chain. */",
    `export const DEPLOYMENTS: readonly AddressBook[] = ${JSON.stringify(books, null, 2)};`,
    "",
  ].join("\n");
}

/** Text of each generated file, by name. */
export async function sdkTables(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ["abis.ts", await abiTables()],
    ["deployments.ts", deploymentTable()],
  ]);
}

/** Writes the tables that are stale; answers their names. */
export async function writeSdkTables(): Promise<string[]> {
  const stale: string[] = [];
  for (const [name, text] of await sdkTables()) {
    const file = join(TABLES, name);
    if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
    mkdirSync(TABLES, { recursive: true });
    writeFileSync(file, text);
    stale.push(`packages/sdk/src/generated/${name}`);
  }
  return stale;
}

if (import.meta.main) {
  const written = await writeSdkTables();
  console.log(
    written.length > 0 ? `Wrote ${written.join(", ")}.` : "The SDK's tables are current.",
  );
}
