import { buildModule } from "@nomicfoundation/ignition-core";
import { id } from "ethers";
import Custody from "./custody.ts";
import Disputes from "./disputes.ts";
import Governance from "./governance.ts";
import Market from "./market.ts";
import Quorum from "./quorum.ts";
import Registries from "./registries.ts";
import Settlement from "./settlement.ts";
import Training from "./training.ts";
import Treasury from "./treasury.ts";
import Vouchers from "./vouchers.ts";

/** AccessManager role that may stop new work, and nothing else. */
export const GUARDIAN_ROLE = 1n;
/** AccessManager role that may take providers out of new work and return them: the gate and the timelock. */
export const JAILER_ROLE = 2n;
const ADMIN_ROLE = 0n;
const PROPOSER_ROLE = id("PROPOSER_ROLE");
const CANCELLER_ROLE = id("CANCELLER_ROLE");
const EXECUTOR_ROLE = id("EXECUTOR_ROLE");
const ZERO_ADDRESS = "0x0000000000000000000000000000000000000000";
const DEFAULT_ADMIN_ROLE = `0x${"00".repeat(32)}`;

/** The whole protocol; its last steps hand every privileged role to the timelock (GOV-3). */
export default buildModule("Lattice", (m) => {
  const deployer = m.getAccount(0);
  const governance = m.useModule(Governance);
  const custody = m.useModule(Custody);
  const registries = m.useModule(Registries);
  const treasury = m.useModule(Treasury);
  const disputes = m.useModule(Disputes);
  const jobs = m.useModule(Market);
  const quorum = m.useModule(Quorum);
  const signedOrders = m.useModule(Settlement);
  const sessions = m.useModule(Vouchers);
  const training = m.useModule(Training);
  const { accessManager, timelock, governor } = governance;

  const guardian = m.call(
    accessManager,
    "grantRole",
    [GUARDIAN_ROLE, m.getParameter<string>("guardian"), 0],
    { id: "GrantGuardian" },
  );
  const lanes = {
    Jobs: jobs.market,
    Quorum: quorum.quorumMarket,
    Settlements: signedOrders.settlement,
    Sessions: sessions.vouchers,
  };
  const guarded = Object.entries(lanes).map(([name, lane]) =>
    m.call(
      accessManager,
      "setTargetFunctionRole",
      [lane, [m.getParameter<string>("guardedSelector")], GUARDIAN_ROLE],
      { id: `Guard${name}` },
    ),
  );
  const timelockGuards = m.call(accessManager, "grantRole", [GUARDIAN_ROLE, timelock, 0], {
    id: "TimelockIsGuardian",
  });
  const jailing = m.call(
    accessManager,
    "setTargetFunctionRole",
    [registries.registry, [m.getParameter<string>("jailSelector")], JAILER_ROLE],
    { id: "GuardJail" },
  );
  const gateJails = m.call(accessManager, "grantRole", [JAILER_ROLE, registries.gate, 0], {
    id: "GateJails",
  });
  const timelockFrees = m.call(accessManager, "grantRole", [JAILER_ROLE, timelock, 0], {
    id: "TimelockIsJailer",
  });
  const timelockAdmin = m.call(accessManager, "grantRole", [ADMIN_ROLE, timelock, 0], {
    id: "GrantAdminToTimelock",
    after: [
      guardian,
      ...guarded,
      timelockGuards,
      jailing,
      gateJails,
      timelockFrees,
      ...Object.values(lanes),
      disputes.equivocation,
      disputes.disputes,
      registries.beacon,
    ],
  });
  m.call(accessManager, "renounceRole", [ADMIN_ROLE, deployer], {
    id: "DeployerLeavesManager",
    after: [timelockAdmin],
  });

  const proposer = m.call(timelock, "grantRole", [PROPOSER_ROLE, governor], {
    id: "GovernorProposes",
  });
  const canceller = m.call(timelock, "grantRole", [CANCELLER_ROLE, governor], {
    id: "GovernorCancels",
  });
  const executor = m.call(timelock, "grantRole", [EXECUTOR_ROLE, ZERO_ADDRESS], {
    id: "AnyoneExecutes",
  });
  m.call(timelock, "renounceRole", [DEFAULT_ADMIN_ROLE, deployer], {
    id: "DeployerLeavesTimelock",
    after: [proposer, canceller, executor],
  });
  return {
    ...governance,
    ...custody,
    ...registries,
    ...treasury,
    ...disputes,
    ...jobs,
    ...quorum,
    ...signedOrders,
    ...sessions,
    ...training,
  };
});
