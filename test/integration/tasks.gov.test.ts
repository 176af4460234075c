import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Lattice, PARAMETERS, parameterIndex } from "@lattice/sdk";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { parseEther } from "ethers";
import { run as runProgram } from "../helpers/processes.ts";
import { expectFailure } from "./support/expectations.ts";
import { type Options, records, type TaskChain } from "./support/task-chain.ts";
import {
  delegateVotes,
  MINORITY_VOTES,
  openVotingChain,
  seconds,
  VOTES,
  type VotingChain,
} from "./support/voting-chain.ts";

const FEE = parameterIndex("ProtocolFeePpm");

describe("governance tasks", function () {
  this.timeout(120_000);

  let world: VotingChain;
  let chain: TaskChain;
  let lattice: Lattice;
  let voter: HardhatEthersSigner;
  let minority: HardhatEthersSigner;
  let grantee: HardhatEthersSigner;

  const fee = () => lattice.parameters.get(FEE);
  const setFee = (value: string) => ({ parameter: "ProtocolFeePpm", value });

  before(async () => {
    world = await openVotingChain();
    ({ chain, lattice, voter, minority, grantee } = world);
  });
  after(async () => {
    await chain?.close();
  });

  describe("gov:parameters", () => {
    it("lists every parameter with value, bounds, unit and meaning", async () => {
      const rows = records(await chain.run("gov:parameters", { json: true }));
      expect(rows.map(({ name }) => name)).to.deep.equal([...PARAMETERS]);
      expect(rows[FEE]).to.deep.equal({
        name: "ProtocolFeePpm",
        value: "50000",
        min: "0",
        max: "200000",
        unit: "millionths",
        meaning: "Protocol fee, millionths of the price",
      });
      const { stdout } = await chain.run("gov:parameters");
      expect(stdout).to.match(/^MinProvision +10000000000000000000000 \(10000 LAT\) +1 LAT/m);
    });
  });

  describe("gov:delegate", () => {
    it("gives votes to the holder, or to another account", async () => {
      const own = await chain.one("gov:delegate", { from: voter.address });
      expect(own).to.deep.include({ delegatee: voter.address, votesOfDelegatee: String(VOTES) });
      const other = await chain.one("gov:delegate", {
        from: minority.address,
        to: grantee.address,
      });
      expect(other.votesOfDelegatee).to.equal(String(MINORITY_VOTES));
      await chain.one("gov:delegate", { from: minority.address, to: minority.address });
      expect(await lattice.token.getVotes(minority)).to.equal(MINORITY_VOTES);
      expect(await lattice.token.getVotes(grantee)).to.equal(0n);
      expectFailure(await chain.run("gov:delegate", { to: "0x12" }), 2, "is not an address");
    });
  });

  describe("gov:propose", () => {
    const description = "Test";
    const wrong = async (options: Options, message: string) =>
      expectFailure(
        await chain.run("gov:propose", { from: voter.address, description, ...options }),
        2,
        message,
      );

    it("says what is wrong with what is proposed", async () => {
      const set = { target: "ProtocolParameters", function: "set" };
      await wrong({}, "name what to do by one of --parameter");
      await wrong({ ...setFee("1"), target: "JobMarket" }, "name what to do by one of");
      await wrong({ ...setFee("1"), description: "" }, "--description is needed");
      await wrong({ parameter: "Fee", value: "1" }, "there is no parameter Fee; gov:parameters");
      await wrong(setFee("3%"), "--value 3% is not a whole number in the unit of ProtocolFeePpm");
      await wrong(setFee("200001"), "0 to 200000 (0 % to 20 %); 200001 could never be set");
      await wrong({ target: "Market", function: "x" }, "There is no contract Market");
      await wrong({ ...set, function: "raise" }, "has no function raise that changes something");
      await wrong({ ...set, values: ["ProtocolFeePpm"] }, "set takes 2 arguments (uint8 parameter");
      await wrong({ ...set, values: ["1", "many"] }, "The argument value (uint256) is many, but");
      await wrong({ ...set, args: "[1, 2", values: [] }, "--args is not JSON");
      await wrong({ actions: join(chain.folder, "none.json") }, "(ENOENT); check the path");
      const file = join(chain.folder, "wrong.json");
      await writeFile(file, JSON.stringify([{ target: "JobMarket" }]));
      await wrong({ actions: file }, "entry 0: must have parameter and value, target, function");
    });

    it("tells an account without votes how to get them", async () => {
      const idle = { ...setFee("30000"), description };
      expectFailure(await chain.run("gov:propose", idle), 1, "run gov:delegate first");
      // The governor asks for the votes of the second before, and in the last one the grantee may still have had some.
      await chain.passTo((await chain.now()) + 1);
      const poor = await chain.run("gov:propose", { ...idle, from: grantee.address });
      expectFailure(poor, 1, `${grantee.address} has 0 LAT; let more LAT holders delegate to it`);
    });

    it("names several calls, those inside an upgrade too, and warns of one that would fail", async () => {
      await delegateVotes(world);
      const file = join(chain.folder, "actions.json");
      const { contracts } = chain.addresses;
      const paused = lattice.market.interface.encodeFunctionData("setNewWorkPaused", [true]);
      const upgrade = [contracts.PaymentEscrow, paused];
      const grant = ["1", "LatticeGovernor", 0];
      await writeFile(
        file,
        JSON.stringify([
          setFee("40000"),
          { target: "JobMarket", function: "upgradeToAndCall", args: upgrade },
          { target: "AccessManager", function: "grantRole", args: grant },
          { target: contracts.JobMarket, data: paused },
        ]),
      );
      const proposed = await chain.one("gov:propose", {
        actions: file,
        description,
        from: voter.address,
      });
      const calls = proposed.calls as Record<string, unknown>[];
      expect(calls.map(({ contract, function: signature }) => [contract, signature])).to.deep.equal(
        [
          ["ProtocolParameters", "set(uint8,uint256)"],
          ["JobMarket", "upgradeToAndCall(address,bytes)"],
          ["AccessManager", "grantRole(uint64,address,uint32)"],
          ["JobMarket", "setNewWorkPaused(bool)"],
        ],
      );
      expect(calls[1]?.calls).to.have.nested.property("[0].function", "setNewWorkPaused(bool)");
      expect(calls[2]?.args).to.have.nested.property("[0].meaning", "GUARDIAN");
      // The escrow is no implementation: it has no proxiableUUID.
      expect(proposed.dryRun).to.deep.equal([
        {
          call: 1,
          reason: `ERC1967InvalidImplementation(implementation: ${contracts.PaymentEscrow})`,
        },
      ]);
      const again = { actions: file, description, from: voter.address };
      expectFailure(await chain.run("gov:propose", again), 2, "exists already (Pending)");
    });
  });

  describe("a parameter change", () => {
    let id: string;
    let times: Record<string, unknown>;

    it("is proposed from the command line, with arguments after the options", async () => {
      const { code, stdout, stderr } = await runProgram(
        "hardhat",
        [
          ...["gov:propose", "--network", "localhost", "--addresses", chain.addressesFile],
          ...["--from", voter.address, "--description", "Fee to 3 per cent", "--json"],
          ...["--target", "ProtocolParameters", "--function", "set", "ProtocolFeePpm", "30000"],
        ],
        { LATTICE_LOCALHOST_URL: chain.url },
      );
      expect(code, stderr).to.equal(0);
      times = JSON.parse(stdout);
      id = String(times.proposalId);
      expect(times).to.deep.include({
        state: "Pending",
        proposer: voter.address,
        description: "Fee to 3 per cent",
        votesOfProposer: String(VOTES),
        dryRun: [],
      });
      expect(times.calls).to.have.nested.property("[0].args[0].meaning", "ProtocolFeePpm");
    });

    it("is voted on once the vote has started, once an account, with reasons", async () => {
      const early = await chain.run("gov:vote", { id, support: "for", from: voter.address });
      expectFailure(early, 1, `starts after ${times.voteStart}`);
      await chain.passTo(seconds(times.voteStart) + 1);
      const maybe = await chain.run("gov:vote", { id, support: "maybe" });
      expectFailure(maybe, 2, "--support maybe is none of for, against, abstain");
      expectFailure(await chain.run("gov:vote", { support: "for", id: "7" }), 1, "no proposal 7");
      const mine = { id, support: "for", reason: "cheaper", from: voter.address };
      const voted = await chain.one("gov:vote", mine);
      expect(voted).to.deep.include({ voter: voter.address, weight: String(VOTES) });
      expect(voted.votes).to.deep.equal({ against: "0", for: String(VOTES), abstain: "0" });
      const [cast] = await lattice.governor.queryFilter(lattice.governor.filters.VoteCast());
      expect(cast?.args.reason).to.equal("cheaper");
      expectFailure(await chain.run("gov:vote", mine), 1, "a vote cannot be changed");
      const idle = await chain.run("gov:vote", { id, support: "for", from: grantee.address });
      expectFailure(idle, 1, "delegate LAT (gov:delegate) before the vote on the next one starts");
      await chain.one("gov:vote", { id, support: "against", from: minority.address });
    });

    it("GOV-1: is queued when it passed, and executed when the delay is over", async () => {
      expectFailure(await chain.run("gov:queue", { id }), 1, `ends after ${times.voteEnd}`);
      await chain.passTo(seconds(times.voteEnd) + 1);
      expectFailure(await chain.run("gov:execute", { id }), 1, "it passed; queue it (gov:queue)");
      const queued = await chain.one("gov:queue", { id, from: grantee.address });
      expect(queued.state).to.equal("Queued");
      const early = await chain.run("gov:execute", { id });
      expectFailure(early, 1, `it can be executed (gov:execute) from ${queued.executableAt}`);
      await chain.passTo(seconds(queued.executableAt));
      expect(await fee()).to.equal(50_000n);
      const executed = await chain.one("gov:execute", { id, from: grantee.address });
      expect(executed.state).to.equal("Executed");
      expect(executed.events).to.deep.include({
        contract: "ProtocolParameters",
        address: chain.addresses.contracts.ProtocolParameters,
        name: "ParameterSet",
        args: { parameter: String(FEE), oldValue: "50000", newValue: "30000" },
      });
      expect(await fee()).to.equal(30_000n);
      expectFailure(await chain.run("gov:execute", { id }), 1, "has been executed already");
    });

    it("is shown by gov:status, alone or among all", async () => {
      const shown = await chain.one("gov:status", { id });
      expect(shown).to.deep.include({ proposalId: id, state: "Executed" });
      expect(shown.votes).to.deep.equal({
        against: String(MINORITY_VOTES),
        for: String(VOTES),
        abstain: "0",
      });
      expect(shown.quorum).to.equal(String(parseEther("40000000")));
      const all = records(await chain.run("gov:status", { json: true }));
      expect(all.map(({ state }) => state)).to.deep.equal(["Defeated", "Executed"]);
      const { stdout } = await chain.run("gov:status");
      expect(stdout).to.include("set(parameter: 0 (ProtocolFeePpm), value: 30000) = 3 %");
      expect(stdout).to.include("was defeated: 0 LAT for, 0 LAT against, 0 LAT abstained");
      expectFailure(await chain.run("gov:status", { id: "x" }), 2, "--id x is not a number");
    });
  });
});
