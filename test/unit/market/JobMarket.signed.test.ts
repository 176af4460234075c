import { hashOrder, JobState, jobIdOf, ORDER_TYPES, type Order } from "@lattice/sdk";
import { expect } from "chai";
import { parseEther, TypedDataEncoder } from "ethers";
import { network } from "hardhat";
import { deployMarketplace, drawOrder, fundRequester, orderValues } from "../../helpers/orders.ts";
import { domainOf, signOrder } from "../../helpers/signing.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const MANNERS = { Honest: 0, Denying: 1, Reverting: 2, Burning: 3, Short: 4 } as const;

async function signed() {
  const system = await deployMarketplace(chain);
  const order = await drawOrder(system, { nonce: 517n });
  const signature = await signOrder(system, system.actors.requester, order);
  return { system, market: system.market, order, signature };
}

/** A wallet contract of the requester's, with a deposit, and an order of its own. */
async function withWallet() {
  const { system, market } = await signed();
  const { requester } = system.actors;
  const wallet = await ethers.deployContract("SmartWallet", [requester]);
  const account = await ethers.getImpersonatedSigner(await wallet.getAddress());
  await networkHelpers.setBalance(account.address, parseEther("1"));
  await fundRequester(system, account, parseEther("100"));
  const order = await drawOrder(system, { requester: account.address, nonce: 3n });
  const signature = await signOrder(system, requester, order);
  return { system, market, wallet, order, signature };
}

describe("JobMarket", () => {
  describe("postSigned", () => {
    it("posts what its requester signed, for anyone, and uses up the nonce", async () => {
      const { system, market, order, signature } = await networkHelpers.loadFixture(signed);
      const { actors, escrow, token } = system;
      const before = (await escrow.accountOf(order.requester, token)).deposit;
      await expect(market.connect(actors.stranger).postSigned(order, signature))
        .to.emit(market, "JobPosted")
        .withArgs(jobIdOf(order), order.requester, order.modelVersion, orderValues(order))
        .and.to.emit(market, "NoncesUsed")
        .withArgs(order.requester, 2, 1n << 5n);
      const after = (await escrow.accountOf(order.requester, token)).deposit;
      expect(before - after).to.equal(order.maxPrice);
      expect((await market.jobOf(jobIdOf(order))).state).to.equal(JobState.Posted);
      expect(await market.noncesUsed(order.requester, 2)).to.equal(1n << 5n);
    });

    it("PAY-1: reverts for a signature that was used, and leaves its neighbours alone", async () => {
      const { system, market, order, signature } = await networkHelpers.loadFixture(signed);
      await market.postSigned(order, signature);
      await expect(market.postSigned(order, signature))
        .to.be.revertedWithCustomError(market, "MarketNonceUsed")
        .withArgs(order.requester, 517);
      const next = { ...order, nonce: 518n };
      await market.postSigned(next, await signOrder(system, system.actors.requester, next));
      expect((await market.jobOf(jobIdOf(next))).state).to.equal(JobState.Posted);
    });

    it("PAY-4: an underfunded order spends no nonce: the same signature posts once there is a deposit", async () => {
      const { system, market, order, signature } = await networkHelpers.loadFixture(signed);
      const { escrow, token, actors } = system;
      const { requester } = actors;
      const { deposit } = await escrow.accountOf(requester, token);
      await escrow.connect(requester).thaw(token, deposit - order.maxPrice + 1n);
      await expect(market.postSigned(order, signature))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowInsufficientDeposit")
        .withArgs(order.requester, token.target, order.maxPrice - 1n, order.maxPrice);
      expect(await market.noncesUsed(order.requester, 2)).to.equal(0);
      expect(await escrow.lockedBy(market, token)).to.equal(0);

      await escrow.connect(requester).cancelThaw(token, 1n);
      await expect(market.postSigned(order, signature))
        .to.emit(market, "NoncesUsed")
        .withArgs(order.requester, 2, 1n << 5n);
      expect(await escrow.lockedBy(market, token)).to.equal(order.maxPrice);
    });

    it("reverts for a cancelled nonce", async () => {
      const { system, market, order, signature } = await networkHelpers.loadFixture(signed);
      await expect(market.connect(system.actors.requester).cancelNonces(2, 0b110_0000n))
        .to.emit(market, "NoncesUsed")
        .withArgs(order.requester, 2, 0b110_0000n);
      await expect(market.postSigned(order, signature))
        .to.be.revertedWithCustomError(market, "MarketNonceUsed")
        .withArgs(order.requester, 517);
    });

    it("reverts for another signer, and for any member changed after signing", async () => {
      const { system, market, order, signature } = await networkHelpers.loadFixture(signed);
      const { stranger, requester } = system.actors;
      const digest = await market.orderDigest(hashOrder(order));
      await expect(market.postSigned(order, await signOrder(system, stranger, order)))
        .to.be.revertedWithCustomError(market, "MarketInvalidSignature")
        .withArgs(requester.address, digest);
      const changes: Partial<Order>[] = [
        { maxPrice: order.maxPrice + 1n },
        { nonce: 518n },
        { sponsor: stranger.address },
        { validUntil: order.validUntil - 1 },
        { collateral: order.collateral + 1n },
      ];
      for (const change of changes) {
        const other = { ...order, ...change };
        await expect(market.postSigned(other, signature))
          .to.be.revertedWithCustomError(market, "MarketInvalidSignature")
          .withArgs(requester.address, await market.orderDigest(hashOrder(other)));
      }
      expect((await market.jobOf(jobIdOf(order))).state).to.equal(JobState.None);
    });

    it("reverts for malformed signatures, the second form of a good one included", async () => {
      const { market, order, signature } = await networkHelpers.loadFixture(signed);
      const curve = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
      const { r, s, v } = ethers.Signature.from(signature);
      const mirrored = ethers.concat([
        r,
        ethers.toBeHex(curve - BigInt(s), 32),
        ethers.toBeHex(v === 27 ? 28 : 27, 1),
      ]);
      const digest = await market.orderDigest(hashOrder(order));
      for (const bad of ["0x", signature.slice(0, -2), `${signature}00`, mirrored]) {
        await expect(market.postSigned(order, bad))
          .to.be.revertedWithCustomError(market, "MarketInvalidSignature")
          .withArgs(order.requester, digest);
      }
    });

    it("reverts for a signature meant for another chain or another market", async () => {
      const { system, market, order } = await networkHelpers.loadFixture(signed);
      const { requester } = system.actors;
      const elsewhere = [
        await domainOf("Lattice JobMarket", market, 1n),
        await domainOf("Lattice JobMarket", system.escrow),
        await domainOf("Lattice OrderSettlement", market),
      ];
      const digest = await market.orderDigest(hashOrder(order));
      for (const domain of elsewhere) {
        const signature = await requester.signTypedData(domain, ORDER_TYPES, order);
        await expect(market.postSigned(order, signature))
          .to.be.revertedWithCustomError(market, "MarketInvalidSignature")
          .withArgs(requester.address, digest);
      }
    });

    it("tells its domain (EIP-5267), from which the digest follows", async () => {
      const { market, order } = await networkHelpers.loadFixture(signed);
      const { fields, name, version, chainId, verifyingContract } = await market.eip712Domain();
      expect(fields).to.equal("0x0f");
      const domain = { name, version, chainId, verifyingContract };
      expect(await market.orderDigest(hashOrder(order))).to.equal(
        TypedDataEncoder.hash(domain, ORDER_TYPES, order),
      );
    });

    it("takes the word of a contract for its own orders (ERC-1271)", async () => {
      const { market, order, signature } = await networkHelpers.loadFixture(withWallet);
      await expect(market.postSigned(order, signature)).to.emit(market, "JobPosted");
    });

    for (const manner of ["Denying", "Reverting", "Burning", "Short"] as const) {
      it(`reverts when the contract is ${manner.toLowerCase()}`, async () => {
        const { market, wallet, order, signature } = await networkHelpers.loadFixture(withWallet);
        await wallet.setManner(MANNERS[manner]);
        await expect(market.postSigned(order, signature, { gasLimit: 1_000_000 }))
          .to.be.revertedWithCustomError(market, "MarketInvalidSignature")
          .withArgs(order.requester, await market.orderDigest(hashOrder(order)));
      });
    }

    it("reverts when too little gas is left for the contract to judge", async () => {
      const { market, order, signature } = await networkHelpers.loadFixture(withWallet);
      await expect(
        market.postSigned(order, signature, { gasLimit: 100_000 }),
      ).to.be.revertedWithCustomError(market, "SignerCheckInsufficientGas");
    });

    it("takes the key of an account that has code", async () => {
      const { system, market, order, signature } = await networkHelpers.loadFixture(signed);
      const wallet = await ethers.deployContract("SmartWallet", [system.actors.stranger]);
      const code = await ethers.provider.getCode(wallet);
      await networkHelpers.setCode(order.requester, code);
      await expect(market.postSigned(order, signature)).to.emit(market, "JobPosted");
    });
  });
});
