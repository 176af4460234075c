import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import type { BaseContract } from "ethers";
import { deployPoseidon16 } from "./poseidon.ts";

/** What a dispute game works with, in a test. */
interface Peers {
  readonly manager: BaseContract | string;
  /** LAT. */
  readonly lat: BaseContract;
  readonly parameters: BaseContract;
  readonly models: BaseContract;
  readonly registry: BaseContract;
  readonly vault: BaseContract;
}

/**
 * The dispute game with readers of all lanes, before a referee that the test steers; with a router of verifiers, before
 * the real ones. Lanes are listed by their tests.
 */
export async function deployDisputes(ethers: HardhatEthers, peers: Peers, router?: BaseContract) {
  const { manager, lat, parameters, models, registry, vault } = peers;
  const equivocation = await ethers.deployContract("Equivocation", [registry, vault, parameters]);
  const referee = await ethers.deployContract("SteeredReferee");
  const steered = { operatorReferee: referee, traceReferee: referee, proofReferee: referee };
  const disputes = await ethers.deployContract("DisputeGame", [
    manager,
    {
      lat,
      parameters,
      models,
      registry,
      equivocation,
      ...(router === undefined ? steered : await deployReferees(ethers, router)),
    },
  ]);
  const readers = {
    jobs: await ethers.deployContract("JobClaims"),
    batches: await ethers.deployContract("BatchClaims"),
    sessions: await ethers.deployContract("SessionClaims"),
  };
  return { equivocation, referee, disputes, readers };
}

async function deployReferees(ethers: HardhatEthers, router: BaseContract) {
  const { poseidon } = await deployPoseidon16({ ethers });
  return {
    operatorReferee: await ethers.deployContract("OperatorReferee"),
    traceReferee: await ethers.deployContract("TraceReferee"),
    proofReferee: await ethers.deployContract("ProofReferee", [router, poseidon]),
  };
}
