import { hashOrder, ORDER_TYPES, Rejection, type ServedOrder } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { claim, claimOf, depositOf, orderOf, serve, serveMany } from "../../helpers/settlement.ts";
import { ASK, deployLane, FUNDS, type Lane } from "../../helpers/settlement-lane.ts";

/** How FickleWallet judges signatures. */
const Manner = {
  Honest: 0,
  AcceptsAll: 1,
  Refuses: 2,
  Reverts: 3,
  BurnsAllGas: 4,
  AnswersShort: 5,
  AnswersLong: 6,
} as const;

/** What must be left for a wallet to get its 100 000 gas: a call passes on 63/64. */
const GAS_TO_JUDGE = 106_587n;

const chain = await network.create();
const { ethers } = chain;
const deploy = () => chain.networkHelpers.loadFixture(withWallet);

/** A wallet of Rob with a deposit, which allows the lane. */
async function withWallet() {
  const system = await deployLane(chain);
  const { token, escrow, settlement, actors } = system;
  const wallet = await ethers.deployContract("FickleWallet", [actors.rob]);
  const address = await wallet.getAddress();
  await token.mint(actors.governance, FUNDS);
  await token.approve(escrow, FUNDS);
  await escrow.deposit(token, wallet, FUNDS);
  const allow = escrow.interface.encodeFunctionData("setMarket", [
    await settlement.getAddress(),
    true,
  ]);
  await wallet.execute(escrow, allow);
  return { system, wallet, address };
}

/** An order of the wallet, signed by its owner. */
async function walletOrder(system: Lane, address: string, changes: Partial<ServedOrder> = {}) {
  const order = await orderOf(system, { address });
  return serve(system, system.actors.rob, order, { isWallet: true, ...changes });
}

describe("OrderSettlement with requesters that are contracts (ERC-1271)", () => {
  it("takes what the wallet's owner signed", async () => {
    const { system, address } = await deploy();
    const served = [await walletOrder(system, address), await walletOrder(system, address)];
    expect((await claim(system, served)).accepted).to.equal(0b11n);
    expect(await depositOf(system, { address })).to.equal(FUNDS - 2n * ASK);
  });

  it("leaves out what another signed", async () => {
    const { system, address } = await deploy();
    const order = await orderOf(system, { address });
    const signature = await system.actors.stranger.signTypedData(system.domain, ORDER_TYPES, order);
    const served = await walletOrder(system, address);
    expect((await claim(system, [{ ...served, order, signature }])).accepted).to.equal(0n);
  });

  it("leaves out an order whose signature is not among the batch's", async () => {
    const { system, address } = await deploy();
    const served = await walletOrder(system, address);
    const [terms, items] = claimOf(system, [served]);
    const { settlement, actors } = system;
    await expect(settlement.connect(actors.ada).claim(terms, items, []))
      .to.emit(settlement, "ItemRejected")
      .withArgs(actors.ada.address, hashOrder(served.order), 0n, Rejection.InvalidSignature);
  });

  it("takes a wallet that accepts everything at its word, for its own money", async () => {
    const { system, wallet, address } = await deploy();
    await wallet.behave(Manner.AcceptsAll);
    const served = await walletOrder(system, address, { signature: "0x1234" });
    expect((await claim(system, [served])).accepted).to.equal(1n);
    expect(await depositOf(system, { address })).to.equal(FUNDS - ASK);
  });

  it("takes an account with code that signs with its own key (EIP-7702)", async () => {
    const { system, address } = await deploy();
    const { rita } = system.actors;
    await chain.networkHelpers.setCode(rita.address, await ethers.provider.getCode(address));
    expect((await claim(system, await serveMany(system, rita, 1))).accepted).to.equal(1n);
    await chain.networkHelpers.setCode(rita.address, "0x");
  });

  for (const manner of ["Refuses", "Reverts", "BurnsAllGas", "AnswersShort"] as const) {
    it(`goes on past a wallet that ${manner}`, async () => {
      const { system, wallet, address } = await deploy();
      await wallet.behave(Manner[manner]);
      const bad = await walletOrder(system, address);
      const good = await serveMany(system, system.actors.rita, 2);
      for (const position of [0, 1, 2]) {
        const all = [...good.slice(0, position), bad, ...good.slice(position)];
        const { settlement, actors } = system;
        const answer = await settlement
          .connect(actors.ada)
          .claim.staticCall(...claimOf(system, all));
        expect(answer.accepted).to.equal(0b111n & ~(1n << BigInt(position)));
      }
      const { transaction } = await claim(system, [bad, ...good]);
      const gas = (await transaction.wait())?.gasUsed ?? 0n;
      expect(gas).to.be.lessThan(600_000n);
    });
  }

  it("reads one word of a wallet's long answer", async () => {
    const { system, wallet, address } = await deploy();
    await wallet.behave(Manner.AnswersLong);
    const { accepted, transaction } = await claim(system, [await walletOrder(system, address)]);
    expect(accepted).to.equal(1n);
    expect((await transaction.wait())?.gasUsed).to.be.lessThan(500_000n);
  });

  it("reverts when too little gas is left for the wallet to judge", async () => {
    const { system, address } = await deploy();
    const served = await walletOrder(system, address);
    const { settlement, actors } = system;
    const asAda = settlement.connect(actors.ada);
    await expect(asAda.claim.staticCall(...claimOf(system, [served]), { gasLimit: 200_000n }))
      .to.be.revertedWithCustomError(settlement, "SignerCheckInsufficientGas")
      .withArgs((available: bigint) => available < GAS_TO_JUDGE, GAS_TO_JUDGE);
  });
});
