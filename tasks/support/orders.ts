import {
  decodeTensor,
  readTensorFile,
  requireDisputable,
  requireRegistered,
  singleTensors,
} from "@lattice/node";
import {
  AssignmentMode,
  chainTime,
  freshNonce,
  type Lattice,
  NO_EXPIRY,
  ORDER_DEFAULTS,
  type Order,
  parameterIndex,
  poolOf,
  Tier,
} from "@lattice/sdk";
import {
  commitTensor,
  type IntegerTensor,
  type LoadedModel,
  layoutOf,
  loadModel,
  tensorRoot,
} from "@lattice/zkml";
import { hexlify, isHexString, toBeHex, ZeroAddress } from "ethers";
import { artifactStore } from "./artifacts.ts";
import type { TaskContext } from "./context.ts";
import { parseAddress, parseAmount, parseCount } from "./format.ts";
import { required, wrongUse } from "./guard.ts";
import { tokenUnit } from "./tokens.ts";

/** How the command line describes an order. Empty text: not given. */
export interface OrderArguments {
  readonly model: string;
  readonly input: string;
  readonly maxPrice: string;
  readonly mode: string;
  readonly provider: string;
  readonly sponsor: string;
  readonly tier: string;
  readonly challengeSeconds: string;
  readonly token: string;
  readonly collateral: string;
  readonly bidSeconds: string;
  readonly assignSeconds: string;
  readonly commitSeconds: string;
  readonly proveSeconds: string;
  readonly validSeconds: string;
  readonly nonce: string;
  readonly artifacts: string;
}

const MODES = {
  draw: AssignmentMode.Draw,
  direct: AssignmentMode.Direct,
  auction: AssignmentMode.Auction,
} as const;
const DEFAULT_BID_SECONDS = 120;

function modeOf(text: string): AssignmentMode {
  const found = Object.entries(MODES).find(([name]) => name === text);
  if (found) return found[1];
  throw wrongUse(`--mode ${text} is none of ${Object.keys(MODES).join(", ")}`);
}

function assignment({ mode: text, provider, bidSeconds }: OrderArguments) {
  const mode = modeOf(text);
  const isDirect = mode === AssignmentMode.Direct;
  if (isDirect && provider === "") throw wrongUse("--mode direct needs --provider <address>");
  if (!isDirect && provider !== "") {
    throw wrongUse(`--provider goes with --mode direct; ${text} chooses one itself`);
  }
  const isAuction = mode === AssignmentMode.Auction;
  if (!isAuction && bidSeconds !== "") throw wrongUse("--bid-seconds goes with --mode auction");
  return {
    mode,
    provider: isDirect ? parseAddress("provider", provider) : ZeroAddress,
    bidSeconds: isAuction ? parseCount("bid-seconds", bidSeconds || `${DEFAULT_BID_SECONDS}`) : 0,
  };
}

const DEFAULT_PROVE_SECONDS = 600;
const DEFAULT_CHALLENGE_SECONDS = 3_600;

/** The tier, and the window that it has after the commitment. */
function tierOf({ tier, proveSeconds, challengeSeconds }: OrderArguments) {
  const seconds = (option: string, text: string, otherwise: number) =>
    text === "" ? otherwise : parseCount(option, text);
  if (tier === "zk") {
    if (challengeSeconds !== "") {
      throw wrongUse("--challenge-seconds goes with --tier optimistic; a proof needs no window");
    }
    const until = seconds("prove-seconds", proveSeconds, DEFAULT_PROVE_SECONDS);
    return { tier: Tier.Zk, proveSeconds: until, challengeSeconds: 0 };
  }
  if (tier !== "optimistic") throw wrongUse(`--tier ${tier} is none of zk, optimistic`);
  if (proveSeconds !== "") {
    throw wrongUse("--prove-seconds goes with --tier zk; a bonded result has no proof");
  }
  const window = seconds("challenge-seconds", challengeSeconds, DEFAULT_CHALLENGE_SECONDS);
  return { tier: Tier.Optimistic, proveSeconds: 0, challengeSeconds: window };
}

/** The model, from its artifact. */
async function modelOf(
  context: TaskContext,
  { model, artifacts }: OrderArguments,
  tier: Tier,
): Promise<LoadedModel> {
  const { models } = context.connection.lattice;
  if (!isHexString(required("model", model), 32)) {
    throw wrongUse(`--model ${model} is not a 32-byte id`);
  }
  if (BigInt(await models.publisherOf(model)) === 0n) {
    throw wrongUse(`nobody published the model version ${model}; see model:publish`);
  }
  const version = await models.versionOf(model);
  const loaded = await loadModel(
    await artifactStore(context, artifacts).get(version.artifactDigest),
  );
  if (tier === Tier.Optimistic) {
    requireRegistered(model, version, loaded);
    requireDisputable(loaded);
  }
  return loaded;
}

/** What the order commits to of its input: what a proof states, or what the trace begins with. */
async function commitmentTo(input: IntegerTensor, tier: Tier, model: LoadedModel): Promise<string> {
  if (tier === Tier.Zk) return toBeHex(await commitTensor(input), 32);
  const { name } = singleTensors(model).input;
  return hexlify(tensorRoot(input, layoutOf(model.graph, name)));
}

async function collateralOf(
  { connection }: TaskContext,
  { collateral }: OrderArguments,
  tier: Tier,
): Promise<bigint> {
  if (collateral !== "") return parseAmount("collateral", collateral);
  const floor = tier === Tier.Zk ? "ZkCollateralFloor" : "OptimisticCollateralFloor";
  return await connection.lattice.parameters.get(parameterIndex(floor));
}

/** The most to pay; for a named provider, which is paid just this, what it asks of everyone unless the order says more or less. */
async function priceOf(
  { maxPrice, model }: OrderArguments,
  { registry, beacon }: Lattice,
  { mode, provider, paymentToken }: Pick<Order, "mode" | "provider" | "paymentToken">,
  decimals: number,
): Promise<bigint> {
  if (maxPrice !== "" || mode !== AssignmentMode.Direct) {
    return parseAmount("max-price", required("max-price", maxPrice), decimals);
  }
  const pool = poolOf(model, paymentToken);
  const { offered, ask } = await registry.askOf(provider, pool, await beacon.currentEpoch());
  if (offered && ask > 0n) return ask;
  throw wrongUse(`${provider} asks no price for this model and token; offer one with --max-price`);
}

/** Builds the account's order, and stores its input. @throws NodeError USAGE. */
export async function buildOrder(args: OrderArguments, context: TaskContext): Promise<Order> {
  const { connection, account, path } = context;
  const { lattice } = connection;
  const paymentToken = parseAddress(
    "token",
    args.token || lattice.addresses.contracts.LatticeToken,
  );
  const choice = assignment(args);
  const windows = tierOf(args);
  const model = await modelOf(context, args, windows.tier);
  const info = singleTensors(model).input;
  const bytes = await readTensorFile(path(required("input", args.input)), info);
  const { decimals } = await tokenUnit(lattice, paymentToken);
  return {
    ...ORDER_DEFAULTS,
    requester: account,
    sponsor: args.sponsor === "" ? ZeroAddress : parseAddress("sponsor", args.sponsor),
    modelVersion: args.model.toLowerCase(),
    inputCommitment: await commitmentTo(decodeTensor(info, bytes), windows.tier, model),
    inputDigest: await artifactStore(context, args.artifacts).put(bytes),
    paymentToken,
    maxPrice: await priceOf(args, lattice, { ...choice, paymentToken }, decimals),
    collateral: await collateralOf(context, args, windows.tier),
    ...windows,
    ...choice,
    ...(await validity(args, context)),
    assignSeconds: parseCount("assign-seconds", args.assignSeconds),
    commitSeconds: parseCount("commit-seconds", args.commitSeconds),
  };
}

/** Until when an order can be posted, and the nonce that tells it from others that ask for the same. */
async function validity(
  { nonce, validSeconds }: OrderArguments,
  { connection, account }: TaskContext,
): Promise<Pick<Order, "nonce" | "validUntil">> {
  const { lattice } = connection;
  if (nonce !== "" && (!/^\d{1,20}$/.test(nonce) || BigInt(nonce) >= 1n << 64n)) {
    throw wrongUse(`--nonce ${nonce} is not a whole number below 2^64`);
  }
  const seconds = validSeconds === "" ? undefined : parseCount("valid-seconds", validSeconds);
  return {
    nonce: nonce === "" ? await freshNonce(lattice, account) : BigInt(nonce),
    validUntil: seconds === undefined ? NO_EXPIRY : (await chainTime(lattice)) + seconds,
  };
}
