import { AccessManager__factory } from "../../../typechain-types/factories/@openzeppelin/contracts/access/manager/AccessManager__factory.ts";
import { TimelockController__factory } from "../../../typechain-types/factories/@openzeppelin/contracts/governance/TimelockController__factory.ts";
import { LatticeGovernor__factory } from "../../../typechain-types/factories/contracts/governance/LatticeGovernor__factory.ts";
import { IBeaconRewards__factory } from "../../../typechain-types/factories/contracts/interfaces/IBeaconRewards__factory.ts";
import { IDelegationPayout__factory } from "../../../typechain-types/factories/contracts/interfaces/IDelegationPayout__factory.ts";
import { ICommittees__factory } from "../../../typechain-types/factories/contracts/interfaces/ICommittees__factory.ts";
import { IEpochBeacon__factory } from "../../../typechain-types/factories/contracts/interfaces/IEpochBeacon__factory.ts";
import { IEquivocation__factory } from "../../../typechain-types/factories/contracts/interfaces/IEquivocation__factory.ts";
import { IFeeTreasury__factory } from "../../../typechain-types/factories/contracts/interfaces/IFeeTreasury__factory.ts";
import { IJobMarket__factory } from "../../../typechain-types/factories/contracts/interfaces/IJobMarket__factory.ts";
import { IMatchmaker__factory } from "../../../typechain-types/factories/contracts/interfaces/IMatchmaker__factory.ts";
import { IModelRegistry__factory } from "../../../typechain-types/factories/contracts/interfaces/IModelRegistry__factory.ts";
import { IOrderPolicy__factory } from "../../../typechain-types/factories/contracts/interfaces/IOrderPolicy__factory.ts";
import { IOrderSettlement__factory } from "../../../typechain-types/factories/contracts/interfaces/IOrderSettlement__factory.ts";
import { IPaymentEscrow__factory } from "../../../typechain-types/factories/contracts/interfaces/IPaymentEscrow__factory.ts";
import { IProtocolParameters__factory } from "../../../typechain-types/factories/contracts/interfaces/IProtocolParameters__factory.ts";
import { IProviderRegistry__factory } from "../../../typechain-types/factories/contracts/interfaces/IProviderRegistry__factory.ts";
import { IStakeVault__factory } from "../../../typechain-types/factories/contracts/interfaces/IStakeVault__factory.ts";
import { IVerifierRouter__factory } from "../../../typechain-types/factories/contracts/interfaces/IVerifierRouter__factory.ts";
import { IVoucherSettlement__factory } from "../../../typechain-types/factories/contracts/interfaces/IVoucherSettlement__factory.ts";

/** ABIs of every contract whose errors a caller can meet. */
export const CONTRACT_ABIS = [
  IBeaconRewards__factory.abi,
  IDelegationPayout__factory.abi,
  AccessManager__factory.abi,
  TimelockController__factory.abi,
  LatticeGovernor__factory.abi,
  ICommittees__factory.abi,
  IEpochBeacon__factory.abi,
  IEquivocation__factory.abi,
  IFeeTreasury__factory.abi,
  IJobMarket__factory.abi,
  IMatchmaker__factory.abi,
  IModelRegistry__factory.abi,
  IOrderPolicy__factory.abi,
  IOrderSettlement__factory.abi,
  IPaymentEscrow__factory.abi,
  IProtocolParameters__factory.abi,
  IProviderRegistry__factory.abi,
  IStakeVault__factory.abi,
  IVerifierRouter__factory.abi,
  IVoucherSettlement__factory.abi,
] as const;
