import { type AddressBook, type ContractName, connectLattice, type Lattice } from "@lattice/sdk";
import type { Addressable, ContractRunner } from "ethers";
import type { System } from "./system.ts";

/** Stands for contracts that these systems do not have. */
const NOWHERE = `0x${"00".repeat(19)}99`;

/** The SDK's client over a system that a test deployed. It has no governor and one lane. */
export async function latticeOf(system: System, runner: ContractRunner): Promise<Lattice> {
  const contracts: Record<ContractName, Addressable | string> = {
    LatticeToken: system.token,
    AccessManager: system.manager,
    TimelockController: system.timelock,
    LatticeGovernor: NOWHERE,
    ProtocolParameters: system.parameters,
    StakeVault: system.vault,
    PaymentEscrow: system.escrow,
    FeeTreasury: system.treasury,
    BeaconRewards: system.rewards,
    ProviderRegistry: system.registry,
    EpochBeacon: system.beacon,
    VerifierRouter: system.router,
    ModelRegistry: system.models,
    AttestationGate: system.gate,
    OrderPolicy: system.policy,
    Matchmaker: system.matchmaker,
    JobMarket: system.market,
    Committees: NOWHERE,
    OrderSettlement: NOWHERE,
    Equivocation: system.equivocation,
    QuorumMarket: NOWHERE,
    VoucherSettlement: NOWHERE,
    TrainingChain: NOWHERE,
    OperatorReferee: NOWHERE,
    TraceReferee: NOWHERE,
    ProofReferee: NOWHERE,
    DisputeGame: system.disputes,
    JobClaims: system.readers.jobs,
    BatchClaims: system.readers.batches,
    SessionClaims: system.readers.sessions,
  };
  const addresses = await Promise.all(
    Object.entries(contracts).map(async ([name, contract]) => [
      name,
      typeof contract === "string" ? contract : await contract.getAddress(),
    ]),
  );
  const { chainId } = await system.chain.ethers.provider.getNetwork();
  const book: AddressBook = {
    chainId: Number(chainId),
    network: "hardhat",
    fromBlock: 0,
    contracts: Object.fromEntries(addresses) as AddressBook["contracts"],
    external: {
      EAS: await system.eas.getAddress(),
      SchemaRegistry: await system.schemas.getAddress(),
    },
    verifiers: {},
  };
  return connectLattice({ addresses: book, runner });
}
