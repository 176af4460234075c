import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import type { AddressLike, BaseContract } from "ethers";

/** Puts an ERC-1967 proxy before `implementation`, initialised with `initArguments`. */
export async function deployProxy<C extends BaseContract>(
  ethers: HardhatEthers,
  implementation: C,
  initArguments: readonly unknown[],
): Promise<C> {
  const data = implementation.interface.encodeFunctionData("initialize", initArguments);
  const proxy = await ethers.deployContract("ERC1967Proxy", [
    await implementation.getAddress(),
    data,
  ]);
  return implementation.attach(await proxy.getAddress()) as C;
}

/** AccessManager of OpenZeppelin whose only admin is `admin`. */
export async function deployAccessManager(ethers: HardhatEthers, admin: AddressLike) {
  return ethers.deployContract("AccessManager", [admin]);
}
