import type { ContractRunner } from "ethers";
import { AccessManager__factory } from "../../../typechain-types/factories/@openzeppelin/contracts/access/manager/AccessManager__factory.ts";
import { TimelockController__factory } from "../../../typechain-types/factories/@openzeppelin/contracts/governance/TimelockController__factory.ts";
import { LatticeGovernor__factory } from "../../../typechain-types/factories/contracts/governance/LatticeGovernor__factory.ts";
import { IBeaconRewards__factory } from "../../../typechain-types/factories/contracts/interfaces/IBeaconRewards__factory.ts";
import { IEpochBeacon__factory } from "../../../typechain-types/factories/contracts/interfaces/IEpochBeacon__factory.ts";
import { IFeeTreasury__factory } from "../../../typechain-types/factories/contracts/interfaces/IFeeTreasury__factory.ts";
import { IJobMarket__factory } from "../../../typechain-types/factories/contracts/interfaces/IJobMarket__factory.ts";
import { IMatchmaker__factory } from "../../../typechain-types/factories/contracts/interfaces/IMatchmaker__factory.ts";
import { IModelRegistry__factory } from "../../../typechain-types/factories/contracts/interfaces/IModelRegistry__factory.ts";
import { IPaymentEscrow__factory } from "../../../typechain-types/factories/contracts/interfaces/IPaymentEscrow__factory.ts";
import { IProtocolParameters__factory } from "../../../typechain-types/factories/contracts/interfaces/IProtocolParameters__factory.ts";
import { IProviderRegistry__factory } from "../../../typechain-types/factories/contracts/interfaces/IProviderRegistry__factory.ts";
import { IStakeVault__factory } from "../../../typechain-types/factories/contracts/interfaces/IStakeVault__factory.ts";
import { IVerifierRouter__factory } from "../../../typechain-types/factories/contracts/interfaces/IVerifierRouter__factory.ts";
import { IVoucherSettlement__factory } from "../../../typechain-types/factories/contracts/interfaces/IVoucherSettlement__factory.ts";
import { LatticeToken__factory } from "../../../typechain-types/factories/contracts/token/LatticeToken__factory.ts";
import type { AddressBook } from "./addresses.ts";
import { SdkError } from "./errors.ts";

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
  return {
    addresses,
    runner,
    token: LatticeToken__factory.connect(at.LatticeToken, runner),
    manager: AccessManager__factory.connect(at.AccessManager, runner),
    timelock: TimelockController__factory.connect(at.TimelockController, runner),
    governor: LatticeGovernor__factory.connect(at.LatticeGovernor, runner),
    parameters: IProtocolParameters__factory.connect(at.ProtocolParameters, runner),
    vault: IStakeVault__factory.connect(at.StakeVault, runner),
    escrow: IPaymentEscrow__factory.connect(at.PaymentEscrow, runner),
    treasury: IFeeTreasury__factory.connect(at.FeeTreasury, runner),
    rewards: IBeaconRewards__factory.connect(at.BeaconRewards, runner),
    registry: IProviderRegistry__factory.connect(at.ProviderRegistry, runner),
    beacon: IEpochBeacon__factory.connect(at.EpochBeacon, runner),
    router: IVerifierRouter__factory.connect(at.VerifierRouter, runner),
    models: IModelRegistry__factory.connect(at.ModelRegistry, runner),
    matchmaker: IMatchmaker__factory.connect(at.Matchmaker, runner),
    market: IJobMarket__factory.connect(at.JobMarket, runner),
    vouchers: IVoucherSettlement__factory.connect(at.VoucherSettlement, runner),
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
