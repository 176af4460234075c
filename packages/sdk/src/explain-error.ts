import { type ErrorFragment, Interface } from "ethers";
import { CONTRACT_ABIS } from "./abis.ts";
import { ERRORS } from "./generated/abis.ts";

/** A custom error of the contracts, decoded. */
export interface ExplainedError {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** The error's name with its arguments, for people. */
  readonly message: string;
}

let known: Interface | undefined;

function errorInterface(): Interface {
  if (known) return known;
  const fragments = new Map<string, ErrorFragment>();
  // The table knows every contract, inherited errors included; the interfaces are the newest word on our own.
  for (const abi of [ERRORS, ...CONTRACT_ABIS]) {
    new Interface(abi).forEachError((fragment) => {
      fragments.set(fragment.selector, fragment);
    });
  }
  known = new Interface([...fragments.values()]);
  return known;
}

/** Revert data inside whatever a provider or signer threw. Nodes nest it differently. */
function revertData(error: unknown): string | undefined {
  const seen = new Set<unknown>();
  const queue: unknown[] = [error];
  while (queue.length > 0 && seen.size < 32) {
    const item = queue.shift();
    if (typeof item !== "object" || item === null || seen.has(item)) continue;
    seen.add(item);
    const { data, error: inner, info, cause } = item as Record<string, unknown>;
    if (typeof data === "string" && /^0x[0-9a-f]{8,}$/i.test(data)) return data;
    queue.push(data, inner, info, cause);
  }
  return undefined;
}

/** Decodes a contract's custom error from anything thrown by ethers; undefined when there is none. */
export function explainError(error: unknown): ExplainedError | undefined {
  const data = revertData(error);
  if (data === undefined) return undefined;
  const parsed = errorInterface().parseError(data);
  if (!parsed) return undefined;
  const names = parsed.fragment.inputs.map((input, index) => input.name || String(index));
  const args = Object.fromEntries(names.map((name, index) => [name, parsed.args[index]]));
  const list = names.map((name) => `${name}: ${String(args[name])}`).join(", ");
  return { name: parsed.name, args, message: `${parsed.name}(${list})` };
}
