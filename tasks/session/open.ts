import { parameterIndex, type SessionTerms } from "@lattice/sdk";
import { isHexString, ZeroAddress } from "ethers";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { amountText, iso, parseAddress, parseAmount, parseCount } from "../support/format.ts";
import { required, wrongUse } from "../support/guard.ts";
import { print } from "../support/output.ts";
import { ensureFunding } from "../support/payment.ts";
import { tokenUnit } from "../support/tokens.ts";

interface OpenArguments {
  model: string;
  provider: string;
  deposit: string;
  token: string;
  collateral: string;
  challengeSeconds: string;
  maxUnsigned: string;
  expiresIn: string;
  addresses: string;
  from: string;
  json: boolean;
}

async function termsOf(args: OpenArguments, context: TaskContext): Promise<SessionTerms> {
  const { lattice, provider } = context.connection;
  const model = required("model", args.model);
  if (!isHexString(model, 32)) throw wrongUse(`--model ${model} is not a 32-byte id`);
  const paymentToken = parseAddress(
    "token",
    args.token || lattice.addresses.contracts.LatticeToken,
  );
  const { decimals } = await tokenUnit(lattice, paymentToken);
  const floor = () => lattice.parameters.get(parameterIndex("OptimisticCollateralFloor"));
  const latest = await provider.getBlock("latest");
  if (!latest) throw new Error("the node has no block");
  return {
    requester: context.account,
    sponsor: ZeroAddress,
    provider: parseAddress("provider", required("provider", args.provider)),
    modelVersion: model.toLowerCase(),
    paymentToken,
    deposit: parseAmount("deposit", required("deposit", args.deposit), decimals),
    collateral: args.collateral === "" ? await floor() : parseAmount("collateral", args.collateral),
    challengeSeconds: parseCount("challenge-seconds", args.challengeSeconds),
    maxUnsigned: parseAmount("max-unsigned", args.maxUnsigned, decimals),
    expiresAt: latest.timestamp + parseCount("expires-in", args.expiresIn),
  };
}

async function open(args: OpenArguments, context: TaskContext): Promise<void> {
  const { connection, signer } = context;
  const { lattice } = connection;
  const { vouchers, addresses } = lattice;
  const terms = await termsOf(args, context);
  const { symbol, decimals } = await tokenUnit(lattice, terms.paymentToken);
  const funding = await ensureFunding(
    lattice,
    terms.paymentToken,
    signer,
    terms.deposit,
    addresses.contracts.VoucherSettlement,
  );
  const receipt = await (await vouchers.open(terms)).wait();
  const opened = receipt?.logs
    .map((log) => vouchers.interface.parseLog(log))
    .find((log) => log?.name === "SessionOpened");
  if (!receipt || !opened) throw new Error("the transaction that opens the session was not mined");
  const session: string = opened.args.session;
  const { royaltyPpm, protocolFeePpm } = opened.args;
  const { hash: transaction, gasUsed } = receipt;
  print(args.json, { session, terms, funding, royaltyPpm, protocolFeePpm, transaction, gasUsed }, [
    ["session", session],
    ["provider", terms.provider],
    ["model", terms.modelVersion],
    ["deposit", amountText(terms.deposit, symbol, decimals)],
    ["deposited", `${amountText(funding.deposited, symbol, decimals)} (${funding.by})`],
    ["without voucher", `at most ${amountText(terms.maxUnsigned, symbol, decimals)}`],
    ["collateral", amountText(terms.collateral)],
    ["royalty and fee", `${royaltyPpm} and ${protocolFeePpm} millionths of what is redeemed`],
    ["expires", iso(terms.expiresAt)],
    ["transaction", `${transaction} (gas ${gasUsed})`],
  ]);
}

/** Runs `npx hardhat session:open`. */
export default contextTask("session:open", open);
