import type { EventSink, NodeEvent } from "../../core/events.ts";
import type { BeaconSigner } from "../../core/ports/beacon.ts";
import type {
  Capabilities,
  Offer,
  Profile,
  Registration,
  RegistryPort,
} from "../../core/ports/registry.ts";
import type { ContractCall, Receipt, Submitter } from "../../core/ports/transactions.ts";
import type { Logger } from "../../shared/logger.ts";
import { blsKeyMismatch, keyUnfunded, stakeTooLow, stakeUnfunded } from "./errors.ts";

export interface RegistrarOptions {
  /** Provision to reach, LAT wei; undefined leaves the stake as it is. */
  readonly stake: bigint | undefined;
  readonly endpoint: string;
  /** Receives earnings; undefined: this account, or what is registered. */
  readonly payout: string | undefined;
  readonly capabilities: Capabilities;
}

interface Dependencies {
  readonly registry: RegistryPort;
  readonly signer: BeaconSigner;
  readonly submitter: Submitter;
  /** Epoch from which a change made now counts. */
  readonly countsFrom: () => Promise<bigint>;
  readonly emit: EventSink;
  readonly logger: Logger;
}

function sameProfile(registration: Registration, profile: Profile): boolean {
  const a = registration.capabilities;
  const b = profile.capabilities;
  return (
    registration.endpoint === profile.endpoint &&
    registration.payout === profile.payout &&
    a.accelerator === b.accelerator &&
    a.memoryMiB === b.memoryMiB &&
    a.maxTensorBytes === b.maxTensorBytes &&
    a.tiers === b.tiers &&
    a.maxCollateral === b.maxCollateral
  );
}

/** Brings stake, registration and offers on the chain to what the configuration says. Idempotent. */
export class RegistrarService {
  readonly #options: RegistrarOptions;
  readonly #deps: Dependencies;

  constructor(options: RegistrarOptions, dependencies: Dependencies) {
    this.#options = options;
    this.#deps = dependencies;
  }

  /**
   * Makes sure that `join` can succeed, without sending anything.
   * @throws NodeError KEY_UNFUNDED, STAKE_UNFUNDED or BLS_KEY_MISMATCH.
   */
  async check(): Promise<void> {
    const { registry, signer, submitter } = this.#deps;
    const { address } = submitter;
    const { registered, blsKeyHash } = await registry.registration(address);
    if (registered && blsKeyHash !== signer.keyHash) {
      throw blsKeyMismatch(address, blsKeyHash, signer.keyHash);
    }
    if ((await registry.nativeBalance(address)) === 0n) throw keyUnfunded(address);
    await this.#missingStake();
  }

  /**
   * Stakes and registers what is missing, and takes up work again after a drain.
   * @returns The provision that works, LAT wei.
   */
  async join(): Promise<bigint> {
    const { registry, submitter } = this.#deps;
    await this.check();
    const { wanted, missing } = await this.#missingStake();
    if (missing > 0n) await this.#stake(missing);
    const registration = await registry.registration(submitter.address);
    await this.#register(registration);
    if (registration.draining) await this.#send(registry.calls.setDraining(false));
    return wanted;
  }

  /** Makes the offers match; offers for other models stay. */
  async offer(offers: readonly Offer[]): Promise<void> {
    const { registry, submitter, countsFrom, logger } = this.#deps;
    for (const wanted of offers) {
      const current = await registry.offer(submitter.address, wanted.modelVersion);
      if (current?.ask === wanted.ask) continue;
      const fromEpoch = await countsFrom();
      await this.#send(registry.calls.setOffer(wanted), ({ transaction, gasUsed }) => ({
        event: "offered",
        model: wanted.modelVersion,
        ask: wanted.ask,
        fromEpoch,
        transaction,
        gasUsed,
      }));
      logger.info({ model: wanted.modelVersion, ask: `${wanted.ask}` }, "offered");
    }
  }

  /** Stops new work; open jobs go on. */
  async drain(): Promise<void> {
    await this.#send(this.#deps.registry.calls.setDraining(true));
  }

  async #missingStake(): Promise<{ readonly wanted: bigint; readonly missing: bigint }> {
    const { registry, submitter, logger } = this.#deps;
    const { address } = submitter;
    const { tokens, thawing } = await registry.stake(address);
    const working = tokens - thawing;
    const asked = this.#options.stake ?? working;
    const minimum = await registry.minProvision();
    if (asked < minimum) throw stakeTooLow(asked, minimum);
    if (working >= asked) return { wanted: working, missing: 0n };
    const missing = asked - working;
    const balance = await registry.tokenBalance(address);
    if (balance >= missing) return { wanted: asked, missing };
    // A registered provider that stays away is slashed for it: better at work with what it has.
    const { registered } = await registry.registration(address);
    if (!registered || working < minimum) throw stakeUnfunded(address, missing, balance);
    logger.warn({ asked: `${asked}`, working: `${working}` }, "too little LAT to reach the stake");
    return { wanted: working, missing: 0n };
  }

  async #stake(amount: bigint): Promise<void> {
    const { registry, submitter } = this.#deps;
    if ((await registry.allowance(submitter.address)) < amount) {
      await this.#send(registry.calls.approve(amount));
    }
    await this.#send(registry.calls.provision(amount), ({ transaction, gasUsed }) => ({
      event: "staked",
      amount,
      transaction,
      gasUsed,
    }));
  }

  async #register(registration: Registration): Promise<void> {
    const { registry, signer, submitter } = this.#deps;
    const { endpoint, capabilities } = this.#options;
    const { address } = submitter;
    if (registration.registered) {
      const profile = {
        endpoint,
        capabilities,
        payout: this.#options.payout ?? registration.payout,
      };
      if (!sameProfile(registration, profile)) await this.#send(registry.calls.update(profile));
      return;
    }
    const profile = { endpoint, capabilities, payout: this.#options.payout ?? address };
    const message = await registry.possessionMessage(address);
    await this.#send(
      registry.calls.register(profile, signer, message),
      ({ transaction, gasUsed }) => ({ event: "registered", endpoint, transaction, gasUsed }),
    );
  }

  async #send(call: ContractCall, toEvent?: (receipt: Receipt) => NodeEvent): Promise<void> {
    const submission = await this.#deps.submitter.submit(call);
    if (toEvent && submission.outcome === "landed") this.#deps.emit(toEvent(submission.receipt));
  }
}
