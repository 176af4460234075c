import { decodeTensor, singleTensors, type TensorInfo } from "@lattice/node";
import { AssignmentMode, hashOrder, ORDER_DEFAULTS, type Order, Tier } from "@lattice/sdk";
import { commitTensor, loadModel } from "@lattice/zkml";
import { getAddress, isAddress, isHexString, parseUnits, toBeHex, ZeroAddress } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { artifactStore } from "../support/artifacts.ts";
import { openContext, type TaskContext } from "../support/context.ts";
import { guarded, required, wrongUse } from "../support/guard.ts";
import { print } from "../support/output.ts";
import { ensureFunding } from "../support/payment.ts";
import { readTensorFile } from "../support/tensor-file.ts";

interface PostArguments {
  model: string;
  input: string;
  maxPrice: string;
  mode: string;
  provider: string;
  token: string;
  collateral: string;
  assignSeconds: string;
  commitSeconds: string;
  proveSeconds: string;
  addresses: string;
  from: string;
  artifacts: string;
  json: boolean;
}

// Index of ZkCollateralFloor among the contracts' parameters.
const ZK_COLLATERAL_FLOOR = 7;

function units(name: string, value: string, decimals: number | bigint): bigint {
  try {
    const amount = parseUnits(value, decimals);
    if (amount > 0n) return amount;
  } catch {
    // Falls through: the message below says what is expected.
  }
  throw wrongUse(`--${name} ${value} is not an amount above zero, such as 0.5`);
}

function seconds(name: string, value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw wrongUse(`--${name} ${value} is not a number of seconds`);
}

function assignment({ mode, provider }: PostArguments) {
  if (mode === "draw") {
    if (provider !== "")
      throw wrongUse("--provider goes with --mode direct; a draw chooses itself");
    return { mode: AssignmentMode.Draw, provider: ZeroAddress };
  }
  if (mode !== "direct") throw wrongUse(`--mode ${mode} is neither draw nor direct`);
  if (!isAddress(provider)) throw wrongUse("--mode direct needs --provider <address>");
  return { mode: AssignmentMode.Direct, provider: getAddress(provider) };
}

/** Type and shape of the model's input, from its artifact. */
async function inputOf(
  context: TaskContext,
  { model, artifacts }: PostArguments,
): Promise<TensorInfo> {
  const { models } = context.connection.lattice;
  if (!isHexString(model, 32)) throw wrongUse(`--model ${model} is not a 32-byte id`);
  if (BigInt(await models.publisherOf(model)) === 0n) {
    throw wrongUse(`nobody published the model version ${model}; see model:publish`);
  }
  const { artifactDigest } = await models.versionOf(model);
  const bytes = await artifactStore(context, artifacts).get(artifactDigest);
  return singleTensors(await loadModel(bytes)).input;
}

async function collateralOf(
  { connection }: TaskContext,
  { collateral }: PostArguments,
): Promise<bigint> {
  if (collateral !== "") return units("collateral", collateral, 18);
  return await connection.lattice.parameters.get(ZK_COLLATERAL_FLOOR);
}

async function buildOrder(args: PostArguments, context: TaskContext): Promise<Order> {
  const { connection, account, path } = context;
  const { lattice } = connection;
  const paymentToken = args.token || lattice.addresses.contracts.LatticeToken;
  if (!isAddress(paymentToken)) throw wrongUse(`--token ${paymentToken} is not an address`);
  const token = lattice.token.attach(paymentToken) as typeof lattice.token;
  const choice = assignment(args);
  const info = await inputOf(context, { ...args, model: required("model", args.model) });
  const bytes = await readTensorFile(path(required("input", args.input)), info);
  return {
    ...ORDER_DEFAULTS,
    requester: account,
    modelVersion: args.model.toLowerCase(),
    inputCommitment: toBeHex(await commitTensor(decodeTensor(info, bytes)), 32),
    inputDigest: await artifactStore(context, args.artifacts).put(bytes),
    paymentToken: getAddress(paymentToken),
    maxPrice: units("max-price", required("max-price", args.maxPrice), await token.decimals()),
    collateral: await collateralOf(context, args),
    tier: Tier.Zk,
    ...choice,
    assignSeconds: seconds("assign-seconds", args.assignSeconds),
    commitSeconds: seconds("commit-seconds", args.commitSeconds),
    proveSeconds: seconds("prove-seconds", args.proveSeconds),
  };
}

async function postJob(args: PostArguments, context: TaskContext): Promise<void> {
  const { connection, signer } = context;
  const { lattice } = connection;
  const order = await buildOrder(args, context);
  const funding = await ensureFunding(lattice, order.paymentToken, signer, order.maxPrice);
  const receipt = await (await lattice.market.post(order)).wait();
  const posted = receipt?.logs
    .map((log) => lattice.market.interface.parseLog(log))
    .find((log) => log?.name === "JobPosted");
  if (!receipt || !posted) throw new Error("the transaction that posts the order was not mined");
  const jobId: bigint = posted.args.jobId;
  const { drawEpoch, deadline } = await lattice.market.jobOf(jobId);
  const { hash: transaction, gasUsed } = receipt;
  const record = { jobId, orderHash: hashOrder(order), order, funding, drawEpoch, deadline };
  print(args.json, { ...record, transaction, gasUsed }, [
    ["job", `${jobId}`],
    ["model", order.modelVersion],
    ["input", order.inputDigest],
    ["most to pay", `${order.maxPrice} of ${order.paymentToken}`],
    ["deposited", `${funding.deposited} (${funding.by})`],
    ["goes to", args.mode === "draw" ? `the draw of epoch ${drawEpoch}` : order.provider],
    ["refundable", new Date(Number(deadline) * 1000).toISOString()],
    ["transaction", `${transaction} (gas ${gasUsed})`],
  ]);
}

/** Runs `npx hardhat job:post`. */
export default guarded("job:post", async (args: PostArguments, hre: HardhatRuntimeEnvironment) => {
  const context = await openContext(hre, args);
  try {
    await postJob(args, context);
  } finally {
    await context.close();
  }
});
