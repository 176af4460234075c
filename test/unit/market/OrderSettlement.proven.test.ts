import {
  hashOrder,
  type Order,
  proofContext,
  Rejection,
  SCALAR_FIELD,
  type ServedOrder,
  Tier,
} from "@lattice/sdk";
import { expect } from "chai";
import { toBeHex } from "ethers";
import { network } from "hardhat";
import { claimOf, depositOf, earningsOf, legsOf, serveMany } from "../../helpers/settlement.ts";
import { ASK, deployLane, FUNDS, type Lane } from "../../helpers/settlement-lane.ts";

type Proof = [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];

const chain = await network.create();
const lane = () => deployLane(chain);
const deploy = () => chain.networkHelpers.loadFixture(lane);
const BASE_FIELD = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

const proofOf = (i: number): Proof =>
  Array.from({ length: 8 }, (_, word) => BigInt(100 * i + word + 1)) as Proof;

/** `count` proven orders of Rita, each with a proof that the verifier accepts. */
async function serveProven(system: Lane, count: number, changes: Partial<Order> = {}) {
  const { rita } = system.actors;
  const terms = { tier: Tier.Zk, challengeSeconds: 0, ...changes };
  const served = await serveMany(system, rita, count, terms);
  const proofs = served.map((_, i) => proofOf(i));
  for (const [i, job] of served.entries()) await accept(system, job, proofs[i] as Proof);
  return { served, proofs };
}

async function accept(system: Lane, { order, outputCommitment }: ServedOrder, proof: Proof) {
  const { chainId } = await chain.ethers.provider.getNetwork();
  const context = proofContext({
    chainId,
    market: await system.settlement.getAddress(),
    orderHash: hashOrder(order),
    provider: system.actors.ada.address,
    modelVersion: order.modelVersion,
  });
  await system.verifier.accept(proof, [
    context,
    BigInt(order.inputCommitment),
    BigInt(outputCommitment),
  ]);
}

function settle(system: Lane, served: readonly ServedOrder[], proofs: readonly Proof[]) {
  const { settlement, actors } = system;
  return settlement.connect(actors.ada).settleProven(...claimOf(system, served), proofs as Proof[]);
}

async function expectOthersSettled(
  system: Lane,
  served: readonly ServedOrder[],
  proofs: readonly Proof[],
  bad: number,
  reason: Rejection,
) {
  const { settlement, actors } = system;
  const before = await depositOf(system, actors.rita);
  const transaction = await settle(system, served, proofs);
  const { order } = served[bad] as ServedOrder;
  await expect(transaction)
    .to.emit(settlement, "ItemRejected")
    .withArgs(actors.ada.address, hashOrder(order), bad, reason);
  const others = BigInt(served.length - 1);
  expect(await depositOf(system, actors.rita)).to.equal(before - others * ASK);
  const used = await settlement.noncesUsed(order.requester, order.nonce >> 8n);
  expect((used >> (order.nonce & 255n)) & 1n).to.equal(0n);
}

describe("OrderSettlement", () => {
  describe("settleProven", () => {
    it("PAY-2: pays proven results at once, and locks no collateral", async () => {
      const system = await deploy();
      const { settlement, escrow, vault, token, actors, treasury } = system;
      const { served, proofs } = await serveProven(system, 3);
      const transaction = await settle(system, served, proofs);
      const legs = legsOf(3n * ASK);
      const [event] = await settlement.queryFilter(
        settlement.filters.BatchProved(),
        transaction.blockNumber ?? 0,
      );
      expect(event?.args.price).to.equal(ASK);
      expect(event?.args.accepted).to.equal(0b111n);
      expect([...(event?.args.legs ?? [])]).to.deep.equal(Object.values(legs));
      await expect(transaction).not.to.emit(vault, "StakeLocked");
      expect(await earningsOf(system, actors.adaPayout.address)).to.equal(legs.provider);
      expect(await earningsOf(system, actors.royalties.address)).to.equal(legs.publisher);
      expect(await earningsOf(system, await treasury.getAddress())).to.equal(legs.fee);
      expect(await depositOf(system, actors.rita)).to.equal(FUNDS - 3n * ASK);
      expect(await escrow.lockedBy(settlement, token)).to.equal(0n);
    });

    it("settles a single proof, and a batch of the largest size", async () => {
      const system = await deploy();
      const one = await serveProven(system, 1);
      await expect(settle(system, one.served, one.proofs)).to.emit(
        system.settlement,
        "BatchProved",
      );
      const most = await serveProven(system, 32);
      await expect(settle(system, most.served, most.proofs)).to.emit(
        system.settlement,
        "BatchProved",
      );
      expect(await depositOf(system, system.actors.rita)).to.equal(FUNDS - 33n * ASK);
    });

    for (const [where, bad] of Object.entries({ first: 0, "in the middle": 2, last: 4 })) {
      it(`PAY-4: a proof that does not hold, ${where}, is found and left out`, async () => {
        const system = await deploy();
        const { served, proofs } = await serveProven(system, 5);
        proofs[bad] = proofOf(77);
        await expectOthersSettled(system, served, proofs, bad, Rejection.InvalidProof);
      });

      it(`PRF-2: a proof that is not canonical, ${where}, is left out`, async () => {
        const system = await deploy();
        const { served, proofs } = await serveProven(system, 5);
        for (const word of [0, 7]) {
          const changed = [...(proofs[bad] as Proof)] as Proof;
          changed[word] = (changed[word] ?? 0n) + BASE_FIELD;
          const all = proofs.map((proof, i) => (i === bad ? changed : proof));
          const snapshot = await chain.networkHelpers.takeSnapshot();
          await expectOthersSettled(system, served, all, bad, Rejection.InvalidProof);
          await snapshot.restore();
        }
      });
    }

    it("PRF-2: leaves out commitments that are no canonical scalars", async () => {
      const system = await deploy();
      const { served, proofs } = await serveProven(system, 3);
      const outside = toBeHex(SCALAR_FIELD, 32);
      const changed = served.map((job, i) =>
        i === 1 ? { ...job, outputCommitment: outside } : job,
      );
      await expectOthersSettled(system, changed, proofs, 1, Rejection.InvalidOutput);
      const inputs = await serveProven(system, 1, { inputCommitment: outside });
      const others = await serveProven(system, 2);
      await expectOthersSettled(
        system,
        [...inputs.served, ...others.served],
        [...inputs.proofs, ...others.proofs],
        0,
        Rejection.InvalidInput,
      );
    });

    it("leaves out an order with a challenge window, which the tier does not have", async () => {
      const system = await deploy();
      const windowed = await serveProven(system, 1, { challengeSeconds: 120 });
      const others = await serveProven(system, 1);
      await expectOthersSettled(
        system,
        [...windowed.served, ...others.served],
        [...windowed.proofs, ...others.proofs],
        0,
        Rejection.InvalidWindow,
      );
    });

    it("PRF-1: takes a proof for no other order, output, provider, or lane", async () => {
      const system = await deploy();
      const { settlement, actors } = system;
      const { served, proofs } = await serveProven(system, 2);
      const [first, second] = served as [ServedOrder, ServedOrder];
      const swapped = [proofs[1], proofs[0]] as Proof[];
      await expect(settle(system, served, swapped)).not.to.emit(settlement, "BatchProved");
      const moved = [{ ...first, outputCommitment: second.outputCommitment }, second];
      await expect(settle(system, moved, proofs)).to.emit(settlement, "ItemRejected");
      const orderHash = hashOrder(first.order);
      const bound = await settlement.proofContext(orderHash, actors.ada, system.modelVersion);
      const others = [
        settlement.proofContext(hashOrder(second.order), actors.ada, system.modelVersion),
        settlement.proofContext(orderHash, actors.ben, system.modelVersion),
        settlement.proofContext(orderHash, actors.ada, orderHash),
      ];
      for (const other of others) expect(await other).not.to.equal(bound);
    });

    it("reverts as a whole when the verifier was stopped", async () => {
      const system = await deploy();
      const { served, proofs } = await serveProven(system, 2);
      await system.router.stop(system.version.verifierSelector);
      await expect(settle(system, served, proofs))
        .to.be.revertedWithCustomError(system.router, "VerifierRouterStopped")
        .withArgs(system.version.verifierSelector);
    });

    it("settles nothing, and asks no verifier, when no proof is well-formed", async () => {
      const system = await deploy();
      const { served } = await serveProven(system, 2);
      const proofs = [0, 1].map(() => Array.from({ length: 8 }, () => BASE_FIELD) as Proof);
      await expect(settle(system, served, proofs)).not.to.emit(system.settlement, "BatchProved");
      expect(await depositOf(system, system.actors.rita)).to.equal(FUNDS);
    });
  });
});
