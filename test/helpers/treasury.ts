import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import type { Addressable, BaseContract, ContractTransactionResponse } from "ethers";
import { deployEscrow, namedSigners, SUPPLY } from "./custody.ts";

/** A token whose balances a test can create. */
interface TestToken extends BaseContract {
  mint(to: Addressable, amount: bigint): Promise<ContractTransactionResponse>;
}

/**
 * An escrow with a treasury, to whose beacon's share `rewards` is entitled; `earn` makes an account earn newly minted
 * tokens there through a market, `earnLat` the holder's LAT. `admin` may spend.
 */
export async function deployTreasury(ethers: HardhatEthers) {
  const actors = await namedSigners(ethers, "admin", "requester", "market", "outsider", "rewards");
  const { admin, requester, market, rewards } = actors;
  const custody = await deployEscrow(ethers, admin);
  const { escrow, manager, parameters } = custody;
  const lat = await ethers.deployContract("LatticeToken", [requester, SUPPLY]);
  const treasury = await ethers.deployContract("FeeTreasury", [
    manager,
    escrow,
    parameters,
    lat,
    rewards,
  ]);
  await escrow.connect(requester).setMarket(market, true);

  const payThroughMarket = async (token: BaseContract, recipient: Addressable, amount: bigint) => {
    const erc20 = await ethers.getContractAt("ILatticeToken", await token.getAddress(), requester);
    await erc20.approve(escrow, amount);
    await escrow.connect(requester).deposit(token, requester, amount);
    await escrow.connect(market).lock(token, requester, amount);
    await escrow.connect(market).pay(token, [{ recipient, amount, toDeposit: false }]);
  };
  const earn = async (token: TestToken, recipient: Addressable, amount: bigint) => {
    await token.mint(requester, amount);
    await payThroughMarket(token, recipient, amount);
  };
  const earnLat = (recipient: Addressable, amount: bigint) =>
    payThroughMarket(lat, recipient, amount);
  return { ...actors, ...custody, lat, treasury, earn, earnLat };
}
