import { expect } from "chai";
import { network } from "hardhat";
import { LAT, namedSigners, PERMIT_TYPES, SUPPLY } from "../../helpers/custody.ts";

const { ethers, networkHelpers } = await network.create();

async function deployToken() {
  const { deployer, holder, spender, delegate } = await namedSigners(
    ethers,
    "deployer",
    "holder",
    "spender",
    "delegate",
  );
  const lat = await ethers.deployContract("LatticeToken", [holder, SUPPLY], deployer);
  return { lat, holder, spender, delegate };
}

describe("LatticeToken", () => {
  describe("constructor", () => {
    it("mints the whole supply to the recipient", async () => {
      const { lat, holder } = await networkHelpers.loadFixture(deployToken);
      expect(await lat.name()).to.equal("Lattice");
      expect(await lat.symbol()).to.equal("LAT");
      expect(await lat.decimals()).to.equal(18);
      expect(await lat.totalSupply()).to.equal(SUPPLY);
      expect(await lat.balanceOf(holder)).to.equal(SUPPLY);
    });

    it("accepts the largest supply that fits 96 bits", async () => {
      const { holder } = await networkHelpers.loadFixture(deployToken);
      const lat = await ethers.deployContract("LatticeToken", [holder, 2n ** 96n - 1n]);
      expect(await lat.totalSupply()).to.equal(2n ** 96n - 1n);
    });

    it("reverts when the supply does not fit 96 bits", async () => {
      const { lat, holder } = await networkHelpers.loadFixture(deployToken);
      await expect(ethers.deployContract("LatticeToken", [holder, 2n ** 96n]))
        .to.be.revertedWithCustomError(lat, "LatticeTokenSupplyTooLarge")
        .withArgs(2n ** 96n, 2n ** 96n - 1n);
    });

    it("reverts when the recipient is the zero address", async () => {
      const { lat } = await networkHelpers.loadFixture(deployToken);
      await expect(ethers.deployContract("LatticeToken", [ethers.ZeroAddress, SUPPLY]))
        .to.be.revertedWithCustomError(lat, "ERC20InvalidReceiver")
        .withArgs(ethers.ZeroAddress);
    });
  });

  describe("burn", () => {
    it("destroys the caller's tokens and lowers the supply", async () => {
      const { lat, holder } = await networkHelpers.loadFixture(deployToken);
      const burning = lat.connect(holder).burn(5n * LAT);
      await expect(burning)
        .to.emit(lat, "Transfer")
        .withArgs(holder, ethers.ZeroAddress, 5n * LAT);
      await expect(burning).to.changeTokenBalance(ethers, lat, holder, -5n * LAT);
      expect(await lat.totalSupply()).to.equal(SUPPLY - 5n * LAT);
    });

    it("reverts when the caller holds less", async () => {
      const { lat, spender } = await networkHelpers.loadFixture(deployToken);
      await expect(lat.connect(spender).burn(1n))
        .to.be.revertedWithCustomError(lat, "ERC20InsufficientBalance")
        .withArgs(spender, 0n, 1n);
    });

    it("burnFrom uses an allowance up", async () => {
      const { lat, holder, spender } = await networkHelpers.loadFixture(deployToken);
      await lat.connect(holder).approve(spender, 2n * LAT);
      await expect(lat.connect(spender).burnFrom(holder, 2n * LAT)).to.changeTokenBalance(
        ethers,
        lat,
        holder,
        -2n * LAT,
      );
      expect(await lat.allowance(holder, spender)).to.equal(0n);
    });
  });

  describe("permit", () => {
    it("sets an allowance by signature and uses the nonce up", async () => {
      const { lat, holder, spender } = await networkHelpers.loadFixture(deployToken);
      const { chainId } = await ethers.provider.getNetwork();
      const domain = {
        name: "Lattice",
        version: "1",
        chainId,
        verifyingContract: await lat.getAddress(),
      };
      const deadline = ethers.MaxUint256;
      const message = {
        owner: holder.address,
        spender: spender.address,
        value: LAT,
        nonce: 0n,
        deadline,
      };
      const { v, r, s } = ethers.Signature.from(
        await holder.signTypedData(domain, PERMIT_TYPES, message),
      );
      await expect(lat.connect(spender).permit(holder, spender, LAT, deadline, v, r, s))
        .to.emit(lat, "Approval")
        .withArgs(holder, spender, LAT);
      expect(await lat.allowance(holder, spender)).to.equal(LAT);
      expect(await lat.nonces(holder)).to.equal(1n);
    });
  });

  describe("votes", () => {
    it("counts by timestamp (EIP-6372)", async () => {
      const { lat } = await networkHelpers.loadFixture(deployToken);
      expect(await lat.CLOCK_MODE()).to.equal("mode=timestamp");
      expect(await lat.clock()).to.equal(await networkHelpers.time.latest());
    });

    it("keeps past votes of a delegate", async () => {
      const { lat, holder, delegate, spender } = await networkHelpers.loadFixture(deployToken);
      await lat.connect(holder).delegate(delegate);
      const delegatedAt = await networkHelpers.time.latest();
      await networkHelpers.time.increase(100);
      const moving = lat.connect(holder).transfer(spender, 3n * LAT);
      await expect(moving)
        .to.emit(lat, "DelegateVotesChanged")
        .withArgs(delegate, SUPPLY, SUPPLY - 3n * LAT);
      await networkHelpers.time.increase(1);
      expect(await lat.getPastVotes(delegate, delegatedAt)).to.equal(SUPPLY);
      expect(await lat.getVotes(delegate)).to.equal(SUPPLY - 3n * LAT);
      expect(await lat.getPastTotalSupply(delegatedAt)).to.equal(SUPPLY);
    });
  });
});
