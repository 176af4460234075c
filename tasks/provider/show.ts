import { ZeroHash } from "ethers";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { amountText, iso, parseAddress } from "../support/format.ts";
import { print } from "../support/output.ts";
import { readProvider, stateOf } from "../support/providers.ts";

interface ShowArguments {
  address: string;
  addresses: string;
  from: string;
  json: boolean;
}

async function show(args: ShowArguments, context: TaskContext): Promise<void> {
  const { connection, account } = context;
  const { vault, escrow, addresses } = connection.lattice;
  const { ProviderRegistry, LatticeToken } = addresses.contracts;
  const address = args.address === "" ? account : parseAddress("address", args.address);
  const provider = await readProvider(connection, address, ZeroHash);
  const { stake, offers, capabilities } = provider;
  const { thawingUntil } = await vault.provisionOf(address, ProviderRegistry);
  const earner = provider.registered ? provider.payout : address;
  const { earnings } = await escrow.accountOf(earner, LatticeToken);
  const until = thawingUntil > 0n ? iso(thawingUntil) : null;
  print(args.json, { ...provider, thawingUntil: until, earnings }, [
    ["provider", address],
    ["state", stateOf(provider)],
    ["endpoint", provider.endpoint || "none"],
    ["payout", earner],
    ["stake", amountText(stake.tokens)],
    ["  locked", amountText(stake.exposure)],
    ["  thawing", `${amountText(stake.thawing)}${until ? ` until ${until}` : ""}`],
    ["weight", `${provider.weight} among beacon leaders of this epoch`],
    [
      "can",
      `accelerators ${capabilities.accelerator}, ${capabilities.memoryMiB} MiB, tiers ${capabilities.tiers}`,
    ],
    ...offers.map(({ modelVersion, ask }): [string, string] => [
      "offer",
      `${modelVersion} at ${ask}`,
    ]),
    ["earnings", amountText(earnings)],
  ]);
}

/** Runs `npx hardhat provider:show`. */
export default contextTask("provider:show", show);
