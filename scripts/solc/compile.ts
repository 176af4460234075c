import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import solc from "./solc.js";

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Text of Solidity files, by the path that imports resolve to. */
export type Sources = Readonly<Record<string, string>>;

/** One variable of a layout as solc reports it: contracts' state or a struct's members. */
export interface SolcVariable {
  readonly label: string;
  readonly offset: number;
  readonly slot: string;
  readonly type: string;
}

/** A type that a layout speaks of, by its id. */
export interface SolcType {
  readonly label: string;
  readonly numberOfBytes: string;
  readonly members?: readonly SolcVariable[];
}

export interface SolcLayout {
  readonly storage: readonly SolcVariable[];
  readonly types: Readonly<Record<string, SolcType>> | null;
}

/** NatSpec of one kind, by canonical signature. Errors may be declared more than once. */
export interface SolcDocs {
  readonly methods?: Readonly<Record<string, NatSpec>>;
  readonly events?: Readonly<Record<string, NatSpec>>;
  readonly errors?: Readonly<Record<string, readonly NatSpec[]>>;
}

/** `notice` is in the documentation for users, `details` (written `@dev`) in that for developers. */
export interface NatSpec {
  readonly notice?: string;
  readonly details?: string;
}

/** A function, event, error or constructor of an ABI. */
export interface AbiItem {
  readonly type: string;
  readonly name?: string;
  readonly stateMutability?: string;
  readonly inputs?: readonly AbiParameter[];
  readonly outputs?: readonly AbiParameter[];
}

/** `internalType` names the struct, enum or contract that `type` stands for. */
export interface AbiParameter {
  readonly name: string;
  readonly type: string;
  readonly internalType?: string;
}

export interface SolcContract {
  readonly abi?: readonly AbiItem[];
  readonly userdoc?: SolcDocs;
  readonly devdoc?: SolcDocs;
  readonly storageLayout?: SolcLayout;
  readonly evm?: {
    readonly bytecode: { readonly object: string };
    readonly deployedBytecode: { readonly object: string };
  };
}

export interface SolcOutput {
  readonly sources: Readonly<Record<string, { readonly ast: unknown }>>;
  readonly contracts?: Readonly<Record<string, Readonly<Record<string, SolcContract>>>>;
}

/** Our contracts, without those that only tests deploy. */
export function protocolSources(): Sources {
  return Object.fromEntries(
    readdirSync(join(ROOT, "contracts"), { recursive: true, encoding: "utf8" })
      .map((name) => join("contracts", name).replaceAll("\\", "/"))
      .filter((path) => path.endsWith(".sol") && !path.startsWith("contracts/mocks/"))
      .sort()
      .map((path) => [path, readFileSync(join(ROOT, path), "utf8")]),
  );
}

/** The sources and all that they import, in the end. */
export function sourcesWithImports(sources: Sources): Sources {
  const all = new Map(Object.entries(sources));
  for (const [path, text] of all) {
    for (const [, target = ""] of text.matchAll(/^import\s[^;"]*"([^"]+)";/gm)) {
      const imported = target.startsWith(".") ? posix.join(dirname(path), target) : target;
      const found = all.has(imported) ? undefined : findImport(imported);
      if (found && "error" in found) throw new Error(`${path} imports ${found.error}`);
      if (found) all.set(imported, found.contents);
    }
  }
  return Object.fromEntries(all);
}

function findImport(path: string): { contents: string } | { error: string } {
  const file = [join(ROOT, path), join(ROOT, "node_modules", path)].find((each) =>
    existsSync(each),
  );
  return file ? { contents: readFileSync(file, "utf8") } : { error: `${path} does not exist` };
}

/** Compiles with the pinned compiler. Throws SolcError when the sources are not valid. */
export function compile(sources: Sources, settings: Readonly<Record<string, unknown>>): SolcOutput {
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(
      Object.entries(sources).map(([path, content]) => [path, { content }]),
    ),
    settings: { evmVersion: "cancun", ...settings },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: findImport })) as
    | SolcOutput
    | { errors: { severity: string; formattedMessage: string }[] };
  const errors = "errors" in output ? output.errors.filter((e) => e.severity === "error") : [];
  if (errors.length > 0) throw new SolcError(errors.map((e) => e.formattedMessage).join("\n"));
  return output as SolcOutput;
}

/** What the compiler has against the sources. */
export class SolcError extends Error {
  override name = "SolcError";
}

/** Analyses sources without making bytecode, which takes seconds. */
export function analyse(sources: Sources, selection: Record<string, string[]>): SolcOutput {
  return compile(sources, { outputSelection: { "*": selection } });
}
