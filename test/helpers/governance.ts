import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import type { BaseContract } from "ethers";
import { LAT, namedSigners, parameterValues, SUPPLY } from "./custody.ts";

export const VOTING_DELAY = 60;
export const VOTING_PERIOD = 600;
export const TIMELOCK_DELAY = 900;
export const PROPOSAL_THRESHOLD = 1_000_000n * LAT;
export const QUORUM_PERCENT = 4n;

/** How GovernorCountingSimple numbers votes. */
export const VOTE = { against: 0, for: 1, abstain: 2 };

/** A call that a proposal makes. */
export interface ProposedCall {
  readonly target: BaseContract;
  readonly data: string;
}

/**
 * Governance as it stands after a deployment: the timelock is the AccessManager's only admin, the governor its only
 * proposer, anyone may execute, the deployer holds nothing. `voter` has 60 million delegated LAT, `minority` 30.
 */
export async function deployGovernance(ethers: HardhatEthers) {
  const actors = await namedSigners(ethers, "deployer", "voter", "minority", "outsider");
  const { deployer, voter, minority } = actors;
  const lat = await ethers.deployContract("LatticeToken", [deployer, SUPPLY]);
  const manager = await ethers.deployContract("AccessManager", [deployer]);
  const timelock = await ethers.deployContract("TimelockController", [
    TIMELOCK_DELAY,
    [],
    [ethers.ZeroAddress],
    deployer,
  ]);
  const governor = await ethers.deployContract("LatticeGovernor", [
    lat,
    timelock,
    VOTING_DELAY,
    VOTING_PERIOD,
    PROPOSAL_THRESHOLD,
    QUORUM_PERCENT,
  ]);
  const parameters = await ethers.deployContract("ProtocolParameters", [
    manager,
    parameterValues(),
  ]);
  await manager.grantRole(await manager.ADMIN_ROLE(), timelock, 0);
  await manager.renounceRole(await manager.ADMIN_ROLE(), deployer);
  await timelock.grantRole(await timelock.PROPOSER_ROLE(), governor);
  await timelock.grantRole(await timelock.CANCELLER_ROLE(), governor);
  await timelock.renounceRole(await timelock.DEFAULT_ADMIN_ROLE(), deployer);
  for (const [account, amount] of [
    [voter, 60_000_000n * LAT],
    [minority, 30_000_000n * LAT],
  ] as const) {
    await lat.transfer(account, amount);
    await lat.connect(account).delegate(account);
  }
  // Votes count from the second after they were delegated.
  await ethers.provider.send("evm_increaseTime", [1]);
  await ethers.provider.send("evm_mine", []);
  return { ...actors, lat, manager, timelock, governor, parameters };
}

/** The arguments by which the governor identifies a proposal: to queue and execute; to propose, the text itself. */
export async function proposal(ethers: HardhatEthers, calls: ProposedCall[], text: string) {
  const targets = await Promise.all(calls.map((call) => call.target.getAddress()));
  const values = calls.map(() => 0n);
  const datas = calls.map((call) => call.data);
  return {
    toPropose: [targets, values, datas, text] as const,
    toRun: [targets, values, datas, ethers.id(text)] as const,
  };
}
