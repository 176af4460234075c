import {
  type Action,
  type AddressBook,
  encodeAction,
  formatParameter,
  type Lattice,
  PARAMETERS,
  type ParameterName,
  parameterIndex,
  SdkError,
  setParameterAction,
} from "@lattice/sdk";
import { getAddress, isAddress, isHexString } from "ethers";
import { z } from "zod";
import { parseJson, readText } from "./files.ts";
import { required, wrongUse } from "./guard.ts";

/** How the command line names what a proposal does. */
export interface ActionArguments {
  readonly target: string;
  readonly function: string;
  readonly args: string;
  readonly values: readonly string[];
  readonly parameter: string;
  readonly value: string;
  readonly actions: string;
}

const wholeNumber = z.union([
  z.string().regex(/^\d+$/, "must be a whole number in decimal digits"),
  z.number().int().nonnegative(),
]);

const fileSchema = z
  .array(
    z.union(
      [
        z.strictObject({ parameter: z.string(), value: wholeNumber }),
        z.strictObject({
          target: z.string(),
          function: z.string(),
          args: z.array(z.unknown()).default([]),
          value: wholeNumber.default(0),
        }),
        z.strictObject({
          target: z.string().refine(isAddress, "must be an address"),
          data: z.string().refine((data) => isHexString(data, true), "must be hexadecimal bytes"),
          value: wholeNumber.default(0),
        }),
      ],
      { error: "must have parameter and value, target, function and args, or target and data" },
    ),
  )
  .min(1, "the list is empty");

/** Sets a parameter. @throws NodeError USAGE when no vote could make the contract accept the value. */
async function setParameter(lattice: Lattice, name: string, value: string): Promise<Action> {
  const known = PARAMETERS.find((candidate) => candidate === name);
  if (!known) throw wrongUse(`there is no parameter ${name}; gov:parameters lists all of them`);
  if (!/^\d+$/.test(value)) {
    throw wrongUse(
      `--value ${value} is not a whole number in the unit of ${name}; see gov:parameters`,
    );
  }
  await requireBounds(lattice, known, BigInt(value));
  return setParameterAction(lattice.addresses, known, BigInt(value));
}

async function requireBounds(lattice: Lattice, name: ParameterName, value: bigint) {
  const { min, max } = await lattice.parameters.bounds(parameterIndex(name));
  if (value >= min && value <= max) return;
  const range = `${min} to ${max} (${formatParameter(name, min)} to ${formatParameter(name, max)})`;
  throw wrongUse(`${name} is bounded by the contract to ${range}; ${value} could never be set`);
}

/** Encodes by names; what is not understood is wrong use. */
function encode(book: AddressBook, request: Parameters<typeof encodeAction>[1]): Action {
  try {
    return encodeAction(book, request);
  } catch (error) {
    if (error instanceof SdkError) throw wrongUse(error.message);
    throw error;
  }
}

async function fromFile(lattice: Lattice, file: string): Promise<Action[]> {
  const parsed = fileSchema.safeParse(parseJson(file, await readText("the actions", file)));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrongUse(`${file}: entry ${issue?.path.join(".") || "list"}: ${issue?.message}`);
  }
  const actions: Action[] = [];
  for (const entry of parsed.data) {
    if ("parameter" in entry) {
      actions.push(await setParameter(lattice, entry.parameter, String(entry.value)));
    } else if ("data" in entry) {
      const { target, data, value } = entry;
      actions.push({ target: getAddress(target), data, value: BigInt(value) });
    } else {
      actions.push(encode(lattice.addresses, { ...entry, value: BigInt(entry.value) }));
    }
  }
  return actions;
}

function callArguments({ args, values }: ActionArguments): readonly unknown[] {
  if (args === "") return values;
  if (values.length > 0) {
    throw wrongUse("give the arguments either by --args or after the options, not both");
  }
  const list = parseJson("--args", args);
  if (!Array.isArray(list)) throw wrongUse(`--args ${args} is not a JSON list`);
  return list;
}

/**
 * What a proposal does, from the command line: a file of calls, a parameter, or one call.
 * @param path Resolves a path of the command line.
 * @throws NodeError USAGE with what to mend.
 */
export async function readActions(
  lattice: Lattice,
  given: ActionArguments,
  path: (value: string) => string,
): Promise<Action[]> {
  const { target, parameter, actions, value } = given;
  const ways = [target, parameter, actions].filter((way) => way !== "");
  if (ways.length !== 1) {
    throw wrongUse(
      "name what to do by one of --parameter <name> --value <number>, --target <contract> --function <name> [arguments], or --actions <file>",
    );
  }
  if (actions !== "") return await fromFile(lattice, path(actions));
  if (parameter !== "") return [await setParameter(lattice, parameter, required("value", value))];
  if (value !== "" && !/^\d+$/.test(value)) throw wrongUse(`--value ${value} is not native wei`);
  const request = { target, function: required("function", given.function) };
  const args = callArguments(given);
  return [encode(lattice.addresses, { ...request, args, value: BigInt(value || 0) })];
}

/** Text of a proposal: as given, or from a file when it starts with @. */
export async function readDescription(
  text: string,
  path: (value: string) => string,
): Promise<string> {
  const given = required("description", text);
  const read = given.startsWith("@")
    ? await readText("the description", path(given.slice(1)))
    : given;
  if (read.trim() !== "") return read;
  throw wrongUse(`the description ${given} is empty; say why the proposal is made`);
}
