import { getStorageUpgradeReport, withValidationDefaults } from "@openzeppelin/upgrades-core";
import type { Layout } from "./layout.ts";

/**
 * What an upgrade from `released` to `current` would break: variables inserted, removed, moved or retyped, gaps that
 * do not end where they did, namespaces that are gone. Appended variables and new namespaces are safe.
 * OpenZeppelin's comparison decides; empty text means safe.
 */
export function incompatibilities(released: Layout, current: Layout): string {
  const report = getStorageUpgradeReport(
    comparable(released),
    comparable(current),
    withValidationDefaults({}),
  );
  return report.pass ? "" : report.explain(false);
}

type Comparable = Parameters<typeof getStorageUpgradeReport>[0];

function comparable({ contract, namespaces, types }: Layout): Comparable {
  return {
    storage: [],
    types: structuredClone(types) as Comparable["types"],
    namespaces: Object.fromEntries(
      Object.entries(namespaces).map(([id, { variables }]) => [
        `erc7201:${id}`,
        variables.map((variable) => ({ ...variable, contract, src: `${contract}, ${id}` })),
      ]),
    ),
  };
}
