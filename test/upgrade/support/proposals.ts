import { type BaseContract, type Contract, Interface, type ParamType, toBeHex } from "ethers";
import { artifacts } from "hardhat";
import { type ProposedCall, proposal, VOTE } from "../../helpers/governance.ts";
import type { World } from "./world.ts";

/** Every contract behind a UUPS proxy. */
export const UPGRADEABLE = [
  "ProviderRegistry",
  "VerifierRouter",
  "EpochBeacon",
  "AttestationGate",
  "JobMarket",
  "QuorumMarket",
  "OrderSettlement",
  "VoucherSettlement",
] as const;
export type Upgradeable = (typeof UPGRADEABLE)[number];

export const NOTE = toBeHex(0x4c415454494345n, 32);
const IMPLEMENTATION_SLOT = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";

/** The implementation behind a proxy. */
export async function implementationOf({ chain, addressBook }: World, name: Upgradeable) {
  const { provider, getAddress, dataSlice } = chain.ethers;
  const word = await provider.getStorage(addressBook.contracts[name], IMPLEMENTATION_SLOT);
  return getAddress(dataSlice(word, 12));
}

/** What a constructor is given for the parameter `name`: a deployed contract, or what its predecessor was given. */
async function givenFor(world: World, name: string): Promise<BaseContract | string | bigint> {
  const { registry, beacon, eas, peers, chain } = world;
  if (name === "eas") return eas;
  if (name === "delegationPayout") return registry.DELEGATION_PAYOUT();
  if (name === "fallbackSeconds") {
    return (await chain.ethers.getContractAt("EpochBeacon", beacon)).FALLBACK_SECONDS();
  }
  const peer: BaseContract | undefined = peers[name as keyof typeof peers];
  if (!peer) throw new Error(`proposals.ts knows no value for the constructor argument ${name}`);
  return peer;
}

async function argumentOf(world: World, { name, components }: ParamType): Promise<unknown> {
  if (!components) return givenFor(world, name);
  const members = components.map(async (each) => [each.name, await givenFor(world, each.name)]);
  return Object.fromEntries(await Promise.all(members));
}

/** Deploys the next version of each contract, beside the same peers. */
export async function deployNext(world: World): Promise<Record<Upgradeable, Contract>> {
  const deployed = await Promise.all(
    UPGRADEABLE.map(async (name) => {
      const { abi } = await artifacts.readArtifact(`${name}V2`);
      const inputs = new Interface(abi).deploy.inputs;
      const values = await Promise.all(inputs.map((input) => argumentOf(world, input)));
      return [name, await world.chain.ethers.deployContract(`${name}V2`, values)] as const;
    }),
  );
  return Object.fromEntries(deployed) as Record<Upgradeable, Contract>;
}

/** The call by which a proxy takes another implementation. */
export async function upgradeCall(
  { chain, addressBook }: World,
  name: Upgradeable,
  implementation: string,
  data = "0x",
): Promise<ProposedCall> {
  const target = await chain.ethers.getContractAt(name, addressBook.contracts[name]);
  return {
    target,
    data: target.interface.encodeFunctionData("upgradeToAndCall", [implementation, data]),
  };
}

/** Proposes `calls` and passes them by vote: ready to be queued. */
export async function vote(world: World, calls: ProposedCall[], text: string) {
  const { governor, actors, chain } = world;
  const { time } = chain.networkHelpers;
  const { toPropose, toRun } = await proposal(chain.ethers, calls, text);
  await governor.connect(actors.voter).propose(...toPropose);
  const id = await governor.hashProposal(...toRun);
  await time.increaseTo((await governor.proposalSnapshot(id)) + 1n);
  await governor.connect(actors.voter).castVote(id, VOTE.for);
  await time.increaseTo((await governor.proposalDeadline(id)) + 1n);
  return { id, toRun };
}

/** The whole cycle: proposes, votes, queues, waits for the timelock and executes, as anyone may. */
export async function decide(world: World, calls: ProposedCall[], text: string) {
  const { governor, actors, chain } = world;
  const { id, toRun } = await vote(world, calls, text);
  await governor.connect(actors.stranger).queue(...toRun);
  await chain.networkHelpers.time.increaseTo(await governor.proposalEta(id));
  return governor.connect(actors.stranger).execute(...toRun);
}
