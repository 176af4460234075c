import { parameterIndex } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { LAT, SUPPLY } from "../../helpers/custody.ts";
import {
  deployGovernance,
  PROPOSAL_THRESHOLD,
  proposal,
  QUORUM_PERCENT,
  VOTING_DELAY,
  VOTING_PERIOD,
} from "../../helpers/governance.ts";

const { ethers, networkHelpers } = await network.create();
const { time } = networkHelpers;
// IGovernor.ProposalState
const PENDING = 0n;
const CANCELED = 2n;
const DEFEATED = 3n;

async function deploy() {
  return deployGovernance(ethers);
}

async function deployProposed() {
  const fixture = await deploy();
  const { governor, parameters, voter } = fixture;
  const data = parameters.interface.encodeFunctionData("set", [
    parameterIndex("ProtocolFeePpm"),
    1n,
  ]);
  const calls = await proposal(ethers, [{ target: parameters, data }], "Lower the fee");
  const proposing = await governor.connect(voter).propose(...calls.toPropose);
  const id = await governor.hashProposal(...calls.toRun);
  return { ...fixture, ...calls, proposing, id };
}

describe("LatticeGovernor", () => {
  describe("constructor", () => {
    it("fixes token, timelock and settings, with seconds as the clock", async () => {
      const { governor, lat, timelock } = await networkHelpers.loadFixture(deploy);
      expect(await governor.name()).to.equal("LatticeGovernor");
      expect(await governor.token()).to.equal(lat);
      expect(await governor.timelock()).to.equal(timelock);
      expect(await governor.CLOCK_MODE()).to.equal("mode=timestamp");
      expect(await governor.clock()).to.equal(await time.latest());
      expect(await governor.votingDelay()).to.equal(VOTING_DELAY);
      expect(await governor.votingPeriod()).to.equal(VOTING_PERIOD);
      expect(await governor.proposalThreshold()).to.equal(PROPOSAL_THRESHOLD);
    });

    it("needs the stated per cent of the supply as quorum", async () => {
      const { governor } = await networkHelpers.loadFixture(deploy);
      const now = await time.latest();
      await time.increase(1);
      expect(await governor.quorum(now)).to.equal((SUPPLY * QUORUM_PERCENT) / 100n);
    });
  });

  describe("propose", () => {
    it("opens a proposal that needs queuing", async () => {
      const { governor, voter, proposing, id, toPropose } =
        await networkHelpers.loadFixture(deployProposed);
      const [targets, values, datas, text] = toPropose;
      const now = BigInt(await time.latest());
      const start = now + BigInt(VOTING_DELAY);
      const end = start + BigInt(VOTING_PERIOD);
      await expect(proposing)
        .to.emit(governor, "ProposalCreated")
        .withArgs(id, voter, targets, values, [""], datas, start, end, text);
      expect(await governor.state(id)).to.equal(PENDING);
      expect(await governor.proposalNeedsQueuing(id)).to.equal(true);
    });

    it("reverts when the proposer has too few votes", async () => {
      const { governor, outsider, toPropose } = await networkHelpers.loadFixture(deployProposed);
      const [targets, values, datas] = toPropose;
      await expect(governor.connect(outsider).propose(targets, values, datas, "Other"))
        .to.be.revertedWithCustomError(governor, "GovernorInsufficientProposerVotes")
        .withArgs(outsider, 0n, PROPOSAL_THRESHOLD);
    });
  });

  describe("cancel", () => {
    it("takes a pending proposal back for its proposer", async () => {
      const { governor, voter, id, toRun } = await networkHelpers.loadFixture(deployProposed);
      await expect(governor.connect(voter).cancel(...toRun))
        .to.emit(governor, "ProposalCanceled")
        .withArgs(id);
      expect(await governor.state(id)).to.equal(CANCELED);
    });

    it("reverts for anyone else", async () => {
      const { governor, outsider, id, toRun } = await networkHelpers.loadFixture(deployProposed);
      await expect(governor.connect(outsider).cancel(...toRun))
        .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
        .withArgs(id, outsider);
    });
  });

  describe("state", () => {
    it("is defeated without a quorum, and then cannot be queued", async () => {
      const { governor, outsider, lat, voter, id, toRun } =
        await networkHelpers.loadFixture(deployProposed);
      await time.increase(VOTING_DELAY + 1);
      // Voting power was fixed before: tokens received during the vote do not count.
      await lat.connect(voter).transfer(outsider, 50_000_000n * LAT);
      await lat.connect(outsider).delegate(outsider);
      await governor.connect(outsider).castVote(id, 1);
      await time.increase(VOTING_PERIOD);
      expect(await governor.state(id)).to.equal(DEFEATED);
      await expect(governor.queue(...toRun))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(id, DEFEATED, ethers.zeroPadValue("0x10", 32));
    });
  });
});
