import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { extractLayouts } from "../../scripts/layout/layout.ts";
import { namespacesOf, slotFaults } from "../../scripts/layout/namespaces.ts";
import { readReleased, releaseFaults, unreleased } from "../../scripts/layout/released.ts";
import { analyse, protocolSources, ROOT } from "../../scripts/solc/compile.ts";
import { UPGRADEABLE } from "./support/proposals.ts";

describe("storage layouts of the protocol", () => {
  const { layouts, faults } = extractLayouts(protocolSources());

  it("UPG-1: every upgradeable contract keeps all its state in namespaces at their ERC-7201 slots", () => {
    expect(faults).to.deep.equal([]);
    const contracts = layouts.map(({ contract }) => contract.split(":")[1]);
    expect(contracts).to.have.members([...UPGRADEABLE]);
  });

  it("UPG-1: the next versions that rehearse upgrades share the namespaces that they append to", () => {
    const folder = "contracts/mocks/upgrades";
    const files = readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`);
    const sources = Object.fromEntries(
      files.map((file) => [file, readFileSync(join(ROOT, file), "utf8")]),
    );
    const output = analyse(sources, { "": ["ast"] });
    const own = {
      sources: Object.fromEntries(
        files.map((file) => [file, output.sources[file] ?? { ast: undefined }]),
      ),
    };
    const next = namespacesOf(own);
    expect(slotFaults(own, next)).to.deep.equal([]);
    const released = layouts.flatMap(({ namespaces }) => Object.keys(namespaces));
    expect(next).to.have.length(files.length);
    for (const { id } of next) expect(released).to.include(id);
  });

  it("UPG-1: live contracts can be upgraded from the released layouts", () => {
    const committed = readReleased(join(ROOT, "storage-layouts"));
    expect(committed.length).to.be.greaterThan(0);
    expect(releaseFaults(committed, layouts)).to.deep.equal([]);
    expect(unreleased(committed, layouts)).to.deep.equal([]);
  });
});
