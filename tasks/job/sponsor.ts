import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { parseAddress, parseAmount } from "../support/format.ts";
import { required } from "../support/guard.ts";
import { print } from "../support/output.ts";
import { ensureFunding } from "../support/payment.ts";
import { mined } from "../support/proposals.ts";
import { tokenText, tokenUnit } from "../support/tokens.ts";

interface SponsorArguments {
  requester: string;
  amount: string;
  token: string;
  addresses: string;
  from: string;
  json: boolean;
}

async function sponsor(args: SponsorArguments, context: TaskContext): Promise<void> {
  const { connection, signer, account } = context;
  const { lattice } = connection;
  const { LatticeToken } = lattice.addresses.contracts;
  const requester = parseAddress("requester", required("requester", args.requester));
  const token = parseAddress("token", args.token || LatticeToken);
  const { decimals } = await tokenUnit(lattice, token);
  const given = required("amount", args.amount);
  const amount = given === "0" ? 0n : parseAmount("amount", given, decimals);
  const funding = await ensureFunding(lattice, token, signer, amount);
  const sent = await lattice.market.setSponsorship(requester, token, amount);
  const receipt = mined(await sent.wait());
  const text = await tokenText(lattice, token);
  print(args.json, { sponsor: account, requester, token, amount, funding, ...receipt }, [
    ["sponsor", account],
    ["pays", `at most ${text(amount)} more for orders of ${requester} that name it`],
    ["deposited", `${text(funding.deposited)} (${funding.by})`],
    ["transaction", `${receipt.transaction} (gas ${receipt.gasUsed})`],
  ]);
}

/** Runs `npx hardhat job:sponsor`. */
export default contextTask("job:sponsor", sponsor);
