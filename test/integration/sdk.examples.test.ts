import { readFileSync } from "node:fs";
import type { EventCursor, Lattice } from "@lattice/sdk";
import {
  latticeDomain,
  SIGNING_DOMAINS,
  verifyOrderSignature,
  verifyVoucherSignature,
} from "@lattice/sdk";
import { expect } from "chai";
import { BrowserProvider, id, parseEther, Wallet } from "ethers";
import { network } from "hardhat";
import { deposit } from "../../packages/sdk/examples/deposit.ts";
import { followIncoming } from "../../packages/sdk/examples/follow-events.ts";
import { signedOrder } from "../../packages/sdk/examples/sign-order.ts";
import { shownIn, voucherFor } from "../../packages/sdk/examples/voucher.ts";
import { latticeOf } from "../helpers/lattice.ts";
import { deploySystem, type System } from "../helpers/system.ts";

const FAR = 2 ** 40 - 1;

/** Runtime code that answers every call with ERC-1271's magic value, and code that reverts. */
const AGREES = "0x631626ba7e60e01b60005260206000f3";
const REVERTS = "0x60006000fd";

describe("SDK examples", () => {
  let system: System;
  let lattice: Lattice;
  /** ethers as an application has it; Hardhat's own throws errors of its own. */
  let wallet: BrowserProvider;
  const requester = new Wallet(id("requester"));
  const at = { chainId: 31337n, verifyingContract: `0x${"77".repeat(20)}` };
  const terms = {
    modelVersion: id("model"),
    inputCommitment: `0x${"03".repeat(32)}`,
    inputDigest: id("input"),
    paymentToken: `0x${"55".repeat(20)}`,
  };

  before(async () => {
    const { ethers, networkHelpers, provider } = await network.create();
    wallet = new BrowserProvider(provider, undefined, { cacheTimeout: -1 });
    system = await deploySystem({ ethers, networkHelpers });
    lattice = await latticeOf(system, ethers.provider);
  });

  it("are what the README shows", () => {
    const folder = new URL("../../packages/sdk/", import.meta.url);
    const readme = readFileSync(new URL("README.md", folder), "utf8");
    for (const name of ["sign-order", "follow-events", "deposit", "voucher"]) {
      const text = readFileSync(new URL(`examples/${name}.ts`, folder), "utf8");
      expect(readme, name).to.include(`\`\`\`ts\n${text}\`\`\``);
    }
  });

  it("sign-order: hashes as the market does, and the signature holds", async () => {
    const { id: hash, order, signature } = await signedOrder(requester, at, terms);
    expect(await system.market.hashOrder(order)).to.equal(hash);
    const domain = latticeDomain(SIGNING_DOMAINS.OrderSettlement, at);
    expect(await verifyOrderSignature(domain, order, { signature })).to.equal(true);
  });

  it("contract accounts sign by ERC-1271: their word counts, not a key's", async () => {
    const { provider } = system.chain.ethers;
    const { order } = await signedOrder(requester, at, terms);
    const domain = latticeDomain(SIGNING_DOMAINS.OrderSettlement, at);
    const account = `0x${"a1".repeat(20)}`;
    const theirs = { ...order, requester: account };
    const verify = () =>
      verifyOrderSignature(domain, theirs, { signature: "0x1234", provider: wallet });
    expect(await verify()).to.equal(false);
    await provider.send("hardhat_setCode", [account, AGREES]);
    expect(await verify()).to.equal(true);
    await provider.send("hardhat_setCode", [account, REVERTS]);
    expect(await verify()).to.equal(false);
  });

  it("deposit: moves the tokens by permit, and explains a refusal", async () => {
    const { requester: owner } = system.actors;
    const amount = parseEther("3");
    await system.token.connect(system.actors.deployer).transfer(owner, amount);
    const sent = deposit(lattice, owner, amount, FAR);
    await expect(sent)
      .to.emit(system.escrow, "EscrowDeposited")
      .withArgs(owner.address, await system.token.getAddress(), owner.address, amount);
    expect(await system.token.balanceOf(owner)).to.equal(0n);
    const refusal = await deposit(lattice, owner, 0n, FAR).catch((error: Error) => error.message);
    expect(refusal).to.equal("PaymentEscrowZeroAmount()");
  });

  it("follow-events: counts what came in, and goes on from the cursor it kept", async () => {
    const { deployer, cal } = system.actors;
    const changes: bigint[] = [];
    let cursor: EventCursor | undefined;
    const follow = async (until: number) => {
      const stop = new AbortController();
      const store = {
        ...(cursor ? { cursor } : {}),
        save: async (next: EventCursor, change: bigint) => {
          cursor = JSON.parse(JSON.stringify(next)) as EventCursor;
          changes.push(change);
          if (changes.length === until) stop.abort();
        },
      };
      await followIncoming(lattice, cal.address, store, stop.signal);
    };
    await system.token.connect(deployer).transfer(cal, 5n);
    await follow(1);
    await system.token.connect(deployer).transfer(cal, 6n);
    await follow(2);
    expect(changes).to.deep.equal([5n, 6n]);
  });

  it("voucher: covers every job, and each is provable", async () => {
    const session = id("session");
    const outputs = [id("one"), id("two"), id("three")];
    const made = await voucherFor(requester, at, { session, outputs, price: 4n });
    expect(made.voucher).to.include({ session, amount: 12n, jobs: 3n });
    const shown = outputs.map((_, index) => shownIn(made.voucher, outputs, index));
    expect(shown).to.deep.equal([true, true, true]);
    const others = [id("one"), id("else"), id("three")];
    expect(shownIn(made.voucher, others, 1)).to.equal(false);
    const domain = latticeDomain(SIGNING_DOMAINS.VoucherSettlement, at);
    const check = { signer: requester.address, signature: made.signature };
    expect(await verifyVoucherSignature(domain, made.voucher, check)).to.equal(true);
  });
});
