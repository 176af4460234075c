import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { attestation } from "@lattice/sdk";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import hre, { network } from "hardhat";
import { deployLattice } from "../../deploy/deployment.ts";
import { easArtifact, ensureSchema, requireEas } from "../../deploy/eas.ts";
import { parameterFileOf, readParameterFile } from "../../deploy/parameters.ts";
import { AttestationGate__factory } from "../../typechain-types/factories/contracts/registry/AttestationGate__factory.ts";
import { ProviderRegistry__factory } from "../../typechain-types/factories/contracts/registry/ProviderRegistry__factory.ts";

/** The service as a public chain has it: there before us, without our schema. */
async function serviceOfOthers() {
  const connection = await network.create();
  const { ethers } = connection;
  const [deployer, stranger] = await ethers.getSigners();
  if (!deployer || !stranger) throw new Error("the in-memory chain has no accounts");
  const put = async (name: "EAS" | "SchemaRegistry", args: unknown[]) => {
    const { abi, bytecode } = await easArtifact(name);
    return (await ethers.getContractFactory([...abi], bytecode, stranger)).deploy(...args);
  };
  const schemas = await put("SchemaRegistry", []);
  const eas = await put("EAS", [schemas]);
  const at = { eas: await eas.getAddress(), schemaRegistry: await schemas.getAddress() };
  return { connection, ethers, deployer, stranger, schemas, at };
}

describe("Ethereum Attestation Service", () => {
  for (const [name, folder] of [
    ["sepolia", "sepolia"],
    ["baseSepolia", "base-sepolia"],
    ["arbitrumSepolia", "arbitrum-sepolia"],
  ] as const) {
    it(`on ${name} is where its package says`, async () => {
      const { eas } = await readParameterFile(parameterFileOf(name, false));
      const published = async (contract: string): Promise<string> => {
        const path = `@ethereum-attestation-service/eas-contracts/deployments/${folder}/${contract}.json`;
        return JSON.parse(await readFile(fileURLToPath(import.meta.resolve(path)), "utf8")).address;
      };
      expect(eas).to.deep.equal({
        eas: await published("EAS"),
        schemaRegistry: await published("SchemaRegistry"),
      });
    });
  }

  it("is refused where a parameter file is wrong about it", async () => {
    const { deployer, stranger, at } = await serviceOfOthers();
    await requireEas(at, deployer);
    const failure = (addresses: typeof at) =>
      requireEas(addresses, deployer).then(
        () => "",
        (error: Error) => error.message,
      );
    expect(await failure({ ...at, eas: stranger.address })).to.include(
      `eas.eas (${stranger.address}) is not the Ethereum Attestation Service`,
    );
    expect(await failure({ ...at, schemaRegistry: stranger.address })).to.include(
      `eas.schemaRegistry is ${stranger.address}, but EAS at ${at.eas} uses ${at.schemaRegistry}`,
    );
  });

  it("gets our schema once, whoever registers it", async () => {
    const { ethers, deployer, stranger, schemas, at } = await serviceOfOthers();
    const known = () => schemas.getFunction("getSchema").staticCall(attestation.SCHEMA_UID);
    expect((await known()).uid).not.to.equal(attestation.SCHEMA_UID);
    await ensureSchema(at.schemaRegistry, stranger);
    expect(await known()).to.deep.equal([
      attestation.SCHEMA_UID,
      ZeroAddress,
      true,
      attestation.SCHEMA,
    ]);
    const block = await ethers.provider.getBlockNumber();
    await ensureSchema(at.schemaRegistry, deployer);
    expect(await ethers.provider.getBlockNumber()).to.equal(block);
  });

  describe("a deployment", () => {
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "lattice-eas-"));
    });
    after(() => rm(folder, { recursive: true }));

    it("uses the service that the parameter file names, attestors and classes of the file", async () => {
      const { connection, deployer, stranger, at } = await serviceOfOthers();
      const file = JSON.parse(await readFile(parameterFileOf("local", true), "utf8"));
      const parametersFile = join(folder, "parameters.json");
      const attestors = [stranger.address, "deployer"];
      await writeFile(parametersFile, JSON.stringify({ ...file, eas: at, attestors }));
      const { addressBook } = await deployLattice(hre, connection, {
        parametersFile,
        verifiers: "none",
      });
      const { contracts, external } = addressBook;
      expect(external).to.deep.equal({ EAS: at.eas, SchemaRegistry: at.schemaRegistry });
      const gate = AttestationGate__factory.connect(contracts.AttestationGate, deployer);
      expect([await gate.EAS(), await gate.REGISTRY()]).to.deep.equal([
        at.eas,
        contracts.ProviderRegistry,
      ]);
      expect(await gate.isTrusted(stranger)).to.equal(true);
      expect(await gate.isTrusted(deployer)).to.equal(true);
      const [wanted] = file.attestedClasses;
      const { accelerator, memoryMiB, maxTensorBytes } = await gate.classOf(1);
      expect([accelerator, memoryMiB, maxTensorBytes]).to.deep.equal([
        BigInt(wanted.accelerator),
        BigInt(wanted.memoryMiB),
        BigInt(wanted.maxTensorBytes),
      ]);
    });

    it("GOV-3: gives the right to jail to the gate and the timelock, and takes it from the deployer", async () => {
      const { connection, deployer } = await serviceOfOthers();
      const { addressBook } = await deployLattice(hre, connection, { verifiers: "none" });
      const { AccessManager, AttestationGate, ProviderRegistry, TimelockController } =
        addressBook.contracts;
      const manager = await connection.ethers.getContractAt("AccessManager", AccessManager);
      const { selector } = ProviderRegistry__factory.createInterface().getFunction("setJailed");
      const mayJail = async (account: string) =>
        (await manager.canCall(account, ProviderRegistry, selector))[0];
      expect(await mayJail(AttestationGate)).to.equal(true);
      expect(await mayJail(TimelockController)).to.equal(true);
      expect(await mayJail(deployer.address)).to.equal(false);
    });
  });
});
