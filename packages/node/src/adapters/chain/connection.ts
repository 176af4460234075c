import { type AddressBook, connectLattice, type Lattice } from "@lattice/sdk";
import { type ContractRunner, FetchRequest, JsonRpcProvider, Network, type Provider } from "ethers";
import { NodeError } from "../../shared/errors.ts";
import { withTimeout } from "../../shared/time.ts";
import { chainFailure, unreachable } from "./failures.ts";

const REQUEST_TIMEOUT_MS = 20_000;

/** One deployment, seen through one node of its chain. */
export interface ChainConnection<P extends Provider = Provider> {
  readonly provider: P;
  readonly lattice: Lattice;
  /** Hash of block 0: tells a chain from another one of the same id. */
  readonly genesis: string;
  /** Runs a read and turns its failure into a `NodeError`. */
  read<T>(what: string, action: () => Promise<T>): Promise<T>;
  close(): void;
}

/**
 * Connects to a node by URL and checks that it serves the address book's chain and contracts.
 * @throws NodeError RPC_UNREACHABLE, CHAIN_MISMATCH or CONTRACTS_MISSING.
 */
export async function connectChain(
  url: string,
  addresses: AddressBook,
): Promise<ChainConnection<JsonRpcProvider>> {
  const request = new FetchRequest(url);
  request.timeout = REQUEST_TIMEOUT_MS;
  const provider = new JsonRpcProvider(request, Network.from(addresses.chainId), {
    staticNetwork: true,
    // No cache: a step is decided by what the chain says now.
    cacheTimeout: -1,
    batchStallTime: 0,
  });
  try {
    const chainId = async () => {
      try {
        const answer = provider.send("eth_chainId", []);
        return Number(await withTimeout(answer, REQUEST_TIMEOUT_MS, "eth_chainId"));
      } catch (error) {
        throw unreachable(url, error);
      }
    };
    const attached = await attachChain(provider, addresses, { chainId: await chainId(), url });
    return { ...attached, provider, close: () => provider.destroy() };
  } catch (error) {
    provider.destroy();
    throw error;
  }
}

/**
 * Takes over a provider that is connected already, and checks the same.
 * @param runner Sends what is called through `lattice`; default: the provider, which only reads.
 * @throws NodeError CHAIN_MISMATCH or CONTRACTS_MISSING.
 */
export async function attachChain(
  provider: Provider,
  addresses: AddressBook,
  { chainId, url, runner }: { chainId: number; url: string; runner?: ContractRunner },
): Promise<ChainConnection> {
  const read: ChainConnection["read"] = async (what, action) => {
    try {
      return await action();
    } catch (error) {
      throw chainFailure(error, what, url);
    }
  };
  await read("checking the contracts", () => requireChain(chainId, provider, addresses));
  const genesis = await read("reading block 0", () => provider.getBlock(0));
  const lattice = connectLattice({ addresses, runner: runner ?? provider });
  return { provider, lattice, genesis: genesis?.hash ?? "", read, close: () => undefined };
}

async function requireChain(
  actual: number,
  provider: Provider,
  { chainId, network, contracts }: AddressBook,
): Promise<void> {
  if (actual !== chainId) {
    throw new NodeError(
      "CHAIN_MISMATCH",
      `the node is on chain ${actual}, but the address book is for chain ${chainId} (${network}); use the other node or the other address book`,
      { actual, expected: chainId },
    );
  }
  for (const [name, address] of Object.entries(contracts)) {
    if ((await provider.getCode(address)) !== "0x") continue;
    throw new NodeError(
      "CONTRACTS_MISSING",
      `chain ${chainId} has no contract at ${address} (${name}); a restarted local chain must be deployed to again: npx hardhat deploy --network ${network}`,
      { name, address, chainId },
    );
  }
}
