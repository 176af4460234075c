import { Interface } from "ethers";
import { IAttestationGate__factory } from "../../../typechain-types/factories/contracts/interfaces/IAttestationGate__factory.ts";
import { IBeaconRewards__factory } from "../../../typechain-types/factories/contracts/interfaces/IBeaconRewards__factory.ts";
import { IClaimReader__factory } from "../../../typechain-types/factories/contracts/interfaces/IClaimReader__factory.ts";
import { ICommittees__factory } from "../../../typechain-types/factories/contracts/interfaces/ICommittees__factory.ts";
import { IDisputeGame__factory } from "../../../typechain-types/factories/contracts/interfaces/IDisputeGame__factory.ts";
import { IEpochBeacon__factory } from "../../../typechain-types/factories/contracts/interfaces/IEpochBeacon__factory.ts";
import { IEquivocation__factory } from "../../../typechain-types/factories/contracts/interfaces/IEquivocation__factory.ts";
import { IFeeTreasury__factory } from "../../../typechain-types/factories/contracts/interfaces/IFeeTreasury__factory.ts";
import { IJobMarket__factory } from "../../../typechain-types/factories/contracts/interfaces/IJobMarket__factory.ts";
import { IMatchmaker__factory } from "../../../typechain-types/factories/contracts/interfaces/IMatchmaker__factory.ts";
import { IModelRegistry__factory } from "../../../typechain-types/factories/contracts/interfaces/IModelRegistry__factory.ts";
import { IOperatorReferee__factory } from "../../../typechain-types/factories/contracts/interfaces/IOperatorReferee__factory.ts";
import { IOrderPolicy__factory } from "../../../typechain-types/factories/contracts/interfaces/IOrderPolicy__factory.ts";
import { IOrderSettlement__factory } from "../../../typechain-types/factories/contracts/interfaces/IOrderSettlement__factory.ts";
import { IPaymentEscrow__factory } from "../../../typechain-types/factories/contracts/interfaces/IPaymentEscrow__factory.ts";
import { IProofReferee__factory } from "../../../typechain-types/factories/contracts/interfaces/IProofReferee__factory.ts";
import { IProtocolParameters__factory } from "../../../typechain-types/factories/contracts/interfaces/IProtocolParameters__factory.ts";
import { IProviderRegistry__factory } from "../../../typechain-types/factories/contracts/interfaces/IProviderRegistry__factory.ts";
import { IQuorumMarket__factory } from "../../../typechain-types/factories/contracts/interfaces/IQuorumMarket__factory.ts";
import { IStakeVault__factory } from "../../../typechain-types/factories/contracts/interfaces/IStakeVault__factory.ts";
import { ITraceReferee__factory } from "../../../typechain-types/factories/contracts/interfaces/ITraceReferee__factory.ts";
import { ITrainingChain__factory } from "../../../typechain-types/factories/contracts/interfaces/ITrainingChain__factory.ts";
import { IVerifierRouter__factory } from "../../../typechain-types/factories/contracts/interfaces/IVerifierRouter__factory.ts";
import { IVoucherSettlement__factory } from "../../../typechain-types/factories/contracts/interfaces/IVoucherSettlement__factory.ts";
import type { AddressBook, ContractName } from "./addresses.ts";
import { ABIS } from "./generated/abis.ts";

/** What every upgradeable contract of the protocol has besides its own interface. */
const UPGRADEABLE = [
  "function upgradeToAndCall(address newImplementation, bytes data) payable",
  "event Upgraded(address indexed implementation)",
];

type Abi = ConstructorParameters<typeof Interface>[0] & readonly unknown[];

const abiOf: Readonly<Record<ContractName, readonly Abi[]>> = {
  LatticeToken: [ABIS.LatticeToken],
  AccessManager: [ABIS.AccessManager],
  TimelockController: [ABIS.TimelockController],
  LatticeGovernor: [ABIS.LatticeGovernor],
  ProtocolParameters: [IProtocolParameters__factory.abi],
  StakeVault: [IStakeVault__factory.abi],
  PaymentEscrow: [IPaymentEscrow__factory.abi],
  FeeTreasury: [IFeeTreasury__factory.abi],
  BeaconRewards: [IBeaconRewards__factory.abi],
  ProviderRegistry: [IProviderRegistry__factory.abi, UPGRADEABLE],
  EpochBeacon: [IEpochBeacon__factory.abi, UPGRADEABLE],
  VerifierRouter: [IVerifierRouter__factory.abi, UPGRADEABLE],
  ModelRegistry: [IModelRegistry__factory.abi, UPGRADEABLE],
  AttestationGate: [IAttestationGate__factory.abi, UPGRADEABLE],
  OrderPolicy: [IOrderPolicy__factory.abi],
  Matchmaker: [IMatchmaker__factory.abi],
  JobMarket: [IJobMarket__factory.abi, UPGRADEABLE],
  Committees: [ICommittees__factory.abi],
  OrderSettlement: [IOrderSettlement__factory.abi, UPGRADEABLE],
  Equivocation: [IEquivocation__factory.abi],
  VoucherSettlement: [IVoucherSettlement__factory.abi, UPGRADEABLE],
  QuorumMarket: [IQuorumMarket__factory.abi, UPGRADEABLE],
  TrainingChain: [ITrainingChain__factory.abi],
  OperatorReferee: [IOperatorReferee__factory.abi],
  TraceReferee: [ITraceReferee__factory.abi],
  ProofReferee: [IProofReferee__factory.abi],
  DisputeGame: [IDisputeGame__factory.abi],
  JobClaims: [IClaimReader__factory.abi],
  BatchClaims: [IClaimReader__factory.abi],
  SessionClaims: [IClaimReader__factory.abi],
};

const known = new Map<ContractName, Interface>();

/** Functions, events and errors of a contract of the protocol. */
export function interfaceOf(name: ContractName): Interface {
  const cached = known.get(name);
  if (cached) return cached;
  const made = new Interface(abiOf[name].flatMap((abi) => [...abi]) as Abi);
  known.set(name, made);
  return made;
}

/** The contract of the address book at `address`; undefined for any other address. */
export function contractNameAt(
  { contracts }: AddressBook,
  address: string,
): ContractName | undefined {
  const wanted = address.toLowerCase();
  const found = Object.entries(contracts).find(([, at]) => at.toLowerCase() === wanted);
  return found?.[0] as ContractName | undefined;
}
