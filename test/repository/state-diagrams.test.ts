import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { JobState, jobStateName, QuorumState, quorumStateName } from "@lattice/sdk";
import { expect } from "chai";
import { Interface } from "ethers";
import { IJobMarket__factory } from "../../typechain-types/factories/contracts/interfaces/IJobMarket__factory.ts";
import { IQuorumMarket__factory } from "../../typechain-types/factories/contracts/interfaces/IQuorumMarket__factory.ts";
import { QUORUM_SITUATIONS } from "../helpers/quorum-situations.ts";
import { SITUATIONS } from "../helpers/situations.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

function sectionOf(heading: string): string {
  const text = readFileSync(join(root, "docs/protocol/state-machines.md"), "utf8");
  return text.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? "";
}

/** Arrows of the first diagram of a section, as "from call to"; those to the end are left out. */
function edgesOf(section: string): string[] {
  const diagram = /```mermaid\n([\s\S]*?)```/.exec(section)?.[1] ?? "";
  return [...diagram.matchAll(/^ *(\S+) --> (\w+): (.+)$/gm)].flatMap(([, from, to, calls = ""]) =>
    calls.split(" or ").map((call) => `${from} ${call} ${to}`),
  );
}

/** Rows of the table of transitions of a section, in the same form. */
function rowsOf(section: string): string[] {
  const rows = section.matchAll(/^\| (\w+) \| `(\w+)` \| .+ \| .* \| ([\w ]+) \|$/gm);
  return [...rows].flatMap(([, from, call, to = ""]) =>
    to.split(" or ").map((each) => `${from === "none" ? "[*]" : from} ${call} ${each}`),
  );
}

interface Tried<State> {
  readonly state: State;
  readonly transitions: Partial<Record<string, State>>;
}

/** Transitions that tests try, in the same form. */
function triedIn<State>(situations: readonly Tried<State>[], nameOf: (state: State) => string) {
  const edges = situations.flatMap(({ state, transitions }) =>
    Object.entries(transitions).flatMap(([call, to]) =>
      to === undefined ? [] : [`${nameOf(state)} ${call} ${nameOf(to)}`],
    ),
  );
  return [...new Set(edges)];
}

/** Names of functions of a lane that take an order and change state. */
function orderCalls(lane: Interface): string[] {
  const calls: string[] = [];
  lane.forEachFunction(({ name, inputs, constant }) => {
    const takesOrder = inputs.some((input) => /^orders?$/.test(input.name));
    if (!constant && takesOrder) calls.push(name);
  });
  return calls;
}

const DIAGRAMS = [
  {
    lane: "JobMarket",
    contract: new Interface(IJobMarket__factory.abi),
    states: Object.keys(JobState),
    tried: triedIn(SITUATIONS, jobStateName),
    // How a job begins, and what needs bids, a proof or the dispute game: other tests make these calls.
    beside: [
      "[*] post Posted",
      "[*] postSigned Posted",
      "Posted award Assigned",
      "Posted deliver Settled",
      "Committed proveMany Settled",
      "Assigned concludeInput Assigned",
      "Assigned concludeInput Settled",
      "Challengeable punish Refunded",
    ],
  },
  {
    lane: "QuorumMarket",
    contract: new Interface(IQuorumMarket__factory.abi),
    states: Object.keys(QuorumState),
    tried: triedIn(QUORUM_SITUATIONS, quorumStateName),
    // How a job begins, and how it ends with its last attempt: other tests make these calls.
    beside: [
      "[*] post Posted",
      "[*] postSigned Posted",
      "Committing decline Refunded",
      "Committing finalise Refunded",
      "Revealing finalise Refunded",
    ],
  },
];

describe("state diagrams", () => {
  for (const { lane, contract, states, tried, beside } of DIAGRAMS) {
    const section = sectionOf(lane);
    const edges = edgesOf(section);

    it(`SM-1: the arrows of ${lane} are the transitions that its tests try in every state`, () => {
      expect(edges).to.have.members([...tried, ...beside]);
    });

    it(`the table says of each arrow of ${lane} who may call and when`, () => {
      expect(rowsOf(section)).to.have.members(edges);
    });

    it(`every call that changes a job of ${lane} has an arrow, and every state is drawn`, () => {
      const calls = edges.map((edge) => edge.split(" ")[1]);
      expect([...new Set(calls)]).to.have.members(orderCalls(contract));
      const drawn = edges.flatMap((edge) => [edge.split(" ")[0], edge.split(" ")[2]]);
      expect([...new Set(drawn)]).to.have.members([
        "[*]",
        ...states.filter((state) => state !== "None"),
      ]);
    });

    it(`SM-2: no arrow leaves a final state of ${lane}`, () => {
      expect(edges.filter((edge) => /^(Settled|Refunded) /.test(edge))).to.deep.equal([]);
    });
  }
});
