import { table } from "./blocks.ts";
import { callerOf, requireFunctions } from "./callers.ts";
import type { Entry, FunctionEntry, Reference } from "./reference.ts";

/** Where the page of a contract is, from docs/protocol. */
export type PageOf = (contract: string) => string | undefined;

/** Functions, events, errors and fixed values of a contract, as Markdown. */
export function renderReference(reference: Reference, pageOf: PageOf): string {
  const { contract, functions, events, errors, fixed, inherited } = reference;
  const writes = functions.filter(({ readOnly }) => !readOnly);
  requireFunctions(
    contract.name,
    writes.map(({ name }) => name),
  );
  const reads = functions.filter(({ readOnly }) => readOnly);
  const code = (text: string) => `\`${text}\``;
  return [
    `Source: [${contract.file}](../../${contract.file}).`,
    section(
      "Functions",
      ["Function", "Who", "What it does", "Reverts with"],
      writes.map((each) => [
        code(each.signature),
        callerOf(contract.name, each.name, each.restricted),
        described(each),
        reverts(each, pageOf),
      ]),
    ),
    section(
      "Views",
      ["View", "What it answers", "Reverts with"],
      reads.map((each) => [code(each.signature), described(each), reverts(each, pageOf)]),
    ),
    section(
      "Fixed in the code",
      ["Name", "Value", "Meaning"],
      fixed.map(({ name, type, value, notice }) => [
        code(name),
        value === undefined ? `${code(type)}, set when deployed` : code(value),
        notice,
      ]),
    ),
    section("Events", ["Event", "When"], events.map(named)),
    section("Errors", ["Error", "When"], errors.map(named)),
    inherited.length === 0 ? "" : `From OpenZeppelin: ${inherited.map(code).join(", ")}.`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function section(
  title: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return rows.length === 0 ? "" : `### ${title}\n\n${table(header, rows)}`;
}

const described = ({ notice, details }: Entry) =>
  [notice, details].filter((text) => text !== "").join(" ");

const named = (each: Entry) => [`\`${each.signature}\``, described(each)];

function reverts({ reverts: { own, through }, restricted }: FunctionEntry, pageOf: PageOf): string {
  const passed = through.map((name) => {
    const page = pageOf(name.split(".")[0] ?? "");
    return page === undefined ? `\`${name}\`` : `[\`${name}\`](${page})`;
  });
  const managed = restricted ? ["AccessManagedUnauthorized"] : [];
  return [
    [...managed, ...own].map((name) => `\`${name}\``).join(", "),
    passed.length === 0 ? "" : `what reverts in ${passed.join(", ")}`,
  ]
    .filter((part) => part !== "")
    .join("; ");
}
