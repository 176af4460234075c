import { connectLattice, Tier } from "@lattice/sdk";
import { expect } from "chai";
import hre, { network } from "hardhat";
import { deployLattice } from "../../deploy/deployment.ts";
import { GUARDIAN_ROLE } from "../../deploy/modules/lattice.ts";
import { AccessManager__factory } from "../../typechain-types/factories/@openzeppelin/contracts/access/manager/AccessManager__factory.ts";
import { QuorumMarket__factory } from "../../typechain-types/factories/contracts/market/QuorumMarket__factory.ts";

describe("deployment", () => {
  it("GOV-3: the quorum market takes its own tier, paid in LAT, and answers to the access manager", async () => {
    const connection = await network.create();
    const { addressBook } = await deployLattice(hre, connection, { verifiers: "none" });
    const { contracts } = addressBook;
    const [deployer] = await connection.ethers.getSigners();
    if (!deployer) throw new Error("the in-memory chain has no accounts");
    const { quorum, vault } = connectLattice({ addresses: addressBook, runner: deployer });
    expect(
      await Promise.all(
        [Tier.Zk, Tier.Optimistic, Tier.Quorum].map((tier) => quorum.isTierOpen(tier)),
      ),
    ).to.deep.equal([false, false, true]);
    expect(await quorum.isPaymentTokenAllowed(contracts.LatticeToken)).to.equal(true);
    expect(await vault.isModule(contracts.ProviderRegistry, contracts.QuorumMarket)).to.equal(true);

    const manager = AccessManager__factory.connect(contracts.AccessManager, deployer);
    const governed = QuorumMarket__factory.connect(contracts.QuorumMarket, deployer);
    expect(await governed.authority()).to.equal(contracts.AccessManager);
    const pause = governed.interface.getFunction("setNewWorkPaused").selector;
    const open = governed.interface.getFunction("setTier").selector;
    expect(await manager.getTargetFunctionRole(contracts.QuorumMarket, pause)).to.equal(
      GUARDIAN_ROLE,
    );
    expect(await manager.getTargetFunctionRole(contracts.QuorumMarket, open)).to.equal(0n);
    await expect(quorum.setTier(Tier.Zk, true))
      .to.be.revertedWithCustomError(governed, "AccessManagedUnauthorized")
      .withArgs(deployer.address);
  });
});
