import { expect } from "chai";
import { type Contract, id, ZeroHash } from "ethers";
import { namespaceSlot } from "../../scripts/layout/namespaces.ts";
import { booksOf, expectSolvent } from "./support/books.ts";
import { type Ending, LIVE } from "./support/live-state.ts";
import {
  decide,
  deployNext,
  implementationOf,
  NOTE,
  UPGRADEABLE,
  type Upgradeable,
  upgradeCall,
  vote,
} from "./support/proposals.ts";
import { readViews } from "./support/views.ts";
import { connection, deployWorld } from "./support/world.ts";

const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

/** The deployed protocol with all of LIVE under way, and what it says of itself. */
async function alive() {
  const world = await deployWorld();
  const endings: Record<string, Ending> = {};
  for (const { name, begin } of LIVE) endings[name] = await begin(world);
  const released = {} as Record<Upgradeable, string>;
  for (const name of UPGRADEABLE) released[name] = await implementationOf(world, name);
  const next = await deployNext(world);
  return { ...world, endings, released, next, before: await readViews(world) };
}

/** The same after governance upgraded every contract. */
async function upgraded() {
  const world = await loadFixture(alive);
  const calls = await Promise.all(
    UPGRADEABLE.map(async (name) => {
      const contract = world.next[name];
      const data = contract.interface.encodeFunctionData("initializeV2", [NOTE]);
      return upgradeCall(world, name, await contract.getAddress(), data);
    }),
  );
  return { ...world, execution: await decide(world, calls, "Upgrade everything") };
}

/** The same after governance took the upgrade back. */
async function rolledBack() {
  const world = await loadFixture(upgraded);
  const calls = await Promise.all(
    UPGRADEABLE.map((name) => upgradeCall(world, name, world.released[name])),
  );
  return { ...world, execution: await decide(world, calls, "Take the upgrade back") };
}

type World = Awaited<ReturnType<typeof upgraded>>;
const proxyOf = ({ next, addressBook }: World, name: Upgradeable) =>
  next[name].attach(addressBook.contracts[name]) as Contract;

describe("an upgrade through governance", () => {
  for (const [what, reach] of [
    ["upgraded", upgraded],
    ["rolled back", rolledBack],
  ] as const) {
    describe(what, () => {
      it("UPG-2: every contract runs the code that was voted for", async () => {
        const world = await loadFixture(reach);
        for (const name of UPGRADEABLE) {
          const voted = what === "upgraded" ? world.next[name] : world.released[name];
          await expect(world.execution).to.emit(proxyOf(world, name), "Upgraded").withArgs(voted);
          const running = await implementationOf(world, name);
          expect(running, name).to.equal(await ethers.resolveAddress(voted as string));
        }
      });

      it("UPG-2: every view answers as before", async () => {
        const world = await loadFixture(reach);
        expect(Object.keys(world.before).length).above(700);
        expect(await readViews(world)).to.deep.equal(world.before);
        await expectSolvent(world);
      });

      for (const { name } of LIVE) {
        it(`UPG-2: ${name}`, async () => {
          const { endings } = await loadFixture(reach);
          await endings[name]?.();
        });
      }

      it("UPG-2: all that was under way can end, one after the other", async () => {
        const world = await loadFixture(reach);
        for (const { name } of LIVE.toReversed()) await world.endings[name]?.();
        const { vault, registry, lanes, actors } = world;
        for (const [name, lane] of Object.entries(lanes)) {
          for (const provider of [actors.ada, actors.ben, actors.cal]) {
            expect(await vault.lockedBy(provider, registry, lane), name).to.equal(0n);
          }
        }
        expect((await booksOf(world)).locked).to.equal(0n);
        await expectSolvent(world);
      });
    });
  }

  it("UPG-2: the next version adds a view and a variable after all others; the rollback leaves it there", async () => {
    const world = await loadFixture(upgraded);
    for (const name of UPGRADEABLE) {
      expect(await proxyOf(world, name).getFunction("note")(), name).to.equal(NOTE);
      // It is not the first of its namespace, where the released variables are.
      const first = namespaceSlot(`lattice.storage.${name}`);
      const word = await ethers.provider.getStorage(world.addressBook.contracts[name], first);
      expect(word, name).to.not.equal(NOTE);
    }
    const back = await loadFixture(rolledBack);
    for (const name of UPGRADEABLE) {
      await expect(proxyOf(back, name).getFunction("note")(), name).to.be.revertedWithoutReason(
        ethers,
      );
    }
    const again = await Promise.all(
      UPGRADEABLE.map(async (name) => upgradeCall(back, name, await back.next[name].getAddress())),
    );
    await decide(back, again, "Upgrade again");
    for (const name of UPGRADEABLE) {
      expect(await proxyOf(back, name).getFunction("note")(), name).to.equal(NOTE);
    }
  });
});

describe("who may upgrade to what", () => {
  it("GOV-1: nobody but the timelock upgrades", async () => {
    const world = await loadFixture(alive);
    const { deployer, voter, ada, stranger } = world.actors;
    const governor = await ethers.getImpersonatedSigner(
      world.addressBook.contracts.LatticeGovernor,
    );
    await networkHelpers.setBalance(governor.address, 10n ** 18n);
    for (const name of UPGRADEABLE) {
      const proxy: Contract = await ethers.getContractAt(
        String(name),
        world.addressBook.contracts[name],
      );
      // The deployer is also the guardian.
      for (const caller of [deployer, voter, ada, stranger, governor]) {
        const upgrade = proxy.connect(caller).getFunction("upgradeToAndCall");
        await expect(upgrade(world.next[name], "0x"), name)
          .to.be.revertedWithCustomError(proxy, "AccessManagedUnauthorized")
          .withArgs(caller);
      }
    }
  });

  it("GOV-3: no implementation and no proxy can be initialised by anyone, before or after", async () => {
    const world = await loadFixture(upgraded);
    for (const name of UPGRADEABLE) {
      const proxy = proxyOf(world, name);
      const released = proxy.attach(world.released[name]) as Contract;
      const more = { EpochBeacon: [ZeroHash], AttestationGate: [[], []] };
      const values = [world.actors.stranger, ...(more[name as keyof typeof more] ?? [])];
      for (const contract of [proxy, released, world.next[name]]) {
        await expect(
          contract.getFunction("initialize")(...values),
          name,
        ).to.be.revertedWithCustomError(proxy, "InvalidInitialization");
        await expect(contract.getFunction("initializeV2")(id("another note")), name).to.be.revert(
          ethers,
        );
      }
    }
  });

  it("reverts when the next implementation is no UUPS contract, or not a contract", async () => {
    const { market, escrow, actors, addressBook } = await loadFixture(alive);
    const governed = market.connect(actors.governance);
    await expect(governed.upgradeToAndCall(escrow, "0x"))
      .to.be.revertedWithCustomError(market, "ERC1967InvalidImplementation")
      .withArgs(escrow);
    await expect(governed.upgradeToAndCall(actors.stranger, "0x")).to.be.revertedWithoutReason(
      ethers,
    );
    // A proxy is no implementation: it would call itself without end.
    await expect(governed.upgradeToAndCall(addressBook.contracts.JobMarket, "0x"))
      .to.be.revertedWithCustomError(market, "ERC1967InvalidImplementation")
      .withArgs(addressBook.contracts.JobMarket);
  });
});

describe("leaving before an upgrade", () => {
  it("LIV-2: a requester sees the proposal queued, thaws and withdraws before it can be executed", async () => {
    const world = await loadFixture(alive);
    const { governor, timelock, escrow, token, actors, next } = world;
    const { requester, stranger } = actors;
    const call = await upgradeCall(world, "JobMarket", await next.JobMarket.getAddress());
    const { id: proposalId, toRun } = await vote(world, [call], "Upgrade the market");
    await governor.queue(...toRun);

    const { deposit } = await escrow.accountOf(requester, token);
    await escrow.connect(requester).thaw(token, deposit);
    await time.increaseTo((await escrow.accountOf(requester, token)).thawingUntil);
    await expect(escrow.connect(requester).withdraw(token, requester)).to.changeTokenBalances(
      ethers,
      token,
      [escrow, requester],
      [-deposit, deposit],
    );

    const [targets, values, datas, textHash] = toRun;
    // The governor salts the operation with its own address.
    const own = BigInt(await governor.getAddress()) << 96n;
    const salt = ethers.toBeHex(BigInt(textHash) ^ own, 32);
    const operation = await timelock.hashOperationBatch(targets, values, datas, ZeroHash, salt);
    // TimelockController.OperationState.Ready is 2; the error holds the expected states as bits.
    await expect(governor.connect(stranger).execute(...toRun))
      .to.be.revertedWithCustomError(timelock, "TimelockUnexpectedOperationState")
      .withArgs(operation, ethers.toBeHex(1n << 2n, 32));
    await time.increaseTo(await governor.proposalEta(proposalId));
    await expect(governor.connect(stranger).execute(...toRun))
      .to.emit(governor, "ProposalExecuted")
      .withArgs(proposalId);
  });
});
