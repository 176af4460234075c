import type { EscrowPort } from "../../core/ports/escrow.ts";
import { contractCall } from "./calls.ts";
import type { ChainConnection } from "./connection.ts";

/** The payment escrow of one deployment. */
export function escrowAdapter({ lattice, read }: ChainConnection): EscrowPort {
  const { escrow } = lattice;
  return {
    earnings: async (account, token) =>
      (await read("PaymentEscrow.accountOf", () => escrow.accountOf(account, token))).earnings,
    calls: {
      withdrawEarnings: (token, to, amount) =>
        contractCall(
          "PaymentEscrow",
          escrow,
          "withdrawEarnings",
          escrow.interface.encodeFunctionData("withdrawEarnings", [token, to, amount]),
        ),
    },
  };
}
