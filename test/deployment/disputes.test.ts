import { connectLattice, Tier } from "@lattice/sdk";
import { expect } from "chai";
import hre, { network } from "hardhat";
import { deployLattice } from "../../deploy/deployment.ts";

describe("deployment of disputes", () => {
  async function deployed() {
    const connection = await network.create();
    const { addressBook } = await deployLattice(hre, connection, { verifiers: "none" });
    const [runner] = await connection.ethers.getSigners();
    if (!runner) throw new Error("the in-memory chain has no accounts");
    const lattice = connectLattice({ addresses: addressBook, runner });
    const game = await connection.ethers.getContractAt(
      "DisputeGame",
      addressBook.contracts.DisputeGame,
    );
    return { connection, lattice, game, runner, at: addressBook.contracts };
  }

  it("GOV-3: lists the lanes of bonded results, each with its reader, and then they are the timelock's", async () => {
    const { lattice, game, runner, at } = await deployed();
    for (const [market, reader] of [
      [at.JobMarket, at.JobClaims],
      [at.OrderSettlement, at.BatchClaims],
      [at.VoucherSettlement, at.SessionClaims],
    ] as const) {
      expect(await lattice.disputes.readerOf(market)).to.equal(reader);
      await expect(game.setLane(market, reader))
        .to.be.revertedWithCustomError(game, "AccessManagedUnauthorized")
        .withArgs(runner.address);
    }
    expect(await game.authority()).to.equal(at.AccessManager);
  });

  it("opens tier Optimistic where results can be disputed, and nowhere else", async () => {
    const { lattice } = await deployed();
    for (const lane of [lattice.market, lattice.settlement, lattice.vouchers]) {
      expect(await lane.isTierOpen(Tier.Optimistic)).to.equal(true);
    }
    expect(await lattice.quorum.isTierOpen(Tier.Optimistic)).to.equal(false);
  });

  it("gives the game its peers, and the lanes their game", async () => {
    const { connection, game, at } = await deployed();
    expect(
      await Promise.all([
        game.LAT(),
        game.PARAMETERS(),
        game.MODELS(),
        game.REGISTRY(),
        game.EQUIVOCATION(),
        game.OPERATOR_REFEREE(),
        game.TRACE_REFEREE(),
        game.PROOF_REFEREE(),
      ]),
    ).to.deep.equal([
      at.LatticeToken,
      at.ProtocolParameters,
      at.ModelRegistry,
      at.ProviderRegistry,
      at.Equivocation,
      at.OperatorReferee,
      at.TraceReferee,
      at.ProofReferee,
    ]);
    for (const name of ["JobMarket", "OrderSettlement", "VoucherSettlement"] as const) {
      const lane = await connection.ethers.getContractAt("JobMarket", at[name]);
      expect(await lane.DISPUTES(), name).to.equal(at.DisputeGame);
    }
  });
});
