import { buildModule } from "@nomicfoundation/ignition-core";
import Governance from "./governance.ts";

/** Everything that holds tokens. None of it can be upgraded. */
export default buildModule("Custody", (m) => {
  const { token, accessManager, parameters } = m.useModule(Governance);
  const vault = m.contract("StakeVault", [token, parameters]);
  const escrow = m.contract("PaymentEscrow", [parameters]);
  const treasury = m.contract("FeeTreasury", [accessManager, escrow]);
  return { vault, escrow, treasury };
});
