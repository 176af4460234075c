import type { Contract, Interface } from "ethers";
import type { ContractCall } from "../../core/ports/transactions.ts";

interface Target {
  readonly target: Contract["target"];
  readonly interface: Pick<Interface, "encodeFunctionData">;
}

/** Encodes a call of a connected contract; `contract` names it in logs. */
export function contractCall(
  contract: string,
  { target, interface: abi }: Target,
  method: string,
  values: readonly unknown[],
): ContractCall {
  return {
    to: String(target),
    data: abi.encodeFunctionData(method, values),
    label: `${contract}.${method}`,
  };
}
