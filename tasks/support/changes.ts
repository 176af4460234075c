import { toJson } from "@lattice/node";
import {
  type AddressBook,
  CONTRACT_NAMES,
  contractNameAt,
  formatParameter,
  interfaceOf,
  type Lattice,
  PARAMETERS,
  parameterIndex,
} from "@lattice/sdk";
import { getAddress, type Log, ZeroAddress } from "ethers";
import { amountText } from "./format.ts";

/** An event in words. */
export interface NamedEvent {
  /** Name in the address book, or the address. */
  readonly contract: string;
  readonly address: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** One thing that is another after an execution than before. */
export interface Change {
  readonly kind: "parameter" | "balance" | "role" | "function role" | "implementation";
  readonly subject: string;
  readonly before: string | bigint | boolean;
  readonly after: string | bigint | boolean;
  /** Both values for people, where they need a unit. */
  readonly text?: readonly [before: string, after: string];
}

/** Events that an ABI of the protocol knows; the contract's own ABI comes first. */
export function eventsOf(book: AddressBook, logs: readonly Log[]): NamedEvent[] {
  return logs.flatMap((log) => {
    const own = contractNameAt(book, log.address);
    for (const name of own ? [own] : CONTRACT_NAMES) {
      const parsed = interfaceOf(name).parseLog(log);
      if (!parsed) continue;
      const args = parsed.args.toObject(true);
      const address = getAddress(log.address);
      return [{ contract: own ?? address, address, name: parsed.name, args }];
    }
    return [];
  });
}

/** False for what every execution says: that the timelock called and the governor is done. */
export function isOutcome({ contract, name }: NamedEvent): boolean {
  return !(
    (contract === "TimelockController" && name === "CallExecuted") ||
    (contract === "LatticeGovernor" && name === "ProposalExecuted")
  );
}

/** An event on one line. */
export function eventText({ contract, name, args }: NamedEvent): string {
  const shown = Object.entries(args).map(([field, value]) => {
    return `${field}: ${typeof value === "object" ? toJson(value) : String(value)}`;
  });
  return `${contract}.${name}(${shown.join(", ")})`;
}

async function parameterChanges({ parameters }: Lattice, before: number, after: number) {
  const changes = await Promise.all(
    PARAMETERS.map(async (name): Promise<Change> => {
      const index = parameterIndex(name);
      const old = await parameters.get(index, { blockTag: before });
      const now = await parameters.get(index, { blockTag: after });
      const text = [formatParameter(name, old), formatParameter(name, now)] as const;
      return { kind: "parameter", subject: name, before: old, after: now, text };
    }),
  );
  return changes;
}

/** Who a balance or role belongs to, by name where the book has one. */
function who(book: AddressBook, address: string): string {
  const name = contractNameAt(book, address);
  return name ? `${name} ${address}` : address;
}

async function balanceChanges(
  lattice: Lattice,
  events: readonly NamedEvent[],
  before: number,
  after: number,
): Promise<Change[]> {
  const touched = new Map<string, readonly [token: string, account: string]>();
  for (const { address, name, args } of events) {
    if (name !== "Transfer") continue;
    for (const account of [String(args.from), String(args.to)]) {
      if (account !== ZeroAddress) touched.set(`${address} ${account}`, [address, account]);
    }
  }
  return await Promise.all(
    [...touched.values()].map(async ([address, account]): Promise<Change> => {
      const token = lattice.token.attach(address) as typeof lattice.token;
      const [old, now, decimals, symbol] = await Promise.all([
        token.balanceOf(account, { blockTag: before }),
        token.balanceOf(account, { blockTag: after }),
        token.decimals(),
        token.symbol(),
      ]);
      const subject = `${symbol} of ${who(lattice.addresses, account)}`;
      const text = [old, now].map((value) => amountText(value, symbol, Number(decimals)));
      return {
        kind: "balance",
        subject,
        before: old,
        after: now,
        text: [text[0] ?? "", text[1] ?? ""],
      };
    }),
  );
}

async function roleChange(
  { manager, timelock, addresses }: Lattice,
  { contract, name, args }: NamedEvent,
  before: number,
  after: number,
): Promise<Change | undefined> {
  if (name === "TargetFunctionRoleUpdated") {
    const target = String(args.target);
    const selector = String(args.selector);
    const at = (blockTag: number) => manager.getTargetFunctionRole(target, selector, { blockTag });
    const known = contractNameAt(addresses, target);
    const called = known && interfaceOf(known).getFunction(selector)?.name;
    const subject = `${known ?? target}.${called ?? selector}`;
    return { kind: "function role", subject, before: await at(before), after: await at(after) };
  }
  if (name !== "RoleGranted" && name !== "RoleRevoked") return undefined;
  const account = String(args.account);
  const holds = async (blockTag: number): Promise<boolean> => {
    if (contract !== "AccessManager")
      return timelock.hasRole(String(args.role), account, { blockTag });
    return (await manager.hasRole(BigInt(String(args.roleId)), account, { blockTag })).isMember;
  };
  const role = contract === "AccessManager" ? args.roleId : args.role;
  const subject = `role ${String(role)} of ${contract} for ${who(addresses, account)}`;
  return { kind: "role", subject, before: await holds(before), after: await holds(after) };
}

// ERC-1967: keccak256("eip1967.proxy.implementation") - 1.
const IMPLEMENTATION_SLOT = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";

async function implementationChange(
  { runner }: Lattice,
  { contract, address, name }: NamedEvent,
  before: number,
  after: number,
): Promise<Change | undefined> {
  const { provider } = runner;
  if (name !== "Upgraded" || !provider) return undefined;
  const at = async (block: number) => {
    const word = await provider.getStorage(address, IMPLEMENTATION_SLOT, block);
    return getAddress(`0x${word.slice(-40)}`);
  };
  return {
    kind: "implementation",
    subject: contract,
    before: await at(before),
    after: await at(after),
  };
}

/** What the block `after` changed: parameters, balances of what moved, roles, implementations. */
export async function changesOf(
  lattice: Lattice,
  events: readonly NamedEvent[],
  after: number,
): Promise<Change[]> {
  const before = after - 1;
  const changes = await parameterChanges(lattice, before, after);
  changes.push(...(await balanceChanges(lattice, events, before, after)));
  for (const event of events) {
    const role = await roleChange(lattice, event, before, after);
    const upgrade = await implementationChange(lattice, event, before, after);
    changes.push(...[role, upgrade].filter((change) => change !== undefined));
  }
  return changes.filter((change) => change.before !== change.after);
}

/** A change on one line. */
export function changeText({ subject, before, after, text }: Change): string {
  const [old, now] = text ?? [String(before), String(after)];
  return `${subject}: ${old} → ${now}`;
}
