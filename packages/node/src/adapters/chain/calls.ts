import type { Contract } from "ethers";
import type { ContractCall } from "../../core/ports/transactions.ts";

/** A call of a connected contract; `contract` and `method` name it in logs. */
export function contractCall(
  contract: string,
  { target }: { readonly target: Contract["target"] },
  method: string,
  data: string,
): ContractCall {
  return { to: String(target), data, label: `${contract}.${method}` };
}
