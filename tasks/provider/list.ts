import { toJson } from "@lattice/node";
import { isHexString, ZeroHash } from "ethers";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { amountText, parseCount } from "../support/format.ts";
import { wrongUse } from "../support/guard.ts";
import { table } from "../support/output.ts";
import { readProvider, stateOf } from "../support/providers.ts";

interface ListArguments {
  model: string;
  offset: string;
  limit: string;
  addresses: string;
  json: boolean;
}

/** Pool of all registered providers. */
const LEADER_POOL = ZeroHash;

async function list(args: ListArguments, { connection }: TaskContext): Promise<void> {
  const { model } = args;
  if (model !== "" && !isHexString(model, 32)) {
    throw wrongUse(`--model ${model} is not a 32-byte id`);
  }
  const { registry } = connection.lattice;
  const pool = model || LEADER_POOL;
  const offset = parseCount("offset", args.offset);
  const limit = parseCount("limit", args.limit);
  const members = [...(await registry.poolMembers(pool, offset, limit))];
  const providers = await Promise.all(members.map((each) => readProvider(connection, each, pool)));
  if (args.json) {
    for (const provider of providers) console.log(toJson(provider));
    return;
  }
  if (providers.length === 0) {
    console.log(
      offset === 0 ? "There is no provider; provider:register makes one." : "There are no more.",
    );
    return;
  }
  table(
    ["provider", "state", "stake", "locked", "weight", "offers", "endpoint"],
    providers.map((provider) => [
      provider.address,
      stateOf(provider),
      amountText(provider.stake.tokens),
      amountText(provider.stake.exposure),
      `${provider.weight}`,
      `${provider.offers.length}`,
      provider.endpoint,
    ]),
  );
  if (providers.length === limit) console.log(`More: --offset ${offset + limit}`);
}

/** Runs `npx hardhat provider:list`. */
export default contextTask("provider:list", list);
