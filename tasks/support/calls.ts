import { toJson } from "@lattice/node";
import {
  type DecodedArgument,
  type DecodedCall,
  formatParameter,
  type ParameterName,
} from "@lattice/sdk";
import { formatEther } from "ethers";

function valueText({ value, meaning }: DecodedArgument): string {
  const text = typeof value === "object" ? toJson(value) : String(value);
  return meaning === undefined ? text : `${text} (${meaning})`;
}

/** For a parameter's new value: what it is in its unit. */
function inItsUnit({ contract, function: signature, args }: DecodedCall): string {
  if (contract !== "ProtocolParameters" || signature !== "set(uint8,uint256)") return "";
  const [parameter, value] = args;
  if (parameter?.meaning === undefined || typeof value?.value !== "bigint") return "";
  return ` = ${formatParameter(parameter.meaning as ParameterName, value.value)}`;
}

/** A decoded call on one line. */
export function callText(call: DecodedCall): string {
  const name = call.contract ?? call.target;
  const sent = call.value > 0n ? `, with ${formatEther(call.value)} native` : "";
  if (call.function === undefined) {
    const bytes = (call.data.length - 2) / 2;
    return `${name}: ${bytes === 0 ? "no call" : `unknown call of ${bytes} bytes, ${call.data}`}${sent}`;
  }
  const args = call.args.map((each) => `${each.name}: ${valueText(each)}`).join(", ");
  const short = call.function.slice(0, call.function.indexOf("("));
  return `${name}.${short}(${args})${inItsUnit(call)}${sent}`;
}

/** Rows for calls, and for those that they carry. */
export function callRows(calls: readonly DecodedCall[], label = "call"): [string, string][] {
  return calls.flatMap((call): [string, string][] => [
    [label, callText(call)],
    ...callRows(call.calls, `  ${label}`),
  ]);
}
