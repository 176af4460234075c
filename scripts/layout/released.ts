import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { incompatibilities } from "./compare.ts";
import type { Layout, Variable } from "./layout.ts";

const nameOf = ({ contract }: Layout) => contract.slice(contract.lastIndexOf(":") + 1);

/** The layouts last released, one file per contract. */
export function readReleased(directory: string): Layout[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(directory, file), "utf8")) as Layout);
}

/** Replaces what is released. */
export function writeReleased(directory: string, layouts: readonly Layout[]): void {
  for (const file of readdirSync(directory).filter((each) => each.endsWith(".json"))) {
    rmSync(join(directory, file));
  }
  for (const layout of layouts) {
    writeFileSync(join(directory, `${nameOf(layout)}.json`), format(layout));
  }
}

/** Why `current` cannot replace what is released, one text per contract. Empty when all can. */
export function releaseFaults(released: readonly Layout[], current: readonly Layout[]): string[] {
  return released.flatMap((before) => {
    const after = current.find((layout) => nameOf(layout) === nameOf(before));
    if (!after) {
      return [`${before.contract} is released, but no upgradeable contract has its name any more.`];
    }
    const broken = incompatibilities(before, after);
    return broken === "" ? [] : [broken];
  });
}

/** Contracts whose layout differs from the released one though compatible, or was never released. */
export function unreleased(released: readonly Layout[], current: readonly Layout[]): string[] {
  const texts = new Map(released.map((layout) => [nameOf(layout), format(layout)]));
  return current.filter((layout) => texts.get(nameOf(layout)) !== format(layout)).map(nameOf);
}

/** JSON with one line per variable and per value type, so that a difference reads as what moved. */
function format({ contract, namespaces, types }: Layout): string {
  const variables = (list: readonly Variable[], indent: string) =>
    block("[", list.map(line), "]", indent);
  const spaces = Object.entries(namespaces).map(
    ([id, { slot, variables: list }]) =>
      `${JSON.stringify(id)}: {\n      "slot": "${slot}",\n      "variables": ${variables(list, "      ")}\n    }`,
  );
  const kinds = Object.entries(types).map(([id, { label, numberOfBytes, members }]) => {
    const head = `${JSON.stringify(id)}: { "label": ${JSON.stringify(label)}, "numberOfBytes": "${numberOfBytes}"`;
    if (members === undefined) return `${head} }`;
    return `${head}, "members": ${block("[", members.map(line), "]", "    ")} }`;
  });
  return `{\n  "contract": ${JSON.stringify(contract)},\n  "namespaces": ${block("{", spaces, "}", "  ")},\n  "types": ${block("{", kinds, "}", "  ")}\n}\n`;
}

function block(open: string, lines: readonly string[], close: string, indent: string): string {
  if (lines.length === 0) return open + close;
  return `${open}\n${lines.map((each) => `${indent}  ${each}`).join(",\n")}\n${indent}${close}`;
}

function line(member: Variable | string): string {
  if (typeof member === "string") return JSON.stringify(member);
  const { slot, offset, type, label } = member;
  return `{ "slot": "${slot}", "offset": ${offset}, "type": ${JSON.stringify(type)}, "label": ${JSON.stringify(label)} }`;
}
