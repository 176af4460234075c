import { getAddress, isAddress, isHexString, type ParamType, parseUnits } from "ethers";
import type { AddressBook } from "./addresses.ts";
import { SdkError } from "./errors.ts";
import { PARAMETERS } from "./parameters.ts";

function invalid({ name, type }: ParamType, value: unknown, expected: string): SdkError {
  const given = typeof value === "string" ? value : JSON.stringify(value);
  return new SdkError(
    "ACTION_INVALID",
    `The argument ${name || "without a name"} (${type}) is ${given}, but must be ${expected}.`,
    { metadata: { argument: name, type } },
  );
}

/** Parses a list or record that the command line gave as text. */
function parsedJson(param: ParamType, value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    throw invalid(param, value, "JSON");
  }
}

function toInteger(param: ParamType, value: unknown): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") {
    if (Number.isSafeInteger(value)) return BigInt(value);
    throw invalid(param, value, "a string: as a JSON number it loses digits");
  }
  const text = typeof value === "string" ? value.trim() : "";
  const parameter = (PARAMETERS as readonly string[]).indexOf(text);
  if (param.name === "parameter" && parameter >= 0) return BigInt(parameter);
  if (/^-?\d+$/.test(text) || /^0x[0-9a-fA-F]+$/.test(text)) return BigInt(text);
  const amount = /^(\d+(?:\.\d{1,18})?) ?LAT$/.exec(text)?.[1];
  if (amount !== undefined) return parseUnits(amount);
  const names = param.name === "parameter" ? ", or the name of a parameter" : "";
  throw invalid(param, value, `a whole number, or an amount such as "1.5 LAT"${names}`);
}

function toAddress(
  { contracts, verifiers }: AddressBook,
  param: ParamType,
  value: unknown,
): string {
  const text = typeof value === "string" ? value.trim() : "";
  const named = (contracts as Readonly<Record<string, string>>)[text] ?? verifiers[text];
  if (named !== undefined) return named;
  if (isAddress(text)) return getAddress(text);
  throw invalid(param, value, "an address, or a name of the address book");
}

function toTuple(book: AddressBook, param: ParamType, value: unknown): unknown[] {
  const fields = param.components ?? [];
  const given = parsedJson(param, value);
  const names = fields.map(({ name }) => name).join(", ");
  if (Array.isArray(given)) {
    if (given.length !== fields.length) throw invalid(param, value, `a list of ${names}`);
    return fields.map((field, index) => toAbiValue(book, field, given[index]));
  }
  if (typeof given !== "object" || given === null) {
    throw invalid(param, value, `an object with ${names}`);
  }
  const record = given as Readonly<Record<string, unknown>>;
  return fields.map((field) => toAbiValue(book, field, record[field.name]));
}

/**
 * Turns what a person wrote into what ethers encodes: numbers as decimal strings, "1.5 LAT", contracts and
 * parameters by name, lists and structs as JSON.
 * @throws SdkError ACTION_INVALID naming the argument and what is expected.
 */
export function toAbiValue(book: AddressBook, param: ParamType, value: unknown): unknown {
  if (value === undefined) throw invalid(param, "missing", "given");
  if (param.isArray()) {
    const list = parsedJson(param, value);
    const { arrayChildren, arrayLength } = param;
    if (!Array.isArray(list)) throw invalid(param, value, "a JSON list");
    if (arrayLength !== -1 && list.length !== arrayLength) {
      throw invalid(param, value, `a list of ${arrayLength}`);
    }
    return list.map((item) => toAbiValue(book, arrayChildren, item));
  }
  if (param.isTuple()) return toTuple(book, param, value);
  if (/^u?int/.test(param.type)) return toInteger(param, value);
  if (param.type === "address") return toAddress(book, param, value);
  if (param.type === "bool") {
    if (value === true || value === "true") return true;
    if (value === false || value === "false") return false;
    throw invalid(param, value, "true or false");
  }
  if (param.type === "string") {
    if (typeof value === "string") return value;
    throw invalid(param, value, "text");
  }
  const size = Number(/^bytes(\d+)$/.exec(param.type)?.[1] ?? 0);
  if (isHexString(value, size === 0 ? true : size)) return value;
  throw invalid(param, value, size === 0 ? "0x and hexadecimal bytes" : `0x and ${size} bytes`);
}
