import { attestation } from "@lattice/sdk";
import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import { ZeroAddress } from "ethers";
import { easArtifact } from "../../deploy/eas.ts";

/** The real Ethereum Attestation Service, the schema of capabilities registered. */
export async function deployEas(ethers: HardhatEthers) {
  const deploy = async (name: "EAS" | "SchemaRegistry", constructorArguments: unknown[]) => {
    const { abi, bytecode } = await easArtifact(name);
    const factory = await ethers.getContractFactory([...abi], bytecode);
    const deployed = await factory.deploy(...constructorArguments);
    return ethers.getContractAt([...abi], await deployed.getAddress());
  };
  const schemas = await deploy("SchemaRegistry", []);
  const eas = await deploy("EAS", [schemas]);
  await schemas.getFunction("register").send(attestation.SCHEMA, ZeroAddress, true);
  return { eas, schemas };
}

/** The Ethereum Attestation Service of a deployment. */
export async function easAt(
  ethers: HardhatEthers,
  external: { readonly EAS: string; readonly SchemaRegistry: string },
) {
  const at = async (name: "EAS" | "SchemaRegistry") => {
    const { abi } = await easArtifact(name);
    return ethers.getContractAt([...abi], external[name]);
  };
  return { eas: await at("EAS"), schemas: await at("SchemaRegistry") };
}
