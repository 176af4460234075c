import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { JobState, jobStateName } from "@lattice/sdk";
import { expect } from "chai";
import { Interface } from "ethers";
import { IJobMarket__factory } from "../../typechain-types/factories/contracts/interfaces/IJobMarket__factory.ts";
import { CALLS, SITUATIONS } from "../helpers/situations.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** How a job begins, or changes state by calls whose own tests need more than an order: bids or a proof. */
const OTHER_CALLS = ["post", "postSigned", "award", "deliver", "proveMany"];

function sectionOf(heading: string): string {
  const text = readFileSync(join(root, "docs/protocol/state-machines.md"), "utf8");
  return text.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? "";
}

/** Arrows of the first diagram of a section, as "from call to"; those to the end are left out. */
function edgesOf(section: string): string[] {
  const diagram = /```mermaid\n([\s\S]*?)```/.exec(section)?.[1] ?? "";
  return [...diagram.matchAll(/^ *(\S+) --> (\w+): (\w+)/gm)].map(
    ([, from, to, call]) => `${from} ${call} ${to}`,
  );
}

/** Rows of the table of transitions of a section, in the same form. */
function rowsOf(section: string): string[] {
  const rows = section.matchAll(/^\| (\w+) \| `(\w+)` \| .+ \| .* \| ([\w ]+) \|$/gm);
  return [...rows].flatMap(([, from, call, to = ""]) =>
    to.split(" or ").map((each) => `${from === "none" ? "[*]" : from} ${call} ${each}`),
  );
}

describe("state diagrams", () => {
  const section = sectionOf("JobMarket");
  const edges = edgesOf(section);
  const callOf = (edge: string) => edge.split(" ")[1] ?? "";

  it("SM-1: the arrows of JobMarket are the transitions that its tests try in every state", () => {
    const tried = SITUATIONS.flatMap(({ state, transitions }) =>
      CALLS.filter((call) => transitions[call] !== undefined).map(
        (call) =>
          `${jobStateName(state)} ${call} ${jobStateName(transitions[call] ?? JobState.None)}`,
      ),
    );
    const drawn = edges.filter((edge) => !OTHER_CALLS.includes(callOf(edge)));
    expect(drawn).to.have.members([...new Set(tried)]);
  });

  it("the table says of each arrow who may call and when", () => {
    expect(rowsOf(section)).to.have.members(edges);
  });

  it("every call that changes a job has an arrow, and every state is drawn", () => {
    const market = new Interface(IJobMarket__factory.abi);
    const calls: string[] = [];
    market.forEachFunction(({ name, inputs, constant }) => {
      const names = inputs.map((input) => input.name);
      if (!constant && names.some((each) => /^(order|orders)$/.test(each))) calls.push(name);
    });
    expect(calls.length).to.be.greaterThan(CALLS.length);
    expect([...new Set(edges.map(callOf))]).to.have.members(calls);
    const states = new Set(edges.flatMap((edge) => [edge.split(" ")[0], edge.split(" ")[2]]));
    const known = Object.values(JobState).map((state) => jobStateName(state));
    expect([...states].filter((state) => state !== "[*]")).to.have.members(
      known.filter((state) => state !== "None"),
    );
  });

  it("SM-2: no arrow leaves a final state", () => {
    expect(edges.filter((edge) => /^(Settled|Refunded) /.test(edge))).to.deep.equal([]);
  });
});
