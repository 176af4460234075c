import { type EventFragment, getAddress, Interface } from "ethers";
import { type AddressBook, CONTRACT_NAMES, type ContractName } from "../addresses.ts";
import { SdkError } from "../errors.ts";
import { EVENTS } from "../generated/abis.ts";
import type { RawLog } from "./cursor.ts";
import type { EventFilter, LatticeEvent } from "./types.ts";

/** Topics by position: null accepts any, an array any of its values. */
type Topics = readonly (string | readonly string[] | null)[];

/** One request's worth of filters, and what turns its logs into events. */
export interface CompiledFilters {
  readonly address: string[];
  readonly topics: (string | string[] | null)[];
  /** Whether some filter asks for exactly this log; the request may answer more. */
  matches(log: RawLog): boolean;
  /** Throws `SdkError` EVENT_UNDECODABLE. */
  decode(log: RawLog): LatticeEvent;
}

const interfaces = new Map<ContractName, Interface>();

function eventsOf(contract: ContractName): Interface {
  const known = interfaces.get(contract);
  if (known) return known;
  const made = new Interface(EVENTS[contract]);
  interfaces.set(contract, made);
  return made;
}

function requireEvent(contract: ContractName, event: string): EventFragment {
  // A name that is missing answers null; a malformed one throws. Both are the caller's mistake.
  const found = /^\w+$/.test(event) ? eventsOf(contract).getEvent(event) : null;
  if (found) return found;
  const names: string[] = [];
  eventsOf(contract).forEachEvent(({ name }) => names.push(name));
  throw new SdkError(
    "EVENT_UNKNOWN",
    `${contract} has no event ${event}; its events are ${names.join(", ")}.`,
    { metadata: { contract, event } },
  );
}

function indexedArguments(
  contract: ContractName,
  fragment: EventFragment,
  args: Readonly<Record<string, unknown>>,
): unknown[] {
  const indexed = fragment.inputs.filter((input) => input.indexed).map(({ name }) => name);
  const wrong = Object.keys(args).find((name) => !indexed.includes(name));
  if (wrong !== undefined) {
    throw new SdkError(
      "EVENT_UNKNOWN",
      `${contract}.${fragment.name} cannot be filtered by ${wrong}; its indexed arguments are ${indexed.join(", ") || "none"}.`,
      { metadata: { contract, event: fragment.name, argument: wrong } },
    );
  }
  return fragment.inputs.map((input) => (input.indexed ? (args[input.name] ?? null) : null));
}

function topicsOf({ contract, event, args }: EventFilter): Topics[] {
  if (event !== undefined) {
    const fragment = requireEvent(contract, event);
    const values = indexedArguments(contract, fragment, args ?? {});
    return [eventsOf(contract).encodeFilterTopics(fragment, values)];
  }
  const all: Topics[] = [];
  eventsOf(contract).forEachEvent(({ topicHash }) => all.push([topicHash]));
  return all;
}

function topicsMatch(topics: Topics, log: RawLog): boolean {
  return topics.every((wanted, position) => {
    const topic = log.topics[position];
    if (wanted === null) return true;
    return typeof wanted === "string" ? wanted === topic : wanted.some((one) => one === topic);
  });
}

/** Filters ready to send. Throws `SdkError` EVENT_UNKNOWN for a name or an argument that does not exist. */
export function compileFilters(
  { contracts }: AddressBook,
  filters: readonly EventFilter[] = CONTRACT_NAMES.map((contract) => ({ contract }) as EventFilter),
): CompiledFilters {
  const wanted = filters.flatMap((filter) =>
    topicsOf(filter).map((topics) => ({ address: getAddress(contracts[filter.contract]), topics })),
  );
  const [only] = wanted;
  if (!only)
    throw new RangeError("Name at least one filter, or leave them out to read all events.");
  const signatures = wanted.flatMap(({ topics: [signature] }) => signature ?? []);
  const names = new Map(CONTRACT_NAMES.map((name) => [getAddress(contracts[name]), name]));
  return {
    address: [...new Set(wanted.map(({ address }) => address))],
    topics:
      wanted.length === 1
        ? only.topics.map((topic) => (typeof topic === "object" && topic ? [...topic] : topic))
        : [[...new Set(signatures)]],
    matches: (log) =>
      wanted.some(
        ({ address, topics }) => address === getAddress(log.address) && topicsMatch(topics, log),
      ),
    decode: (log) => decodeLog(names.get(getAddress(log.address)), log),
  };
}

function decodeLog(contract: ContractName | undefined, log: RawLog): LatticeEvent {
  try {
    if (contract === undefined) throw new Error(`${log.address} is not in the address book`);
    const parsed = eventsOf(contract).parseLog(log);
    if (!parsed) throw new Error(`${contract} has no event with topic ${log.topics[0]}`);
    const args = Object.fromEntries(
      parsed.fragment.inputs.map(({ name }, position) => [
        name || `arg${position}`,
        parsed.args[position],
      ]),
    );
    const { address, blockNumber, blockHash, transactionHash, index: logIndex } = log;
    const place = { address, blockNumber, blockHash, transactionHash, logIndex };
    // The table that decoded it and the bindings that type it come from the same ABI.
    return { contract, name: parsed.name, args, ...place } as unknown as LatticeEvent;
  } catch (cause) {
    throw new SdkError(
      "EVENT_UNDECODABLE",
      `Log ${log.index} of block ${log.blockNumber} is not an event that this version of the SDK knows. Check the address book, or use the SDK of the deployed contracts.`,
      { cause, metadata: { log } },
    );
  }
}
