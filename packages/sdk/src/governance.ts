import {
  Interface as Abi,
  AbiCoder,
  FunctionFragment,
  getAddress,
  type Interface,
  id,
  isAddress,
  isHexString,
  keccak256,
  type ParamType,
  Result,
} from "ethers";
import { toAbiValue } from "./abi-values.ts";
import { type AddressBook, CONTRACT_NAMES, type ContractName } from "./addresses.ts";
import { SdkError } from "./errors.ts";
import { contractNameAt, interfaceOf } from "./interfaces.ts";
import { PARAMETERS, type ParameterName, parameterIndex } from "./parameters.ts";

/** One call that a proposal makes through the timelock. */
export interface Action {
  readonly target: string;
  /** Native wei sent along. */
  readonly value: bigint;
  /** ABI-encoded, hex. */
  readonly data: string;
}

/** An action in words. */
export interface ActionRequest {
  /** Name of the address book, or an address. */
  readonly target: string;
  /** Name, or signature where a name is not enough. */
  readonly function: string;
  /** As people write them: see `toAbiValue`. */
  readonly args: readonly unknown[];
  readonly value?: bigint;
}

function invalid(message: string, metadata: Record<string, unknown> = {}): SdkError {
  return new SdkError("ACTION_INVALID", message, { metadata });
}

function resolveTarget(book: AddressBook, target: string) {
  const named = (book.contracts as Readonly<Record<string, string>>)[target];
  if (named !== undefined) return { address: named, name: target as ContractName };
  if (!isAddress(target)) {
    throw invalid(
      `There is no contract ${target} in the address book. Give an address, or one of ${CONTRACT_NAMES.join(", ")}.`,
    );
  }
  const address = getAddress(target);
  return { address, name: contractNameAt(book, address) };
}

/** Functions that change something: a proposal has no use for others. */
function changing(abi: Interface): FunctionFragment[] {
  return abi.fragments.filter(
    (fragment): fragment is FunctionFragment =>
      fragment instanceof FunctionFragment && !fragment.constant,
  );
}

function parseSignature(text: string): FunctionFragment | undefined {
  if (!text.includes("(")) return undefined;
  try {
    return FunctionFragment.from(text.startsWith("function ") ? text : `function ${text}`);
  } catch {
    throw invalid(`${text} is not a signature such as transfer(address,uint256).`);
  }
}

function resolveFunction(name: ContractName | undefined, text: string): FunctionFragment {
  const signature = parseSignature(text);
  if (name === undefined) {
    if (signature) return signature;
    throw invalid(
      `The target is not in the address book, so ${text} needs its signature, such as transfer(address,uint256).`,
    );
  }
  const functions = changing(interfaceOf(name));
  const found = functions.filter((candidate) =>
    signature ? candidate.selector === signature.selector : candidate.name === text,
  );
  const [only] = found;
  if (only && found.length === 1) return only;
  const signatures = functions.map((each) => each.format()).join(", ");
  throw invalid(
    `${name} has ${only ? "more than one" : "no"} function ${text} that changes something; it has ${signatures}.`,
  );
}

/**
 * Encodes a call by names.
 * @throws SdkError ACTION_INVALID saying which target, function or argument is not understood.
 */
export function encodeAction(book: AddressBook, request: ActionRequest): Action {
  const { address, name } = resolveTarget(book, request.target);
  const fragment = resolveFunction(name, request.function);
  const { inputs } = fragment;
  if (request.args.length !== inputs.length) {
    const wanted = inputs.map((input) => input.format("full")).join(", ");
    throw invalid(
      `${fragment.name} takes ${inputs.length} arguments (${wanted}), but ${request.args.length} are given.`,
    );
  }
  const values = inputs.map((input, index) => toAbiValue(book, input, request.args[index]));
  try {
    const data = new Abi([fragment]).encodeFunctionData(fragment, values);
    return { target: address, value: request.value ?? 0n, data };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split(" (")[0] : String(cause);
    throw new SdkError("ACTION_INVALID", `${fragment.format()} cannot be encoded: ${reason}.`, {
      cause,
    });
  }
}

/** The call that sets a parameter. Its bounds are checked by the contract alone. */
export function setParameterAction(book: AddressBook, name: ParameterName, value: bigint): Action {
  const args = [parameterIndex(name), value];
  return encodeAction(book, { target: "ProtocolParameters", function: "set", args });
}

/** Number under which the governor knows a proposal of these actions and this description. */
export function proposalIdOf(actions: readonly Action[], description: string): bigint {
  const encoded = AbiCoder.defaultAbiCoder().encode(
    ["address[]", "uint256[]", "bytes[]", "bytes32"],
    [
      actions.map(({ target }) => target),
      actions.map(({ value }) => value),
      actions.map(({ data }) => data),
      id(description),
    ],
  );
  return BigInt(keccak256(encoded));
}

/** One argument of a decoded call. */
export interface DecodedArgument {
  readonly name: string;
  readonly type: string;
  /** Numbers as bigint, structs as objects. */
  readonly value: unknown;
  /** Who or what the value is, where the protocol has a name for it. */
  readonly meaning: string | undefined;
}

/** A call in words. */
export interface DecodedCall extends Action {
  /** Name in the address book; undefined for any other target. */
  readonly contract: ContractName | undefined;
  /** Signature; undefined when no ABI of the protocol has the selector. */
  readonly function: string | undefined;
  readonly args: readonly DecodedArgument[];
  /** Calls that this one carries in its arguments, such as an upgrade's. */
  readonly calls: readonly DecodedCall[];
}

/** A decoded value without ethers' own types: lists as arrays, structs as objects. */
function plain(param: ParamType, value: unknown): unknown {
  if (!(value instanceof Result)) return value;
  const items = value.toArray();
  if (param.isArray()) return items.map((item) => plain(param.arrayChildren, item));
  const fields = param.components ?? [];
  return Object.fromEntries(
    fields.map((field, index) => [field.name || String(index), plain(field, items[index])]),
  );
}

const ROLES = new Map([
  [0n, "ADMIN"],
  [1n, "GUARDIAN"],
  [2n ** 64n - 1n, "PUBLIC"],
]);

function meaningOf(book: AddressBook, param: ParamType, value: unknown, abi?: Interface) {
  if (typeof value === "string" && param.type === "address") {
    const verifier = Object.entries(book.verifiers).find(([, at]) => at === value);
    return contractNameAt(book, value) ?? verifier?.[0];
  }
  if (typeof value === "bigint" && param.name === "parameter") return PARAMETERS[Number(value)];
  if (typeof value === "bigint" && param.name === "roleId") return ROLES.get(value);
  if (param.type === "bytes4[]" && Array.isArray(value)) {
    return value.map((selector) => abi?.getFunction(String(selector))?.name ?? "?").join(", ");
  }
  return undefined;
}

/** Calls inside the arguments of a call, by the names that OpenZeppelin gives them. */
function carried(own: string, args: readonly DecodedArgument[]): Action[] {
  const by = new Map(args.map(({ name, value }) => [name, value]));
  const list = (name: string) => (Array.isArray(by.get(name)) ? (by.get(name) as unknown[]) : []);
  const call = (target: unknown, data: unknown, value: unknown = 0n): Action[] =>
    isHexString(data) && data.length >= 10
      ? [{ target: String(target), value: BigInt(String(value)), data }]
      : [];
  if (by.has("target")) return call(by.get("target"), by.get("data"), by.get("value") ?? 0n);
  if (by.has("newImplementation")) return call(own, by.get("data"));
  const payloads = by.has("payloads") ? list("payloads") : list("calldatas");
  if (by.has("targets")) {
    return list("targets").flatMap((target, index) =>
      call(target, payloads[index], list("values")[index] ?? 0n),
    );
  }
  return list("data").flatMap((data) => call(own, data));
}

/** Says what a call does, with the address book's names and the protocol's ABIs. Never throws on foreign calls. */
export function decodeAction(book: AddressBook, action: Action): DecodedCall {
  const contract = contractNameAt(book, action.target);
  const selector = action.data.slice(0, 10);
  const candidates = contract === undefined ? CONTRACT_NAMES : [contract];
  const unknown = { ...action, contract, function: undefined, args: [], calls: [] };
  for (const name of candidates) {
    const fragment = selector.length === 10 && interfaceOf(name).getFunction(selector);
    if (!fragment) continue;
    try {
      const values = interfaceOf(name).decodeFunctionData(fragment, action.data);
      const plainValues = fragment.inputs.map((input, index) => plain(input, values[index]));
      const targetIndex = fragment.inputs.findIndex((input) => input.name === "target");
      const target = contractNameAt(book, String(plainValues[targetIndex] ?? ""));
      const abi = target && interfaceOf(target);
      const args = fragment.inputs.map((input, index) => ({
        name: input.name,
        type: input.type,
        value: plainValues[index],
        meaning: meaningOf(book, input, plainValues[index], abi),
      }));
      const calls = carried(action.target, args).map((inner) => decodeAction(book, inner));
      return { ...action, contract, function: fragment.format(), args, calls };
    } catch {
      // The selector is known but the arguments are another function's: shown undecoded.
      return unknown;
    }
  }
  return unknown;
}
