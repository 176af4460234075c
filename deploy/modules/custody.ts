import { buildModule } from "@nomicfoundation/ignition-core";
import Governance from "./governance.ts";

/** Stakes and payments: what holds the tokens of others. None of it can be upgraded. */
export default buildModule("Custody", (m) => {
  const { token, parameters } = m.useModule(Governance);
  const vault = m.contract("StakeVault", [token, parameters]);
  const escrow = m.contract("PaymentEscrow", [parameters]);
  return { vault, escrow };
});
