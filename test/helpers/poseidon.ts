import { poseidonTableArtifacts } from "@lattice/zkml/poseidon16";
import type { Chain } from "./system.ts";

/** The contracts that hold the hash's constants, in order. */
async function deployPoseidonTables({ ethers }: Pick<Chain, "ethers">): Promise<string[]> {
  const tables: string[] = [];
  for (const { abi, bytecode } of poseidonTableArtifacts()) {
    const factory = await ethers.getContractFactory([...abi], bytecode);
    tables.push(await (await factory.deploy()).getAddress());
  }
  return tables;
}

/** The hash that contracts commit to tensors with, and its tables. */
export async function deployPoseidon16(chain: Pick<Chain, "ethers">) {
  const tables = (await deployPoseidonTables(chain)) as TableAddresses;
  return { poseidon: await chain.ethers.deployContract("Poseidon16", [tables]), tables };
}

/** As the bindings want a list of ten. */
export type TableAddresses = [string, string, string, string, string, ...FiveMore];
type FiveMore = [string, string, string, string, string];
