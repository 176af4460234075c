// Written by scripts/release/sdk-tables.ts from deployments/. Do not edit.
import type { AddressBook } from "../addresses.ts";

/** Public deployments, by chain. */
export const DEPLOYMENTS: readonly AddressBook[] = [];
