import { type Lattice, parameterIndex } from "@lattice/sdk";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { getAddress, id } from "ethers";
import { VerifierRouter__factory } from "../../typechain-types/factories/contracts/verification/VerifierRouter__factory.ts";
import { expectFailure } from "./support/expectations.ts";
import { records, runTask, runtimeOn, type TaskChain } from "./support/task-chain.ts";
import { delegateVotes, openVotingChain } from "./support/voting-chain.ts";

const FEE = parameterIndex("ProtocolFeePpm");

/** The implementation behind a proxy (ERC-1967). */
async function implementationOf({ runner }: Lattice, proxy: string): Promise<string> {
  const slot = BigInt(id("eip1967.proxy.implementation")) - 1n;
  const word = await runner.provider?.getStorage(proxy, slot);
  return getAddress(`0x${word?.slice(-40)}`);
}

describe("gov:simulate", function () {
  this.timeout(120_000);

  let chain: TaskChain;
  let lattice: Lattice;
  let deployer: HardhatEthersSigner;
  let voter: HardhatEthersSigner;
  let minority: HardhatEthersSigner;
  let grantee: HardhatEthersSigner;

  const setFee = (value: string) => ({ parameter: "ProtocolFeePpm", value });

  before(async () => {
    const world = await openVotingChain();
    await delegateVotes(world);
    ({ chain, lattice, deployer, voter, minority, grantee } = world);
  });
  after(async () => {
    await chain?.close();
  });

  it("shows on a copy what a proposal would change, and leaves the node as it is", async () => {
    const before = await chain.head();
    const simulated = await chain.one("gov:simulate", setFee("20000"));
    expect(simulated.state).to.equal("Executed");
    const steps = simulated.steps as { step: string }[];
    expect(steps.map(({ step }) => step)).to.deep.equal(["propose", "vote", "queue", "execute"]);
    expect(simulated.voters).to.have.nested.property("[0].address", voter.address);
    expect(simulated.changes).to.deep.equal([
      {
        kind: "parameter",
        subject: "ProtocolFeePpm",
        before: "50000",
        after: "20000",
        text: ["5 %", "2 %"],
      },
    ]);
    expect(await chain.head()).to.equal(before);
    expect(await lattice.parameters.get(FEE)).to.equal(50_000n);
    expect(records(await chain.run("gov:status", { json: true }))).to.deep.equal([]);
  });

  it("takes holders who have not delegated, and shows the roles that change", async () => {
    const roles = { target: "AccessManager", function: "grantRole" };
    const options = { ...roles, values: ["1", grantee.address, "0"], voter: deployer.address };
    const simulated = await chain.one("gov:simulate", options);
    expect(simulated.voters).to.have.nested.property("[0].delegatedInCopy", true);
    expect(simulated.changes).to.deep.equal([
      {
        kind: "role",
        subject: `role 1 of AccessManager for ${grantee.address}`,
        before: false,
        after: true,
      },
    ]);
    expect(await lattice.token.delegates(deployer)).to.match(/^0x0+$/);
  });

  it("GOV-1: shows which implementation an upgrade puts behind a proxy", async () => {
    const { addresses } = lattice;
    const next = await (await new VerifierRouter__factory(voter).deploy()).waitForDeployment();
    const upgrade = { target: "VerifierRouter", function: "upgradeToAndCall" };
    const values = [await next.getAddress(), "0x"];
    const { changes } = await chain.one("gov:simulate", { ...upgrade, values });
    const before = await implementationOf(lattice, addresses.contracts.VerifierRouter);
    expect(changes).to.deep.equal([
      {
        kind: "implementation",
        subject: "VerifierRouter",
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
