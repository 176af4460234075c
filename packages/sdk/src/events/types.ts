import type { AccessManager } from "../../../../typechain-types/@openzeppelin/contracts/access/manager/AccessManager.ts";
import type { TimelockController } from "../../../../typechain-types/@openzeppelin/contracts/governance/TimelockController.ts";
import type { TypedContractEvent } from "../../../../typechain-types/common.ts";
import type { BatchClaims } from "../../../../typechain-types/contracts/disputes/BatchClaims.ts";
import type { DisputeGame } from "../../../../typechain-types/contracts/disputes/DisputeGame.ts";
import type { Equivocation } from "../../../../typechain-types/contracts/disputes/Equivocation.ts";
import type { JobClaims } from "../../../../typechain-types/contracts/disputes/JobClaims.ts";
import type { OperatorReferee } from "../../../../typechain-types/contracts/disputes/OperatorReferee.ts";
import type { ProofReferee } from "../../../../typechain-types/contracts/disputes/ProofReferee.ts";
import type { SessionClaims } from "../../../../typechain-types/contracts/disputes/SessionClaims.ts";
import type { TraceReferee } from "../../../../typechain-types/contracts/disputes/TraceReferee.ts";
import type { LatticeGovernor } from "../../../../typechain-types/contracts/governance/LatticeGovernor.ts";
import type { ProtocolParameters } from "../../../../typechain-types/contracts/governance/ProtocolParameters.ts";
import type { Committees } from "../../../../typechain-types/contracts/market/Committees.ts";
import type { JobMarket } from "../../../../typechain-types/contracts/market/JobMarket.ts";
import type { Matchmaker } from "../../../../typechain-types/contracts/market/Matchmaker.ts";
import type { OrderPolicy } from "../../../../typechain-types/contracts/market/OrderPolicy.ts";
import type { OrderSettlement } from "../../../../typechain-types/contracts/market/OrderSettlement.ts";
import type { PaymentEscrow } from "../../../../typechain-types/contracts/market/PaymentEscrow.ts";
import type { QuorumMarket } from "../../../../typechain-types/contracts/market/QuorumMarket.ts";
import type { VoucherSettlement } from "../../../../typechain-types/contracts/market/VoucherSettlement.ts";
import type { BeaconRewards } from "../../../../typechain-types/contracts/randomness/BeaconRewards.ts";
import type { EpochBeacon } from "../../../../typechain-types/contracts/randomness/EpochBeacon.ts";
import type { AttestationGate } from "../../../../typechain-types/contracts/registry/AttestationGate.ts";
import type { ModelRegistry } from "../../../../typechain-types/contracts/registry/ModelRegistry.ts";
import type { ProviderRegistry } from "../../../../typechain-types/contracts/registry/ProviderRegistry.ts";
import type { StakeVault } from "../../../../typechain-types/contracts/staking/StakeVault.ts";
import type { LatticeToken } from "../../../../typechain-types/contracts/token/LatticeToken.ts";
import type { TrainingChain } from "../../../../typechain-types/contracts/training/TrainingChain.ts";
import type { FeeTreasury } from "../../../../typechain-types/contracts/treasury/FeeTreasury.ts";
import type { VerifierRouter } from "../../../../typechain-types/contracts/verification/VerifierRouter.ts";
import type { ContractName } from "../addresses.ts";
import type { EventCursor } from "./cursor.ts";

/** Bindings of the contracts of a deployment; types alone, so that no bytecode comes along. */
interface Bindings {
  LatticeToken: LatticeToken;
  AccessManager: AccessManager;
  TimelockController: TimelockController;
  LatticeGovernor: LatticeGovernor;
  ProtocolParameters: ProtocolParameters;
  StakeVault: StakeVault;
  PaymentEscrow: PaymentEscrow;
  FeeTreasury: FeeTreasury;
  BeaconRewards: BeaconRewards;
  ProviderRegistry: ProviderRegistry;
  EpochBeacon: EpochBeacon;
  VerifierRouter: VerifierRouter;
  ModelRegistry: ModelRegistry;
  AttestationGate: AttestationGate;
  OrderPolicy: OrderPolicy;
  Matchmaker: Matchmaker;
  JobMarket: JobMarket;
  Committees: Committees;
  OrderSettlement: OrderSettlement;
  Equivocation: Equivocation;
  QuorumMarket: QuorumMarket;
  VoucherSettlement: VoucherSettlement;
  TrainingChain: TrainingChain;
  OperatorReferee: OperatorReferee;
  TraceReferee: TraceReferee;
  ProofReferee: ProofReferee;
  DisputeGame: DisputeGame;
  JobClaims: JobClaims;
  BatchClaims: BatchClaims;
  SessionClaims: SessionClaims;
}

type Filters<C extends ContractName> = Bindings[C]["filters"];

/** Names of a contract's events. The bindings list each event by its signature as well. */
export type EventName<C extends ContractName> = C extends ContractName
  ? Exclude<keyof Filters<C> & string, `${string}(${string}`>
  : never;

/** Arguments of an event, by name. */
export type EventArgs<C extends ContractName, N extends EventName<C>> =
  Filters<C>[N & keyof Filters<C>] extends TypedContractEvent<
    infer _Input,
    infer _Output,
    infer Arguments
  >
    ? Readonly<Arguments>
    : never;

/** Where a log stands in the chain. */
export interface EventPlace {
  readonly address: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly transactionHash: string;
  /** Position in the block. */
  readonly logIndex: number;
}

/** A decoded event. `contract` and `name` tell the members of a union apart. */
export interface TypedEvent<C extends ContractName, N extends EventName<C>> extends EventPlace {
  readonly contract: C;
  readonly name: N;
  readonly args: EventArgs<C, N>;
}

/** Events of a contract, or of all of them. */
export type LatticeEvent<C extends ContractName = ContractName> = C extends ContractName
  ? { [N in EventName<C>]: TypedEvent<C, N> }[EventName<C>]
  : never;

/** Which events to read: of one contract, of one name, with indexed arguments of the given values. */
export type EventFilter = {
  [C in ContractName]:
    | { readonly contract: C; readonly event?: undefined; readonly args?: undefined }
    | {
        [N in EventName<C>]: {
          readonly contract: C;
          readonly event: N;
          /** Indexed arguments; an array accepts any of its values. */
          readonly args?: {
            readonly [K in keyof EventArgs<C, N>]?: ArgumentFilter<EventArgs<C, N>[K]>;
          };
        };
      }[EventName<C>];
}[ContractName];

type ArgumentFilter<T> = T | readonly T[];

/** Events that a filter lets through. */
export type EventOf<F extends EventFilter> = F extends {
  readonly contract: infer C extends ContractName;
}
  ? F extends { readonly event: infer N extends string }
    ? Extract<LatticeEvent<C>, { readonly name: N }>
    : LatticeEvent<C>
  : never;

/**
 * One step of the stream. `reverted` takes back an event that came before as `event`: its block left the chain. Such
 * items come newest first, before the events of the blocks that took the place.
 */
export interface EventItem<E = LatticeEvent> {
  readonly type: "event" | "reverted";
  readonly event: E;
  /** Resumes right after this item. JSON-safe. Keep it once the item has been dealt with. */
  readonly cursor: EventCursor;
}
