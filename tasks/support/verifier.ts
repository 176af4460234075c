import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import type { ChainConnection } from "@lattice/node";
import { selectorOfMembers } from "@lattice/sdk";
import { exportVerifier, type KeyedModelCircuit, type LoadedModel } from "@lattice/zkml";
import { ContractFactory, getAddress, isAddress, type Signer } from "ethers";
import { z } from "zod";
import { deployedSet } from "../../deploy/verifiers.ts";
import { LOCAL_CHAIN_IDS } from "./context.ts";
import { wrongUse } from "./guard.ts";

/** Gas that the router passes on: about twice what four pairings and three inputs need. */
const VERIFIER_GAS_CAP = 500_000;
/** By key status: the name says what the key is for. */
const CONTRACTS = { development: "ModelDevVerifier", ceremony: "ModelVerifier" } as const;
/** Long enough for one turn of the event loop that waits for the network. */
const NOTICE_MS = 10;

const compiledSchema = z.object({
  abi: z.array(z.any()),
  evm: z.object({ bytecode: z.object({ object: z.string().min(2) }) }),
});

/** Where a verifier came from, and under which selector the router has it. */
export interface RegisteredVerifier {
  readonly address: string;
  readonly selector: string;
  readonly origin: "given" | "deployed with the protocol" | "compiled and deployed now";
}

/** Compiles and deploys the verifier of a model's key; that of a development key on local chains alone. */
async function deployVerifier(
  { lattice }: ChainConnection,
  { keyStatus, verificationKey }: KeyedModelCircuit,
  signer: Signer,
): Promise<string> {
  const { chainId } = lattice.addresses;
  if (keyStatus === "development" && !LOCAL_CHAIN_IDS.has(chainId)) {
    throw wrongUse(
      `the key built for this model is for development: anyone can forge its proofs, so its verifier is refused on chain ${chainId}; hold a key ceremony (zk:setup), and install its key (zk:export --install) or give --verifier <address>`,
    );
  }
  const contractName = CONTRACTS[keyStatus];
  const source = await exportVerifier(verificationKey, contractName, keyStatus);
  // Loaded here: the compiler takes a second and 10 MB.
  const solc = createRequire(import.meta.url)("solc") as { compile(input: string): string };
  const input = {
    language: "Solidity",
    sources: { "Verifier.sol": { content: source } },
    settings: {
      evmVersion: "cancun",
      optimizer: { enabled: true, runs: 1000 },
      outputSelection: { "*": { [contractName]: ["abi", "evm.bytecode.object"] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  // The compiler blocks for seconds, in which the node may have closed an idle connection: whoever sends at once, before
  // the close is noticed, sends into it and fails.
  await sleep(NOTICE_MS);
  const { abi, evm } = compiledSchema.parse(output.contracts?.["Verifier.sol"]?.[contractName]);
  const contract = await new ContractFactory(abi, evm.bytecode.object, signer).deploy();
  await contract.waitForDeployment();
  return await contract.getAddress();
}

/**
 * Finds or makes the verifier of a model, and registers it with the router when it is new there.
 * @param wanted An address, or "auto".
 */
export async function ensureVerifier(
  wanted: string,
  connection: ChainConnection,
  model: LoadedModel,
  buildCircuit: () => Promise<KeyedModelCircuit>,
  signer: Signer,
): Promise<RegisteredVerifier> {
  const { router } = connection.lattice;
  if (wanted !== "auto" && !isAddress(wanted)) {
    throw wrongUse(`--verifier ${wanted} is neither an address nor auto`);
  }
  if (wanted === "auto") {
    const members = await deployedSet(model.digest, connection.lattice.addresses.verifiers);
    const selector = members && (await selectorOfMembers(router, members));
    if (selector && (await router.isUsable(selector))) {
      return { address: members.verifier, selector, origin: "deployed with the protocol" };
    }
  }
  const given = wanted === "auto" ? undefined : getAddress(wanted);
  const address = given ?? (await deployVerifier(connection, await buildCircuit(), signer));
  const selector = await router.selectorOf(address);
  if (!(await router.isUsable(selector))) {
    const sent = await router.register(address, VERIFIER_GAS_CAP);
    await sent.wait();
  }
  return { address, selector, origin: given ? "given" : "compiled and deployed now" };
}
