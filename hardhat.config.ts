import "dotenv/config";
import { fileURLToPath } from "node:url";
import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { configVariable, defineConfig } from "hardhat/config";
import { deployTask } from "./deploy/task.ts";
import { tasks } from "./tasks/index.ts";

// Pinned compiler from the npm package: nothing is downloaded at build. The path must be absolute.
const soljson = fileURLToPath(new URL("scripts/solc/soljson.js", import.meta.url));

// For development: the older code generator compiles five times faster. Its bytecode is larger and costs more gas, so
// nothing that is measured, committed or deployed comes from it.
const fastBuild = process.env.LATTICE_FAST_BUILD === "1";

// For `npm run test:deep`: many more random inputs than every change is tested with.
const deep = process.env.LATTICE_DEEP === "1";

// Resolved only when the network is used: from the environment, .env, or `npx hardhat keystore set <NAME>`.
const testnet = (rpcUrl: string) => ({
  type: "http" as const,
  chainType: "generic" as const,
  url: configVariable(rpcUrl),
  accounts: [configVariable("DEPLOYER_KEY")],
});

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers],
  tasks: [deployTask, ...tasks],
  solidity: {
    // Who builds contracts alone does not wait for their tests.
    splitTestsCompilation: true,
    version: "0.8.28",
    path: soljson,
    settings: {
      evmVersion: "cancun",
      viaIR: !fastBuild,
      optimizer: { enabled: true, runs: 200 },
      // Without the hash, the bytes of a contract do not depend on what else was compiled along with it.
      metadata: { bytecodeHash: "none" },
    },
    npmFilesToBuild: [
      "@openzeppelin/contracts/access/manager/AccessManager.sol",
      "@openzeppelin/contracts/governance/TimelockController.sol",
      "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol",
    ],
  },
  paths: { tests: { mocha: "test", solidity: "test" }, ignition: "deploy" },
  // Set by the check that compares what the build writes with what is committed.
  typechain: { outDir: process.env.LATTICE_TYPECHAIN_DIR ?? "typechain-types" },
  networks: {
    default: {
      type: "edr-simulated",
      chainType: "l1",
      chainId: 31337,
      allowBlocksWithSameTimestamp: true,
      allowUnlimitedContractSize: fastBuild,
      // The vault's gas check makes calls that slash cost a little more or less from one second to the next.
      gasMultiplier: 1.25,
    },
    node: {
      type: "edr-simulated",
      chainType: "l1",
      chainId: 31337,
      allowBlocksWithSameTimestamp: true,
      allowUnlimitedContractSize: fastBuild,
    },
    localhost: {
      type: "http",
      chainType: "l1",
      url: process.env.LATTICE_LOCALHOST_URL ?? "http://127.0.0.1:8545",
      gasMultiplier: 1.25,
    },
    sepolia: testnet("SEPOLIA_RPC_URL"),
    baseSepolia: testnet("BASE_SEPOLIA_RPC_URL"),
    arbitrumSepolia: testnet("ARBITRUM_SEPOLIA_RPC_URL"),
  },
  test: {
    mocha: { timeout: 120_000 },
    solidity: {
      fuzz: { runs: deep ? 10_000 : 256, seed: "0x4c617474696365" },
      invariant: { runs: deep ? 10_000 : 256, depth: deep ? 32 : 64, failOnRevert: false },
    },
  },
});
