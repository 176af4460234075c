import { IEpochBeacon__factory } from "../../../typechain-types/factories/contracts/interfaces/IEpochBeacon__factory.ts";
import { IFeeTreasury__factory } from "../../../typechain-types/factories/contracts/interfaces/IFeeTreasury__factory.ts";
import { IJobMarket__factory } from "../../../typechain-types/factories/contracts/interfaces/IJobMarket__factory.ts";
import { IModelRegistry__factory } from "../../../typechain-types/factories/contracts/interfaces/IModelRegistry__factory.ts";
import { IPaymentEscrow__factory } from "../../../typechain-types/factories/contracts/interfaces/IPaymentEscrow__factory.ts";
import { IProtocolParameters__factory } from "../../../typechain-types/factories/contracts/interfaces/IProtocolParameters__factory.ts";
import { IProviderRegistry__factory } from "../../../typechain-types/factories/contracts/interfaces/IProviderRegistry__factory.ts";
import { IStakeVault__factory } from "../../../typechain-types/factories/contracts/interfaces/IStakeVault__factory.ts";
import { ITokenBurner__factory } from "../../../typechain-types/factories/contracts/interfaces/ITokenBurner__factory.ts";
import { IVerifierRouter__factory } from "../../../typechain-types/factories/contracts/interfaces/IVerifierRouter__factory.ts";
import { IVoucherSettlement__factory } from "../../../typechain-types/factories/contracts/interfaces/IVoucherSettlement__factory.ts";

/** ABIs of every contract whose errors a caller can meet. */
export const CONTRACT_ABIS = [
  IEpochBeacon__factory.abi,
  IFeeTreasury__factory.abi,
  IJobMarket__factory.abi,
  IModelRegistry__factory.abi,
  IPaymentEscrow__factory.abi,
  IProtocolParameters__factory.abi,
  IProviderRegistry__factory.abi,
  IStakeVault__factory.abi,
  ITokenBurner__factory.abi,
  IVerifierRouter__factory.abi,
  IVoucherSettlement__factory.abi,
] as const;
