import { expect } from "chai";
import { extractLayouts, type Layout } from "../../scripts/layout/layout.ts";
import { namespaceSlot } from "../../scripts/layout/namespaces.ts";
import { releaseFaults, unreleased } from "../../scripts/layout/released.ts";

const NAMESPACE = "lattice.storage.Vault";

interface Declaration {
  readonly namespace?: string;
  readonly slot?: string;
  /** Members of the namespaced struct. */
  readonly members?: string;
  /** Types beside it. */
  readonly types?: string;
  /** State outside of the namespace. */
  readonly state?: string;
  readonly contract?: string;
  readonly assembly?: string;
}

const MEMBERS =
  "uint64 count; bool paused; mapping(uint256 id => Entry) entries; uint256[8] __gap;";
const TYPES = "enum State { None, Open } struct Entry { address owner; State state; }";

/** An upgradeable contract that stands alone; all but what a test changes is as released. */
function source({
  namespace = NAMESPACE,
  slot = namespaceSlot(namespace),
  members = MEMBERS,
  types = TYPES,
  state = "",
  contract = "Vault",
  assembly = "$.slot := STORAGE_SLOT",
}: Declaration = {}) {
  const text = `pragma solidity 0.8.28;
    abstract contract UUPSUpgradeable {}
    ${types}
    contract ${contract} is UUPSUpgradeable {
      ${state}
      /// @custom:storage-location erc7201:${namespace}
      struct VaultStorage { ${members} }
      bytes32 private constant STORAGE_SLOT = ${slot};
      function _storage() private pure returns (VaultStorage storage $) {
        assembly { ${assembly} }
      }
    }`;
  return { "Vault.sol": text };
}

function layoutsOf(declaration: Declaration = {}): readonly Layout[] {
  const { layouts, faults } = extractLayouts(source(declaration));
  expect(faults).to.deep.equal([]);
  return layouts;
}

describe("the comparison of storage layouts", () => {
  const released = layoutsOf();

  describe("what is read", () => {
    it("names slot, offset and type of each variable, without the compiler's numbers", () => {
      expect(released).to.have.length(1);
      expect(released[0]?.contract).to.equal("Vault.sol:Vault");
      expect(released[0]?.namespaces[NAMESPACE]).to.deep.equal({
        slot: namespaceSlot(NAMESPACE),
        variables: [
          { slot: "0", offset: 0, type: "t_uint64", label: "count" },
          { slot: "0", offset: 8, type: "t_bool", label: "paused" },
          {
            slot: "1",
            offset: 0,
            type: "t_mapping(t_uint256,t_struct(Entry)storage)",
            label: "entries",
          },
          { slot: "2", offset: 0, type: "t_array(t_uint256)8_storage", label: "__gap" },
        ],
      });
      expect(released[0]?.types["t_enum(State)"]?.members).to.deep.equal(["None", "Open"]);
    });

    it("follows ERC-7201's formula", () => {
      // The example of the ERC.
      expect(namespaceSlot("example.main")).to.equal(
        "0x183a6125c38840424c4a85fa12bab2ab606c4b6d0e7cc73c0c06ba5300eab500",
      );
    });
  });

  describe("accepted", () => {
    const accepted: [string, Declaration][] = [
      ["the same again", {}],
      ["an appended variable", { members: `${MEMBERS} address owner;` }],
      [
        "a variable in bytes that were free",
        { members: MEMBERS.replace("mapping", "bool open; mapping") },
      ],
      [
        "a variable that takes as much as a gap loses",
        { members: MEMBERS.replace("uint256[8] __gap", "uint256 sum; uint256[7] __gap") },
      ],
      [
        "a member appended to a struct in a mapping",
        { types: TYPES.replace("State state;", "State state; uint256 sum;") },
      ],
      ["an appended value of an enum", { types: TYPES.replace("Open", "Open, Closed") }],
    ];
    for (const [what, declaration] of accepted) {
      it(`UPG-1: ${what}`, () => {
        expect(releaseFaults(released, layoutsOf(declaration))).to.deep.equal([]);
      });
    }

    it("but calls what is new unreleased", () => {
      const appended = layoutsOf({ members: `${MEMBERS} address owner;` });
      expect(unreleased(released, appended)).to.deep.equal(["Vault"]);
      expect(unreleased([], released)).to.deep.equal(["Vault"]);
      expect(unreleased(released, layoutsOf())).to.deep.equal([]);
    });
  });

  describe("refused", () => {
    const refused: [string, Declaration, RegExp][] = [
      [
        "an inserted variable",
        { members: `uint256 sum; ${MEMBERS}` },
        /Inserted `sum`\n\s+> New variables should be placed after/,
      ],
      [
        "a removed variable",
        { members: MEMBERS.replace("uint64 count; ", "") },
        /Deleted `count`\n\s+> Keep the variable even if unused/,
      ],
      [
        "a retyped variable",
        { members: MEMBERS.replace("uint64", "uint32") },
        /Upgraded `count` to an incompatible type\n.*from uint64 to uint32/,
      ],
      [
        "reordered variables",
        { members: MEMBERS.replace("uint64 count; bool paused;", "bool paused; uint64 count;") },
        /Replaced `count` with `paused`|Deleted `count`|Inserted `paused`/,
      ],
      [
        "a renamed variable",
        { members: MEMBERS.replace("count", "total") },
        /Renamed `count` to `total`/,
      ],
      [
        "a renamed namespace",
        { namespace: "lattice.storage.Safe" },
        /Deleted namespace `erc7201:lattice\.storage\.Vault`/,
      ],
      [
        "a shrunk gap",
        { members: MEMBERS.replace("[8]", "[7]") },
        /Bad storage gap resize from 8 to 7/,
      ],
      [
        "a gap that shrinks by less than was inserted",
        { members: MEMBERS.replace("uint256[8] __gap", "uint256 a; uint256 b; uint256[7] __gap") },
        /Set __gap array to size 6/,
      ],
      [
        "another key of a mapping",
        { members: MEMBERS.replace("uint256 id", "address id") },
        /In key of mapping/,
      ],
      [
        "a member inserted into a struct in a mapping",
        { types: TYPES.replace("address owner;", "uint256 sum; address owner;") },
        /In struct Entry\n\s+- Inserted `sum`/,
      ],
      ["a reordered enum", { types: TYPES.replace("None, Open", "Open, None") }, /In enum State/],
      [
        "a contract that is gone",
        { contract: "Safe" },
        /Vault\.sol:Vault is released, but no upgradeable contract has its name/,
      ],
    ];
    for (const [what, declaration, message] of refused) {
      it(`UPG-1: ${what}`, () => {
        const faults = releaseFaults(released, layoutsOf(declaration));
        expect(faults).to.have.length(1);
        expect(faults[0]).to.match(message);
      });
    }

    const misplaced: [string, Declaration, RegExp][] = [
      [
        "state outside of a namespace",
        { state: "uint256 private sum;" },
        /Vault keeps "sum" in slot 0, outside of any namespace/,
      ],
      [
        "a slot that is not the namespace's",
        { slot: namespaceSlot("lattice.storage.Vualt") },
        /is the ERC-7201 slot of no namespace declared in this file\. Slots: lattice\.storage\.Vault 0x/,
      ],
      [
        "a slot that is known only when the code runs",
        { assembly: "let where := calldataload(4) $.slot := where" },
        /storage is read at where, which is the ERC-7201 slot of no namespace/,
      ],
      [
        "one namespace for two structs",
        {
          state: `/// @custom:storage-location erc7201:${NAMESPACE}\n struct Twin { uint256 sum; }`,
        },
        /VaultStorage takes the namespace lattice\.storage\.Vault a second time/,
      ],
    ];
    for (const [what, declaration, message] of misplaced) {
      it(`UPG-1: ${what}`, () => {
        const { faults } = extractLayouts(source(declaration));
        expect(faults.join("\n")).to.match(message);
      });
    }
  });
});
