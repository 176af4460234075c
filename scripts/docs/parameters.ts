import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Contract, ContractFactory, formatUnits, Interface } from "ethers";
import { network } from "hardhat";
import { parameterFileOf, readParameterFile } from "../../deploy/parameters.ts";
import {
  formatParameter,
  PARAMETER_MEANINGS,
  parameterUnit,
} from "../../packages/sdk/src/parameter-info.ts";
import {
  PARAMETERS,
  type ParameterName,
  parameterIndex,
} from "../../packages/sdk/src/parameters.ts";
import { compile, ROOT } from "../solc/compile.ts";
import { table } from "./blocks.ts";

const SOURCE = "contracts/governance/ProtocolParameters.sol";

/** Networks with a parameter file, the local one first. */
export function networks(): string[] {
  const names = readdirSync(join(ROOT, "deploy/parameters")).map((file) => basename(file, ".json"));
  return names.sort((a, b) => Number(b === "local") - Number(a === "local") || (a < b ? -1 : 1));
}

const fileOf = (name: string) => parameterFileOf(name, false);

/**
 * Every parameter with its bounds, as the contract answers, and its value on each network. The contract is deployed
 * with each network's values, so that what this prints is what it accepts.
 */
export async function renderParameters(): Promise<string> {
  const names = networks();
  const chain = await network.create("default");
  const [deployer] = await chain.ethers.getSigners();
  if (!deployer) throw new Error("The in-memory chain has no accounts.");
  const factory = compiledFactory().connect(deployer);
  const contracts: Contract[] = [];
  for (const name of names) {
    const { parameters } = await readParameterFile(fileOf(name));
    const values = PARAMETERS.map((each) => BigInt(parameters[each]));
    const deployed = await factory.deploy(deployer.address, values);
    contracts.push(new Contract(await deployed.getAddress(), factory.interface, deployer));
  }
  const rows = await Promise.all(PARAMETERS.map((name) => row(name, contracts)));
  await chain.close();
  return table(["Parameter", "Meaning", "Unit on-chain", "Bounds", ...names], rows);
}

async function row(name: ParameterName, contracts: readonly Contract[]): Promise<string[]> {
  const index = parameterIndex(name);
  const bounds = (await contracts[0]?.getFunction("bounds")(index)) as { min: bigint; max: bigint };
  const values = contracts.map((each) => each.getFunction("get")(index) as Promise<bigint>);
  return [
    `\`${name}\``,
    // The unit has a column of its own.
    PARAMETER_MEANINGS[name].replace(/, (millionths|LAT wei|seconds)$/, ""),
    parameterUnit(name),
    `${formatParameter(name, bounds.min)} to ${formatParameter(name, bounds.max)}`,
    ...(await Promise.all(values)).map((value) => formatParameter(name, value)),
  ];
}

/** What else a deployment is given, by network. */
export async function renderDeployments(): Promise<string> {
  const names = networks();
  const files = await Promise.all(names.map((name) => readParameterFile(fileOf(name))));
  const keys = Object.keys(files[0] ?? {}).filter((key) => !(key in DETAILED));
  return table(
    ["Setting", ...names],
    keys.map((key) => [
      `\`${key}\``,
      ...files.map((file) => shown(key, (file as Record<string, unknown>)[key])),
    ]),
  );
}

/** Settings that have tables of their own. */
const DETAILED = { parameters: true };

function shown(key: string, value: unknown): string {
  if (key === "tokenSupply" || key === "proposalThreshold") {
    return `${formatUnits(BigInt(String(value))).replace(/\.0$/, "")} LAT`;
  }
  if (key.endsWith("Seconds")) return `${String(value)} s`;
  if (key.endsWith("Percent")) return `${String(value)} %`;
  return plain(value);
}

/** Lists and records of a file as text; zeros ask for nothing and are left out. */
function plain(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(plain).join("; ");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .filter(([, each]) => String(each) !== "0")
    .map(([key, each]) => `${key} ${plain(each)}`)
    .join(", ");
}

/** Compiled here and not read from the artifacts, which may be older than the source. */
function compiledFactory(): ContractFactory {
  const output = compile(
    { [SOURCE]: readFileSync(join(ROOT, SOURCE), "utf8") },
    {
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { [SOURCE]: { ProtocolParameters: ["abi", "evm.bytecode.object"] } },
    },
  );
  const contract = output.contracts?.[SOURCE]?.ProtocolParameters;
  if (!contract?.evm) throw new Error(`${SOURCE} has no ProtocolParameters.`);
  const abi = new Interface(JSON.stringify(contract.abi));
  return new ContractFactory(abi, contract.evm.bytecode.object);
}
