import { task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";
import type { TaskDefinition } from "hardhat/types/tasks";
import { addresses, from, json, text } from "../support/options.ts";

const proposalId = text("id", "Number of the proposal; default: the newest");
const target = text("target", "Contract to call: its name in the address book, or an address");
const call = text("function", "Function to call: its name, or its signature");
const args = text("args", "Arguments as a JSON list, instead of after the options");
const value = text("value", "Value of --parameter, or native wei to send along with the call");
const parameter = text("parameter", "Parameter to set to --value, instead of naming a call");
const actions = text("actions", "JSON file with a list of calls, instead of naming one");
const description = text("description", "Why: text of the proposal, or @file to read it from");
const values = {
  name: "values" as const,
  description: "Arguments of the call, in order",
  type: ArgumentType.STRING as const,
  defaultValue: [] as string[],
};

const delegateVotes = task("gov:delegate", "Delegates the votes of the account's LAT")
  .addOption(text("to", "Who votes with them; default: the account itself"))
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./delegate.ts"))
  .build();

const propose = task("gov:propose", "Proposes calls that the timelock makes when LAT holders agree")
  .addOption(target)
  .addOption(call)
  .addOption(args)
  .addOption(parameter)
  .addOption(value)
  .addOption(actions)
  .addOption(description)
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .addVariadicArgument(values)
  .setAction(() => import("./propose.ts"))
  .build();

const vote = task("gov:vote", "Votes on a proposal")
  .addOption(proposalId)
  .addOption(text("support", "for, against or abstain"))
  .addOption(text("reason", "Why; stands in the event of the vote"))
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./vote.ts"))
  .build();

const queue = task("gov:queue", "Hands a proposal that passed to the timelock")
  .addOption(proposalId)
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./queue.ts"))
  .build();

const execute = task("gov:execute", "Executes a queued proposal once its delay is over")
  .addOption(proposalId)
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./execute.ts"))
  .build();

const status = task("gov:status", "Shows proposals: state, votes, quorum, times, calls by name")
  .addOption(text("id", "Number of one proposal; default: all of them"))
  .addOption(addresses)
  .addFlag(json)
  .setAction(() => import("./status.ts"))
  .build();

const parameters = task(
  "gov:parameters",
  "Lists the governed parameters: value, bounds, unit, meaning",
)
  .addOption(addresses)
  .addFlag(json)
  .setAction(() => import("./parameters.ts"))
  .build();

const simulate = task(
  "gov:simulate",
  "Takes a proposal through vote, queue and execution on a copy of the network in memory",
)
  .addOption(text("id", "A proposal of the network; default: the calls named by the other options"))
  .addOption(target)
  .addOption(call)
  .addOption(args)
  .addOption(parameter)
  .addOption(value)
  .addOption(actions)
  .addOption(description)
  .addOption(text("voter", "LAT holders who vote for it, separated by commas; default: delegates"))
  .addOption(addresses)
  .addFlag(json)
  .addVariadicArgument(values)
  .setAction(() => import("./simulate.ts"))
  .build();

/** Tasks about governance. */
export const governanceTasks: TaskDefinition[] = [
  delegateVotes,
  propose,
  vote,
  queue,
  execute,
  status,
  parameters,
  simulate,
];
