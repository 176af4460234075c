import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import ts from "typescript";

export interface Compilation {
  /** Root of the repository: what the sources' paths are relative to. */
  readonly root: string;
  readonly entries: readonly string[];
  /** Where a source folder's output goes, relative to `outDir`; every source must lie in one of them. */
  readonly folders: Readonly<Record<string, string>>;
  readonly outDir: string;
}

/** Compiles TypeScript to ESM and declarations, moving folders next to each other so that no import leaves `outDir`. */
export function compile({ root, entries, folders, outDir }: Compilation): void {
  const emitted = mkdtempSync(join(tmpdir(), "lattice-compile-"));
  try {
    emit(root, entries, emitted);
    rmSync(outDir, { recursive: true, force: true });
    for (const file of ts.sys.readDirectory(emitted, [".js", ".ts"])) {
      const path = relative(emitted, file).replaceAll(sep, "/");
      const target = placeOf(path, folders);
      mkdirSync(dirname(join(outDir, target)), { recursive: true });
      writeFileSync(join(outDir, target), relocate(readFileSync(file, "utf8"), path, folders));
    }
  } finally {
    rmSync(emitted, { recursive: true, force: true });
  }
}

function emit(root: string, entries: readonly string[], outDir: string): void {
  const { config } = ts.readConfigFile(join(root, "tsconfig.base.json"), ts.sys.readFile);
  const base = ts.convertCompilerOptionsFromJson(config.compilerOptions, root).options;
  const program = ts.createProgram(
    entries.map((entry) => join(root, entry)),
    {
      ...base,
      noEmit: false,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      rootDir: root,
      outDir,
      types: ["node"],
      newLine: ts.NewLineKind.LineFeed,
    },
  );
  const result = program.emit();
  const problems = [...ts.getPreEmitDiagnostics(program), ...result.diagnostics];
  if (problems.length === 0) return;
  const host = {
    getCanonicalFileName: (name: string) => name,
    getCurrentDirectory: () => root,
    getNewLine: () => "\n",
  };
  throw new Error(`The sources do not compile:\n${ts.formatDiagnostics(problems, host)}`);
}

function placeOf(path: string, folders: Compilation["folders"]): string {
  const folder = Object.keys(folders).find((name) => path.startsWith(`${name}/`));
  if (folder === undefined) throw new Error(`${path} lies in no folder that is packed.`);
  return join(folders[folder] ?? "", path.slice(folder.length + 1)).replaceAll(sep, "/");
}

/** Rewrites relative imports for the file's new place; declarations keep `.ts` endings when emitted, and lose them here. */
function relocate(text: string, path: string, folders: Compilation["folders"]): string {
  const home = dirname(placeOf(path, folders));
  return text.replace(
    /(\bfrom\s+|\bimport\s*\(\s*|\bimport\s+)(["'])(\.{1,2}\/[^"']+)\2/g,
    (_match, before: string, quote: string, target: string) => {
      const source = join(dirname(path), target).replaceAll(sep, "/").replace(/\.ts$/, ".js");
      const moved = relative(home, placeOf(source, folders)).replaceAll(sep, "/");
      return `${before}${quote}${moved.startsWith(".") ? moved : `./${moved}`}${quote}`;
    },
  );
}
