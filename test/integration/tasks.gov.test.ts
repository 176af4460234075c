import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chainTime, type Lattice, PARAMETERS, parameterIndex } from "@lattice/sdk";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { getAddress, id, parseEther } from "ethers";
import { ModelRegistry__factory } from "../../typechain-types/factories/contracts/registry/ModelRegistry__factory.ts";
import { run as runProgram } from "../helpers/processes.ts";
import { expectFailure } from "./support/expectations.ts";
import {
  openTaskChain,
  records,
  runTask,
  runtimeOn,
  type TaskChain,
} from "./support/task-chain.ts";

const FEE = parameterIndex("ProtocolFeePpm");
const VOTES = parseEther("60000000");
const MINORITY_VOTES = parseEther("30000000");

/** The implementation behind a proxy (ERC-1967). */
async function implementationOf({ runner }: Lattice, proxy: string): Promise<string> {
  const slot = BigInt(id("eip1967.proxy.implementation")) - 1n;
  const word = await runner.provider?.getStorage(proxy, slot);
  return getAddress(`0x${word?.slice(-40)}`);
}

const seconds = (time: unknown) => Date.parse(String(time)) / 1000;

describe("governance tasks", function () {
  this.timeout(120_000);

  let chain: TaskChain;
  let lattice: Lattice;
  let voter: HardhatEthersSigner;
  let minority: HardhatEthersSigner;
  let grantee: HardhatEthersSigner;

  const one = async (name: string, options: Parameters<TaskChain["run"]>[1] = {}) =>
    records(await chain.run(name, { json: true, ...options }))[0] ?? {};
  const fee = () => lattice.parameters.get(FEE);
  const setFee = (value: string) => ({ parameter: "ProtocolFeePpm", value });

  before(async () => {
    chain = await openTaskChain();
    const [deployer, first, second, third] = chain.signers;
    if (!deployer || !first || !second || !third) throw new Error("the node has too few accounts");
    [voter, minority, grantee] = [first, second, third];
    lattice = chain.as(deployer);
    await (await lattice.token.transfer(voter.address, VOTES)).wait();
    await (await lattice.token.transfer(minority.address, MINORITY_VOTES)).wait();
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
      const own = await one("gov:delegate", { from: voter.address });
      expect(own).to.deep.include({ delegatee: voter.address, votesOfDelegatee: String(VOTES) });
      const other = await one("gov:delegate", { from: minority.address, to: grantee.address });
      expect(other.votesOfDelegatee).to.equal(String(MINORITY_VOTES));
      await one("gov:delegate", { from: minority.address, to: minority.address });
      expect(await lattice.token.getVotes(minority)).to.equal(MINORITY_VOTES);
      expect(await lattice.token.getVotes(grantee)).to.equal(0n);
      expectFailure(await chain.run("gov:delegate", { to: "0x12" }), 2, "is not an address");
    });
  });

  describe("gov:propose", () => {
    const description = "Test";
    const wrong = async (options: Parameters<TaskChain["run"]>[1], message: string) =>
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
      const poor = await chain.run("gov:propose", { ...idle, from: grantee.address });
      expectFailure(poor, 1, `${grantee.address} has 0 LAT; let more LAT holders delegate to it`);
    });

    it("names several calls, those inside an upgrade too, and warns of one that would fail", async () => {
      // Votes count from the second after they were delegated.
      await chain.passTo((await chainTime(lattice)) + 1);
      const file = join(chain.folder, "actions.json");
      const { contracts } = chain.addresses;
      const paused = lattice.market.interface.encodeFunctionData("setNewWorkPaused", [true]);
      const upgrade = [contracts.TokenBurner, paused];
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
      const proposed = await one("gov:propose", {
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
      // The burner is no implementation: it has no proxiableUUID.
      expect(proposed.dryRun).to.deep.equal([
        {
          call: 1,
          reason: `ERC1967InvalidImplementation(implementation: ${contracts.TokenBurner})`,
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
      const voted = await one("gov:vote", mine);
      expect(voted).to.deep.include({ voter: voter.address, weight: String(VOTES) });
      expect(voted.votes).to.deep.equal({ against: "0", for: String(VOTES), abstain: "0" });
      const [cast] = await lattice.governor.queryFilter(lattice.governor.filters.VoteCast());
      expect(cast?.args.reason).to.equal("cheaper");
      expectFailure(await chain.run("gov:vote", mine), 1, "a vote cannot be changed");
      const idle = await chain.run("gov:vote", { id, support: "for", from: grantee.address });
      expectFailure(idle, 1, "delegate LAT (gov:delegate) before the vote on the next one starts");
      await one("gov:vote", { id, support: "against", from: minority.address });
    });

    it("is queued when it passed, and executed when the delay is over", async () => {
      expectFailure(await chain.run("gov:queue", { id }), 1, `ends after ${times.voteEnd}`);
      await chain.passTo(seconds(times.voteEnd) + 1);
      expectFailure(await chain.run("gov:execute", { id }), 1, "it passed; queue it (gov:queue)");
      const queued = await one("gov:queue", { id, from: grantee.address });
      expect(queued.state).to.equal("Queued");
      const early = await chain.run("gov:execute", { id });
      expectFailure(early, 1, `it can be executed (gov:execute) from ${queued.executableAt}`);
      await chain.passTo(seconds(queued.executableAt));
      expect(await fee()).to.equal(50_000n);
      const executed = await one("gov:execute", { id, from: grantee.address });
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
      const shown = await one("gov:status", { id });
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

  describe("gov:simulate", () => {
    it("shows on a copy what a proposal would change, and leaves the node as it is", async () => {
      const before = await chain.head();
      const simulated = await one("gov:simulate", setFee("20000"));
      expect(simulated.state).to.equal("Executed");
      const steps = simulated.steps as { step: string }[];
      expect(steps.map(({ step }) => step)).to.deep.equal(["propose", "vote", "queue", "execute"]);
      expect(simulated.voters).to.have.nested.property("[0].address", voter.address);
      expect(simulated.changes).to.deep.equal([
        {
          kind: "parameter",
          subject: "ProtocolFeePpm",
          before: "30000",
          after: "20000",
          text: ["3 %", "2 %"],
        },
      ]);
      expect(await chain.head()).to.equal(before);
      expect(await fee()).to.equal(30_000n);
      expect(records(await chain.run("gov:status", { json: true }))).to.have.lengthOf(2);
    });

    it("takes holders who have not delegated, and shows the roles that change", async () => {
      const holder = chain.signers[0]?.address ?? "";
      const roles = { target: "AccessManager", function: "grantRole" };
      const options = { ...roles, values: ["1", grantee.address, "0"], voter: holder };
      const simulated = await one("gov:simulate", options);
      expect(simulated.voters).to.have.nested.property("[0].delegatedInCopy", true);
      expect(simulated.changes).to.deep.equal([
        {
          kind: "role",
          subject: `role 1 of AccessManager for ${grantee.address}`,
          before: false,
          after: true,
        },
      ]);
      expect(await lattice.token.delegates(holder)).to.match(/^0x0+$/);
    });

    it("GOV-1: shows which implementation an upgrade puts behind a proxy", async () => {
      const { parameters, router, addresses } = lattice;
      const factory = new ModelRegistry__factory(voter);
      const next = await (await factory.deploy(parameters, router)).waitForDeployment();
      const upgrade = { target: "ModelRegistry", function: "upgradeToAndCall" };
      const values = [await next.getAddress(), "0x"];
      const { changes } = await one("gov:simulate", { ...upgrade, values });
      const before = await implementationOf(lattice, addresses.contracts.ModelRegistry);
      expect(changes).to.deep.equal([
        {
          kind: "implementation",
          subject: "ModelRegistry",
          before,
          after: await next.getAddress(),
        },
      ]);
      expect(before).not.to.equal(await next.getAddress());
    });

    it("deploys the protocol in memory when no network is named", async () => {
      const runtime = await runtimeOn("default");
      const values = ["LatticeToken", "false"];
      const options = { target: "JobMarket", function: "setPaymentToken", values, json: true };
      const [simulated] = records(await runTask(runtime, "gov:simulate", options));
      expect(simulated).to.deep.include({ source: "a new deployment in memory", changes: [] });
      expect(simulated?.calls).to.have.nested.property("[0].args[0].meaning", "LatticeToken");
      const events = simulated?.events as { name: string; args: unknown }[];
      expect(events[0]).to.deep.include({ contract: "JobMarket", name: "PaymentTokenSet" });
    });

    it("says when there are not enough votes, or why the execution fails", async () => {
      const few = await chain.run("gov:simulate", { ...setFee("1"), voter: minority.address });
      expectFailure(few, 2, "have 30000000 LAT of votes, the largest 30000000 LAT; the quorum is");
      const empty = await chain.run("gov:simulate", { ...setFee("1"), voter: grantee.address });
      expectFailure(empty, 2, `--voter ${grantee.address} holds no LAT and nobody delegates to it`);
      const values = ["LatticeToken", grantee.address, "1 LAT"];
      const spend = { target: "FeeTreasury", function: "spend", values };
      const refused = `FeeTreasuryInsufficientFunds(token: ${chain.addresses.contracts.LatticeToken}, available: 0, needed: 1000000000000000000)`;
      expectFailure(await chain.run("gov:simulate", spend), 1, `a contract refused: ${refused}`);
    });
  });

  describe("treasury:spend", () => {
    const earned = parseEther("100");
    const lat = (amount: string) => ({ to: grantee.address, amount, description: "Grant" });

    before(async () => {
      const { contracts } = chain.addresses;
      const { escrow, token } = lattice;
      const [deployer] = chain.signers;
      if (!deployer) throw new Error("no deployer");
      await (await token.approve(contracts.PaymentEscrow, earned)).wait();
      await (await escrow.deposit(contracts.LatticeToken, deployer.address, earned)).wait();
      await (await escrow.setMarket(deployer.address, true)).wait();
      await (await escrow.lock(contracts.LatticeToken, deployer.address, earned)).wait();
      const leg = { recipient: contracts.FeeTreasury, amount: earned, toDeposit: false };
      await (await escrow.pay(contracts.LatticeToken, [leg])).wait();
    });

    it("shows what is available and what waits in the escrow", async () => {
      const { funds } = await one("treasury:spend");
      expect(funds).to.deep.include({ available: "0", uncollected: String(earned), symbol: "LAT" });
      const early = await chain.run("treasury:spend", lat("60"));
      expectFailure(early, 2, "0 LAT available, less than 60 LAT; 100 LAT more wait in the escrow");
      const wrong = await chain.run("treasury:spend", { ...lat("60"), token: grantee.address });
      expectFailure(wrong, 2, "is not a contract on this chain");
      expectFailure(await chain.run("treasury:spend", lat("-1")), 2, "not an amount above zero");
    });

    it("SOL-3, GOV-1: collects, proposes, and pays when governance agrees", async () => {
      const { token, treasury } = lattice;
      const options = { ...lat("60"), collect: true, from: voter.address };
      const proposed = await one("treasury:spend", options);
      expect(proposed.funds).to.deep.include({ available: String(earned), uncollected: "0" });
      const id = String(proposed.proposalId);
      await chain.passTo(seconds(proposed.voteStart) + 1);
      await one("gov:vote", { id, support: "for", from: voter.address });
      await chain.passTo(seconds(proposed.voteEnd) + 1);
      const queued = await one("gov:queue", { id });
      await chain.passTo(seconds(queued.executableAt));
      const balances = async () =>
        await Promise.all([token.balanceOf(treasury), token.balanceOf(grantee)]);
      const [held, had] = await balances();
      const simulated = await one("gov:simulate", { id });
      expect(simulated.voters).to.deep.equal([]);
      expect(simulated.changes).to.deep.include({
        kind: "balance",
        subject: `LAT of ${grantee.address}`,
        before: String(had),
        after: String(had + parseEther("60")),
        text: ["0 LAT", "60 LAT"],
      });
      expect(await balances()).to.deep.equal([held, had]);
      const executed = await one("gov:execute", { id });
      expect(executed.events).to.deep.include({
        contract: "FeeTreasury",
        address: chain.addresses.contracts.FeeTreasury,
        name: "TreasurySpent",
        args: {
          token: chain.addresses.contracts.LatticeToken,
          to: grantee.address,
          amount: String(parseEther("60")),
        },
      });
      expect(await balances()).to.deep.equal([held - parseEther("60"), had + parseEther("60")]);
      expect(await treasury.available(token)).to.equal(parseEther("40"));
    });
  });
});
