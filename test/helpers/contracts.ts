import accessManagerArtifact from "@openzeppelin/contracts/build/contracts/AccessManager.json" with {
  type: "json",
};
import proxyArtifact from "@openzeppelin/contracts/build/contracts/ERC1967Proxy.json" with {
  type: "json",
};
import timelockArtifact from "@openzeppelin/contracts/build/contracts/TimelockController.json" with {
  type: "json",
};
import { type BaseContract, Contract, ContractFactory, type Signer } from "ethers";

/** AccessManager of OpenZeppelin, its only admin `admin`. */
export async function deployAccessManager(admin: Signer): Promise<Contract> {
  const { abi, bytecode } = accessManagerArtifact;
  const deployed = await new ContractFactory(abi, bytecode, admin).deploy(await admin.getAddress());
  return new Contract(await deployed.getAddress(), abi, admin);
}

/** TimelockController of OpenZeppelin without delay; `proposer` may propose and execute. */
export async function deployTimelock(proposer: Signer, minDelaySeconds: number): Promise<Contract> {
  const { abi, bytecode } = timelockArtifact;
  const owner = await proposer.getAddress();
  const factory = new ContractFactory(abi, bytecode, proposer);
  const deployed = await factory.deploy(minDelaySeconds, [owner], [owner], owner);
  return new Contract(await deployed.getAddress(), abi, proposer);
}

/** Puts an ERC-1967 proxy before `implementation`, initialised with `accessManager`. */
export async function deployProxy<C extends BaseContract>(
  implementation: C,
  accessManager: string,
  deployer: Signer,
): Promise<C> {
  const { abi, bytecode } = proxyArtifact;
  const data = implementation.interface.encodeFunctionData("initialize", [accessManager]);
  const factory = new ContractFactory(abi, bytecode, deployer);
  const proxy = await factory.deploy(await implementation.getAddress(), data);
  return implementation.attach(await proxy.getAddress()) as C;
}
