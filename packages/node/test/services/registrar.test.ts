import { expect } from "chai";
import type { NodeEvent } from "../../src/core/events.ts";
import type { BeaconSigner } from "../../src/core/ports/beacon.ts";
import type { Offer, Registration, RegistryPort } from "../../src/core/ports/registry.ts";
import { RegistrarService } from "../../src/services/registrar/service.ts";
import { nodeFailureOf } from "../helpers/failure.ts";
import { MODEL, SELF, word, ZERO_ADDRESS } from "../helpers/jobs.ts";
import { memoryLogger } from "../helpers/logger.ts";
import { FakeSubmitter, fakeCall, LANDED } from "../helpers/market.ts";

const KEY_HASH = word(77);
const signer = { keyHash: KEY_HASH } as BeaconSigner;
const capabilities = {
  accelerator: 1,
  memoryMiB: 1_024,
  maxTensorBytes: 1n,
  tiers: 1,
  maxCollateral: 9n,
};

/** A registry and vault in memory that follow the calls sent to them. */
class FakeRegistry implements RegistryPort {
  known: Registration = {
    registered: false,
    draining: false,
    jailed: false,
    capabilities: { accelerator: 0, memoryMiB: 0, maxTensorBytes: 0n, tiers: 0, maxCollateral: 0n },
    payout: ZERO_ADDRESS,
    endpoint: "",
    blsKeyHash: word(0),
  };
  tokens = 0n;
  thawing = 0n;
  balance = 1_000n;
  allowed = 0n;
  native = 1n;
  readonly asks = new Map<string, bigint>();

  registration = async () => this.known;
  stake = async () => ({ tokens: this.tokens, exposure: 0n, thawing: this.thawing });
  minProvision = async () => 100n;
  tokenBalance = async () => this.balance;
  allowance = async () => this.allowed;
  nativeBalance = async () => this.native;
  offer = async (_provider: string, modelVersion: string): Promise<Offer | undefined> => {
    const ask = this.asks.get(modelVersion);
    return ask === undefined ? undefined : { modelVersion, ask };
  };
  offers = async () => [...this.asks].map(([modelVersion, ask]) => ({ modelVersion, ask }));
  possessionMessage = async () => "0xpossession";
  calls: RegistryPort["calls"] = {
    approve: (amount) => this.#effect("approve", () => (this.allowed = amount)),
    provision: (amount) =>
      this.#effect("provision", () => {
        this.tokens += amount;
        this.allowed -= amount;
      }),
    register: ({ endpoint, payout, capabilities: capable }, { keyHash }) =>
      this.#effect("register", () => {
        const registered = { registered: true, endpoint, payout, capabilities: capable };
        this.known = { ...this.known, ...registered, blsKeyHash: keyHash };
      }),
    update: (profile) => this.#effect("update", () => (this.known = { ...this.known, ...profile })),
    setOffer: ({ modelVersion, ask }) =>
      this.#effect("setOffer", () => this.asks.set(modelVersion, ask)),
    setDraining: (draining) =>
      this.#effect(`setDraining ${draining}`, () => (this.known = { ...this.known, draining })),
  };
  readonly effects = new Map<string, () => unknown>();

  #effect(label: string, effect: () => unknown) {
    this.effects.set(label, effect);
    return fakeCall(label, []);
  }
}

function setup(options: { stake?: bigint; endpoint?: string; payout?: string } = {}) {
  const registry = new FakeRegistry();
  const submitter = new FakeSubmitter();
  const events: NodeEvent[] = [];
  submitter.onSubmit = async ({ label }) => {
    registry.effects.get(label)?.();
    return LANDED;
  };
  const registrar = (changes: typeof options = {}) => {
    const { stake = 500n, endpoint = "none:", payout } = { ...options, ...changes };
    return new RegistrarService(
      { stake, endpoint, payout, capabilities },
      {
        registry,
        signer,
        submitter,
        countsFrom: async () => 9n,
        emit: (event) => {
          events.push(event);
        },
        logger: memoryLogger().logger,
      },
    );
  };
  return { registry, submitter, events, registrar };
}

describe("RegistrarService", () => {
  it("approves, stakes and registers a new provider", async () => {
    const { submitter, events, registry, registrar } = setup();
    expect(await registrar().join()).to.equal(500n);
    expect(submitter.labels).to.deep.equal(["approve", "provision", "register"]);
    expect(events.map(({ event }) => event)).to.deep.equal(["staked", "registered"]);
    expect(registry.known.payout).to.equal(SELF);
  });

  it("sends nothing the second time", async () => {
    const { submitter, registrar } = setup();
    await registrar().join();
    submitter.submitted.length = 0;
    expect(await registrar().join()).to.equal(500n);
    expect(submitter.labels).to.deep.equal([]);
  });

  it("adds what is missing after a slash, thawing stake apart", async () => {
    const { registry, submitter, registrar } = setup();
    await registrar().join();
    registry.tokens = 450n;
    registry.thawing = 50n;
    submitter.submitted.length = 0;
    await registrar().join();
    expect(submitter.labels).to.deep.equal(["approve", "provision"]);
    expect(registry.tokens).to.equal(550n);
  });

  it("works on with what a slash has left when the account cannot add to it", async () => {
    const { registry, submitter, registrar } = setup();
    await registrar().join();
    Object.assign(registry, { tokens: 450n, balance: 49n });
    submitter.submitted.length = 0;
    expect(await registrar().join()).to.equal(450n);
    expect(submitter.labels).to.deep.equal([]);
    registry.tokens = 99n;
    const error = await nodeFailureOf("STAKE_UNFUNDED", registrar().join());
    expect(error.metadata).to.deep.equal({ address: SELF, missing: 401n, balance: 49n });
  });

  it("updates a changed endpoint and keeps the registered payout", async () => {
    const { registry, submitter, registrar } = setup({ payout: word(5).slice(0, 42) });
    await registrar().join();
    submitter.submitted.length = 0;
    await registrar({ endpoint: "https://new.example" }).join();
    expect(submitter.labels).to.deep.equal(["update"]);
    expect(registry.known.endpoint).to.equal("https://new.example");
  });

  it("takes up work again after a drain", async () => {
    const { registry, submitter, registrar } = setup();
    await registrar().join();
    await registrar().drain();
    expect(registry.known.draining).to.equal(true);
    await registrar().join();
    expect(submitter.labels.slice(-2)).to.deep.equal(["setDraining true", "setDraining false"]);
  });

  it("offers what is new or has another price, and says from when it counts", async () => {
    const { submitter, events, registrar } = setup();
    const offers = [{ modelVersion: MODEL, ask: 5n }];
    await registrar().offer(offers);
    await registrar().offer(offers);
    await registrar().offer([{ modelVersion: MODEL, ask: 6n }]);
    expect(submitter.labels).to.deep.equal(["setOffer", "setOffer"]);
    expect(events).to.have.lengthOf(2);
    expect(events[1]).to.deep.equal({
      event: "offered",
      model: MODEL,
      ask: 6n,
      fromEpoch: 9n,
      transaction: "0xaa",
      gasUsed: 21_000n,
    });
  });

  describe("before it sends anything", () => {
    it("refuses an account without gas money", async () => {
      const { registry, submitter, registrar } = setup();
      registry.native = 0n;
      const error = await nodeFailureOf("KEY_UNFUNDED", registrar().join());
      expect(error.metadata).to.deep.equal({ address: SELF });
      expect(submitter.labels).to.deep.equal([]);
    });

    it("refuses to stake more LAT than there is", async () => {
      const { registry, submitter, registrar } = setup();
      registry.balance = 499n;
      const error = await nodeFailureOf("STAKE_UNFUNDED", registrar().join());
      expect(error.metadata).to.deep.equal({ address: SELF, missing: 500n, balance: 499n });
      expect(submitter.labels).to.deep.equal([]);
    });

    it("refuses a stake below the least", async () => {
      const { registrar } = setup({ stake: 99n });
      const error = await nodeFailureOf("STAKE_UNFUNDED", registrar().check());
      expect(error.metadata).to.deep.equal({ stake: 99n, minimum: 100n });
    });

    it("refuses another beacon key than the registered one", async () => {
      const { registry, submitter, registrar } = setup();
      registry.known = { ...registry.known, registered: true, blsKeyHash: word(78) };
      const error = await nodeFailureOf("BLS_KEY_MISMATCH", registrar().join());
      expect(error.metadata).to.deep.equal({
        address: SELF,
        registered: word(78),
        local: KEY_HASH,
      });
      expect(submitter.labels).to.deep.equal([]);
    });
  });
});
