import { type BaseContract, Contract, type ContractRunner } from "ethers";
import type { AccessManager } from "../../../typechain-types/@openzeppelin/contracts/access/manager/AccessManager.ts";
import type { TimelockController } from "../../../typechain-types/@openzeppelin/contracts/governance/TimelockController.ts";
import type { LatticeGovernor } from "../../../typechain-types/contracts/governance/LatticeGovernor.ts";
import type { LatticeToken } from "../../../typechain-types/contracts/token/LatticeToken.ts";
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
import { IOrderSettlement__factory } from "../../../typechain-types/factories/contracts/interfaces/IOrderSettlement__factory.ts";
import { IPaymentEscrow__factory } from "../../../typechain-types/factories/contracts/interfaces/IPaymentEscrow__factory.ts";
import { IProtocolParameters__factory } from "../../../typechain-types/factories/contracts/interfaces/IProtocolParameters__factory.ts";
import { IProviderRegistry__factory } from "../../../typechain-types/factories/contracts/interfaces/IProviderRegistry__factory.ts";
import { IQuorumMarket__factory } from "../../../typechain-types/factories/contracts/interfaces/IQuorumMarket__factory.ts";
import { IStakeVault__factory } from "../../../typechain-types/factories/contracts/interfaces/IStakeVault__factory.ts";
import { ITrainingChain__factory } from "../../../typechain-types/factories/contracts/interfaces/ITrainingChain__factory.ts";
import { IVerifierRouter__factory } from "../../../typechain-types/factories/contracts/interfaces/IVerifierRouter__factory.ts";
import { IVoucherSettlement__factory } from "../../../typechain-types/factories/contracts/interfaces/IVoucherSettlement__factory.ts";
import type { AddressBook } from "./addresses.ts";
import { SdkError } from "./errors.ts";
import { ABIS } from "./generated/abis.ts";

/** Typed contracts of one deployment, all on the same runner. */
export type Lattice = ReturnType<typeof connectLattice>;

/**
 * Connects the contracts of a deployment.
 * @param addresses A checked address book.
 * @param runner A signer to send with, or a provider to read with.
 */
export function connectLattice({
  addresses,
  runner,
}: {
  addresses: AddressBook;
  runner: ContractRunner;
}) {
  const at = addresses.contracts;
  // Their factories would bring the bytecode along.
  const bind = <Binding extends BaseContract>(name: keyof typeof ABIS) =>
    new Contract(at[name], ABIS[name], runner) as BaseContract as Binding;
  return {
    addresses,
    runner,
    token: bind<LatticeToken>("LatticeToken"),
    manager: bind<AccessManager>("AccessManager"),
    timelock: bind<TimelockController>("TimelockController"),
    governor: bind<LatticeGovernor>("LatticeGovernor"),
    parameters: IProtocolParameters__factory.connect(at.ProtocolParameters, runner),
    vault: IStakeVault__factory.connect(at.StakeVault, runner),
    escrow: IPaymentEscrow__factory.connect(at.PaymentEscrow, runner),
    treasury: IFeeTreasury__factory.connect(at.FeeTreasury, runner),
    rewards: IBeaconRewards__factory.connect(at.BeaconRewards, runner),
    registry: IProviderRegistry__factory.connect(at.ProviderRegistry, runner),
    beacon: IEpochBeacon__factory.connect(at.EpochBeacon, runner),
    router: IVerifierRouter__factory.connect(at.VerifierRouter, runner),
    models: IModelRegistry__factory.connect(at.ModelRegistry, runner),
    gate: IAttestationGate__factory.connect(at.AttestationGate, runner),
    matchmaker: IMatchmaker__factory.connect(at.Matchmaker, runner),
    market: IJobMarket__factory.connect(at.JobMarket, runner),
    committees: ICommittees__factory.connect(at.Committees, runner),
    settlement: IOrderSettlement__factory.connect(at.OrderSettlement, runner),
    equivocation: IEquivocation__factory.connect(at.Equivocation, runner),
    quorum: IQuorumMarket__factory.connect(at.QuorumMarket, runner),
    vouchers: IVoucherSettlement__factory.connect(at.VoucherSettlement, runner),
    disputes: IDisputeGame__factory.connect(at.DisputeGame, runner),
    jobClaims: IClaimReader__factory.connect(at.JobClaims, runner),
    batchClaims: IClaimReader__factory.connect(at.BatchClaims, runner),
    sessionClaims: IClaimReader__factory.connect(at.SessionClaims, runner),
    training: ITrainingChain__factory.connect(at.TrainingChain, runner),
  } as const;
}

/** Throws `SdkError` WRONG_CHAIN unless the runner's chain is the address book's. */
export async function requireChain({ addresses, runner }: Lattice): Promise<void> {
  const network = await runner.provider?.getNetwork();
  if (network && Number(network.chainId) !== addresses.chainId) {
    throw new SdkError(
      "WRONG_CHAIN",
      `The node is on chain ${network.chainId}, but the address book is for chain ${addresses.chainId} (${addresses.network}). Use the other node or the other address book.`,
      { metadata: { node: Number(network.chainId), addressBook: addresses.chainId } },
    );
  }
}
