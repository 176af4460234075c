import { buildModule } from "@nomicfoundation/ignition-core";

/** LAT, the timelock with its governor, the manager of every role, and the protocol's tunables. */
export default buildModule("Governance", (m) => {
  const deployer = m.getAccount(0);
  const token = m.contract("LatticeToken", [
    m.getParameter<string>("tokenRecipient"),
    m.getParameter<bigint>("tokenSupply"),
  ]);
  // The deployer administers both only until Roles hands them over.
  const accessManager = m.contract("AccessManager", [deployer]);
  const timelock = m.contract("TimelockController", [
    m.getParameter<bigint>("timelockDelaySeconds"),
    [],
    [],
    deployer,
  ]);
  const governor = m.contract("LatticeGovernor", [
    token,
    timelock,
    m.getParameter<bigint>("votingDelaySeconds"),
    m.getParameter<bigint>("votingPeriodSeconds"),
    m.getParameter<bigint>("proposalThreshold"),
    m.getParameter<bigint>("quorumPercent"),
  ]);
  const parameters = m.contract("ProtocolParameters", [
    accessManager,
    m.getParameter<string[]>("initialParameters"),
  ]);
  return { token, accessManager, timelock, governor, parameters };
});
