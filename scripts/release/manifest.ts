import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// In the repository packages run from their sources (docs/decisions/0002), where they are packed they run from dist:
// the manifest changes for as long as npm packs. npm has no field of its own for this.

/** Fields of a manifest that mean something to who installs the package. */
const PUBLISHED = [
  "name",
  "version",
  "description",
  "keywords",
  "license",
  "type",
  "sideEffects",
  "exports",
  "files",
  "engines",
  "dependencies",
] as const;

/** The manifest to pack: fields for installers alone, those in `publishConfig` in place of the repository's. */
export function packedManifest(source: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const overrides = (source.publishConfig ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    PUBLISHED.map((field) => [field, overrides[field] ?? source[field]]).filter(
      ([, value]) => value !== undefined,
    ),
  );
}

const savedFile = (folder: string) => join(folder, ".package.source.json");

/** Puts the repository's manifest back; does nothing when it is in place. */
export function restoreManifest(folder: string): void {
  const saved = savedFile(folder);
  if (!existsSync(saved)) return;
  writeFileSync(join(folder, "package.json"), readFileSync(saved));
  rmSync(saved);
}

/** Replaces the manifest until `restoreManifest`. What an interrupted run left behind is put right first. */
export function replaceManifest(folder: string): void {
  restoreManifest(folder);
  const file = join(folder, "package.json");
  const text = readFileSync(file, "utf8");
  writeFileSync(savedFile(folder), text);
  writeFileSync(file, `${JSON.stringify(packedManifest(JSON.parse(text)), null, 2)}\n`);
}
