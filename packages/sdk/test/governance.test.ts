import { expect } from "chai";
import { AbiCoder, Interface, id, keccak256, parseEther } from "ethers";
import {
  type AddressBook,
  CONTRACT_NAMES,
  decodeAction,
  encodeAction,
  proposalIdOf,
  SdkError,
  setParameterAction,
} from "../src/index.ts";

const address = (index: number) => `0x${String(index + 1).padStart(40, "0")}`;
const contracts = Object.fromEntries(CONTRACT_NAMES.map((name, i) => [name, address(i)]));
const book = {
  chainId: 31337,
  network: "test",
  fromBlock: 0,
  contracts,
  external: { EAS: address(600), SchemaRegistry: address(601) },
  verifiers: { DigitsDevVerifier: address(500) },
} as unknown as AddressBook;
const { LatticeToken, TimelockController, JobMarket, FeeTreasury } = book.contracts;
const foreign = address(900);

/** Signature and arguments of a call, without the contract. */
const words = (target: string, data: string) => {
  const call = decodeAction(book, { target, value: 0n, data });
  return [call.contract, call.function, ...call.args.map(({ value }) => value)];
};

describe("encodeAction", () => {
  it("takes names of contracts and parameters, amounts of LAT, and JSON for lists and structs", () => {
    const set = { target: "ProtocolParameters", function: "set" };
    const encoded = encodeAction(book, { ...set, args: ["MinProvision", "5000 LAT"] });
    expect(encoded).to.deep.equal(setParameterAction(book, "MinProvision", parseEther("5000")));
    expect(words(encoded.target, encoded.data)).to.deep.equal([
      "ProtocolParameters",
      "set(uint8,uint256)",
      5n,
      parseEther("5000"),
    ]);
    const roles = { target: "AccessManager", function: "setTargetFunctionRole" };
    const pause = id("setNewWorkPaused(bool)").slice(0, 10);
    const guard = encodeAction(book, { ...roles, args: ["JobMarket", `["${pause}"]`, 1] });
    const { args } = decodeAction(book, guard);
    expect(args.map(({ meaning }) => meaning)).to.deep.equal([
      "JobMarket",
      "setNewWorkPaused",
      "GUARDIAN",
    ]);
    const profile = {
      accelerator: 1,
      memoryMiB: "2",
      maxTensorBytes: "3",
      tiers: 1,
      maxCollateral: 4,
    };
    const update = { target: "ProviderRegistry", function: "update" };
    const struct = encodeAction(book, { ...update, args: ["local:1", foreign, profile] });
    expect(words(struct.target, struct.data)[4]).to.deep.equal({
      accelerator: 1n,
      memoryMiB: 2n,
      maxTensorBytes: 3n,
      tiers: 1n,
      maxCollateral: 4n,
    });
  });

  it("calls foreign contracts by signature", () => {
    const args = [LatticeToken, "1"];
    const call = { target: foreign, function: "burnFrom(address,uint256)", args, value: 7n };
    const erc20 = new Interface(["function burnFrom(address,uint256)"]);
    expect(encodeAction(book, call)).to.deep.equal({
      target: foreign,
      value: 7n,
      data: erc20.encodeFunctionData("burnFrom", [LatticeToken, 1n]),
    });
  });

  const wrong: [string, string, string, unknown[], RegExp][] = [
    ["an unknown contract", "Market", "x", [], /There is no contract Market/],
    [
      "an unknown function",
      "JobMarket",
      "stop",
      [],
      /has no function stop that changes something; it has accept/,
    ],
    [
      "a view",
      "JobMarket",
      "isNewWorkPaused",
      [],
      /no function isNewWorkPaused that changes something/,
    ],
    ["a foreign function without signature", foreign, "burn", [], /needs its signature/],
    ["no signature at all", foreign, "burn(", [], /is not a signature/],
    ["missing arguments", "FeeTreasury", "spend", [], /spend takes 3 arguments \(address token/],
    [
      "no address",
      "FeeTreasury",
      "spend",
      ["LAT", foreign, 1],
      /argument token \(address\) is LAT/,
    ],
    [
      "a number that JSON has cut",
      "FeeTreasury",
      "spend",
      [LatticeToken, foreign, 1e30],
      /as a JSON number it loses digits/,
    ],
    ["a fraction", "FeeTreasury", "spend", [LatticeToken, foreign, "0.5"], /a whole number, or/],
    ["a number out of range", "FeeTreasury", "spend", [LatticeToken, foreign, "-1"], /cannot be/],
    ["no boolean", "JobMarket", "setNewWorkPaused", ["maybe"], /must be true or false/],
    ["short bytes", "VerifierRouter", "stop", ["0x12"], /must be 0x and 4 bytes/],
    ["no list", "AccessManager", "multicall", ["0x12"], /must be JSON/],
  ];
  for (const [what, target, name, args, message] of wrong) {
    it(`refuses ${what}`, () => {
      const encode = () => encodeAction(book, { target, function: name, args });
      expect(encode).to.throw(SdkError, message).with.property("code", "ACTION_INVALID");
    });
  }
});

describe("decodeAction", () => {
  const pause = encodeAction(book, {
    target: "JobMarket",
    function: "setNewWorkPaused",
    args: [true],
  });
  const spend = encodeAction(book, {
    target: "FeeTreasury",
    function: "spend",
    args: ["LatticeToken", foreign, "1"],
  });
  const carried: [string, string, unknown[], string[]][] = [
    ["JobMarket", "upgradeToAndCall", [foreign, pause.data], ["setNewWorkPaused(bool)"]],
    ["AccessManager", "execute", [JobMarket, pause.data], ["setNewWorkPaused(bool)"]],
    [
      "TimelockController",
      "schedule",
      [FeeTreasury, 0, spend.data, id(""), id(""), 0],
      ["spend(address,address,uint256)"],
    ],
    [
      "TimelockController",
      "scheduleBatch",
      [[JobMarket, FeeTreasury], [0, 0], [pause.data, spend.data], id(""), id(""), 0],
      ["setNewWorkPaused(bool)", "spend(address,address,uint256)"],
    ],
    [
      "LatticeGovernor",
      "propose",
      [[JobMarket], [0], [pause.data], "why"],
      ["setNewWorkPaused(bool)"],
    ],
    ["LatticeGovernor", "relay", [JobMarket, 0, pause.data], ["setNewWorkPaused(bool)"]],
  ];
  for (const [target, name, args, expected] of carried) {
    it(`names the calls that ${target}.${name} carries`, () => {
      const found = decodeAction(book, encodeAction(book, { target, function: name, args }));
      expect(found.contract).to.equal(target);
      expect(found.calls.map((call) => call.function)).to.deep.equal(expected);
    });
  }

  it("names a multicall's parts, which are the contract's own", () => {
    const grant = { target: "AccessManager", function: "grantRole", args: ["0", foreign, 0] };
    const inner = encodeAction(book, grant);
    const args = [[inner.data]];
    const multicall = encodeAction(book, { target: "AccessManager", function: "multicall", args });
    const [call] = decodeAction(book, multicall).calls;
    expect(call?.contract).to.equal("AccessManager");
    expect(call?.args[0]).to.deep.include({ name: "roleId", value: 0n, meaning: "ADMIN" });
  });

  it("leaves what it does not know as it is", () => {
    const unknown = { contract: undefined, function: undefined, args: [], calls: [] };
    for (const data of ["0x", "0x12345678", `${pause.data.slice(0, 10)}ff`]) {
      const action = { target: foreign, value: 3n, data };
      expect(decodeAction(book, action)).to.deep.equal({ ...action, ...unknown });
    }
  });

  it("finds functions of the protocol on contracts outside of the address book", () => {
    const found = words(foreign, spend.data);
    expect(found).to.deep.equal([
      undefined,
      "spend(address,address,uint256)",
      LatticeToken,
      foreign,
      1n,
    ]);
  });
});

describe("proposalIdOf", () => {
  it("hashes what the governor hashes", () => {
    const action = { target: TimelockController, value: 1n, data: "0x1234" };
    // IGovernor.hashProposal: keccak256(abi.encode(targets, values, calldatas, descriptionHash)).
    const encoded = AbiCoder.defaultAbiCoder().encode(
      ["address[]", "uint256[]", "bytes[]", "bytes32"],
      [[TimelockController], [1n], ["0x1234"], id("why")],
    );
    expect(proposalIdOf([action], "why")).to.equal(BigInt(keccak256(encoded)));
    expect(proposalIdOf([action], "why")).not.to.equal(proposalIdOf([action], "why not"));
  });
});
