import { expect } from "chai";
import { network } from "hardhat";
import { SUPPLY } from "../../helpers/custody.ts";
import { deployTreasury } from "../../helpers/treasury.ts";

const { ethers, networkHelpers } = await network.create();

async function deploy() {
  return deployTreasury(ethers);
}

describe("TokenBurner", () => {
  describe("burn", () => {
    it("burns all that it earned, for anyone who calls", async () => {
      const { burner, escrow, lat, earnLat, outsider } = await networkHelpers.loadFixture(deploy);
      await earnLat(burner, 700n);
      expect(await burner.burn.staticCall()).to.equal(700n);
      const burning = burner.connect(outsider).burn();
      await expect(burning).to.emit(burner, "FeesBurned").withArgs(700n);
      await expect(burning).to.emit(lat, "Transfer").withArgs(burner, ethers.ZeroAddress, 700n);
      await expect(burning).to.changeTokenBalances(ethers, lat, [burner, escrow], [0n, -700n]);
      expect(await lat.totalSupply()).to.equal(SUPPLY - 700n);
      expect(await escrow.accountOf(burner, lat)).to.deep.equal([0n, 0n, 0n, 0n]);
    });

    it("reverts when nothing waits to be burned", async () => {
      const { burner } = await networkHelpers.loadFixture(deploy);
      await expect(burner.burn())
        .to.be.revertedWithCustomError(burner, "TokenBurnerNothingToBurn")
        .withArgs();
    });
  });
});
