import { PARAMETERS } from "@lattice/sdk";
import { type BaseContract, FunctionFragment, type ParamType, toBeHex, ZeroHash } from "ethers";
import { GPU_CLASS } from "../../helpers/attestations.ts";
import type { World } from "./world.ts";

/** Arguments that are combined to read a view: each list is one parameter's values. */
type Values = readonly unknown[];

/** Views whose answer is the clock's, not the state's. */
const CLOCKS: ReadonlySet<string> = new Set(["currentRank", "nextDrawEpoch"]);
/** Views that answer only on an implementation. */
const UPGRADE_MECHANICS: ReadonlySet<string> = new Set(["proxiableUUID"]);

/** Values for a parameter, by its name. A view with another parameter has to be given some here. */
async function valuesByName(world: World): Promise<Readonly<Record<string, Values>>> {
  const { actors, modelVersion, selector, market, beacon, token, verifier, registry } = world;
  const { settlement, vouchers } = world;
  const { ada, ben, cal, stranger, requester, publisher, adaPayout, reporter, dana, emil } = actors;
  const providers = [ada, ben, cal, stranger].map(({ address }) => address);
  const posted = await market.queryFilter(market.filters.JobPosted());
  const jobs = [0n, ...posted.map(({ args }) => args.jobId)];
  const claims = await settlement.queryFilter(settlement.filters.BatchClaimed());
  const numbers = Array.from({ length: Number(await vouchers.sessionCount()) }, (_, i) => i + 1);
  const latest = await beacon.currentEpoch();
  // When the latest epoch began: the same moment at each reading.
  const now = (await beacon.epochInfo(latest)).startedAt;
  return {
    jobId: jobs,
    provider: providers,
    account: [...providers, requester.address, publisher.address],
    owner: [requester.address, adaPayout.address, reporter.address, await market.getAddress()],
    service: [await registry.getAddress()],
    delegator: [dana.address, emil.address],
    shares: [10n ** 20n],
    generation: [0n],
    timestamp: [now, now - 60n],
    free: [10n ** 22n],
    price: [10n ** 18n],
    maxPrice: [3n * 10n ** 18n],
    word: [0n, 9n],
    collateral: [10n ** 20n],
    sponsor: [publisher.address],
    requester: [requester.address],
    module: [await market.getAddress(), await beacon.getAddress()],
    market: await Promise.all(Object.values(world.lanes).map((lane) => lane.getAddress())),
    token: [await token.getAddress(), stranger.address],
    modelVersion: [modelVersion, ZeroHash],
    versionId: [modelVersion, ZeroHash],
    pool: [await registry.poolOf(modelVersion, token), ZeroHash],
    epoch: [latest, latest - 1n, latest + 1n],
    rank: [0n, 1n],
    randomness: [12_345n],
    seed: [ZeroHash],
    attempt: [0n],
    pick: [0n],
    orderHash: [toBeHex(jobs[1] ?? 0n, 32)],
    offset: [0n],
    limit: [10n],
    selector: [selector, "0x00000000"],
    verifier: [await verifier.getAddress()],
    parameter: PARAMETERS.map((_, index) => BigInt(index)),
    tier: [0n, 1n, 2n],
    classId: [0n, 1n, BigInt(GPU_CLASS)],
    attestor: [actors.attestor.address, actors.deployer.address, stranger.address],
    batchId: [...claims.map(({ args }) => args.batchId), ZeroHash],
    number: numbers,
    sessionId: await Promise.all(numbers.map((number) => vouchers.sessionIdOf(requester, number))),
    redeemer: [stranger.address, ada.address],
    amount: [0n, 10n ** 18n + 1n],
    redeemed: [10n ** 18n],
    outputCommitment: [ZeroHash],
    salt: [ZeroHash],
  };
}

/** Structs are read by the functions that take them elsewhere: the ids they hash to are enough here. */
const takesStruct = ({ baseType }: ParamType) => baseType === "tuple" || baseType === "array";

function combinations(lists: readonly Values[]): unknown[][] {
  return lists.reduce<unknown[][]>(
    (rows, values) => rows.flatMap((row) => values.map((value) => [...row, value])),
    [[]],
  );
}

/** Answers, or the error, of every view of `contract` over every combination of the values that its parameters take. */
async function readContract(contract: BaseContract, name: string, values: Record<string, Values>) {
  const views = contract.interface.fragments.filter(
    (fragment): fragment is FunctionFragment =>
      FunctionFragment.isFragment(fragment) &&
      fragment.stateMutability === "view" &&
      !CLOCKS.has(fragment.name) &&
      !UPGRADE_MECHANICS.has(fragment.name) &&
      !fragment.inputs.some(takesStruct),
  );
  const answers: Record<string, string> = {};
  for (const view of views) {
    const lists = view.inputs.map(({ name: parameter }) => {
      const list = values[parameter];
      if (!list)
        throw new Error(`views.ts knows no values for ${parameter} of ${name}.${view.name}`);
      return list;
    });
    for (const row of combinations(lists)) {
      answers[`${name}.${view.name}(${row.join(", ")})`] = await answer(contract, view, row);
    }
  }
  return answers;
}

async function answer(contract: BaseContract, view: FunctionFragment, row: unknown[]) {
  try {
    return String(await contract.getFunction(view.format())(...row));
  } catch (error) {
    // Hardhat's error carries what the call returned.
    const { data } = error as { data?: unknown };
    if (typeof data === "string") return `reverts with ${data}`;
    throw error;
  }
}

/** Everything that the protocol's contracts say about their state, by call. */
export async function readViews(world: World): Promise<Record<string, string>> {
  const values = await valuesByName(world);
  const beacon = await world.chain.ethers.getContractAt("EpochBeacon", world.beacon);
  const { registry, router, models, gate, matchmaker, vault, escrow, parameters, lanes } = world;
  const contracts = {
    ...{ registry, router, models, beacon, gate, matchmaker, vault, escrow, parameters },
    ...lanes,
  };
  const read = await Promise.all(
    Object.entries(contracts).map(([name, contract]) => readContract(contract, name, values)),
  );
  return Object.assign({}, ...read) as Record<string, string>;
}
