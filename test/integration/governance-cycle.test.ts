import { parameterIndex } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { PARAMETER_VALUES } from "../helpers/custody.ts";
import {
  deployGovernance,
  type ProposedCall,
  proposal,
  TIMELOCK_DELAY,
  VOTE,
  VOTING_DELAY,
  VOTING_PERIOD,
} from "../helpers/governance.ts";

const { ethers, networkHelpers } = await network.create();
const { time } = networkHelpers;
const FEE = parameterIndex("ProtocolFeePpm");

async function deploy() {
  const fixture = await deployGovernance(ethers);
  const { governor, voter, minority } = fixture;

  /** Proposes `calls` and lets the majority pass them; ready to be queued. */
  const pass = async (calls: ProposedCall[], text: string) => {
    const { toPropose, toRun } = await proposal(ethers, calls, text);
    await governor.connect(voter).propose(...toPropose);
    const id = await governor.hashProposal(...toRun);
    await time.increase(VOTING_DELAY + 1);
    await governor.connect(minority).castVote(id, VOTE.against);
    await governor.connect(voter).castVote(id, VOTE.for);
    await time.increase(VOTING_PERIOD);
    return { id, toRun };
  };
  const setFee = (value: bigint): ProposedCall => ({
    target: fixture.parameters,
    data: fixture.parameters.interface.encodeFunctionData("set", [FEE, value]),
  });
  return { ...fixture, pass, setFee };
}

describe("Governance", () => {
  describe("a parameter change", () => {
    it("GOV-1: is proposed, voted, queued, and executed by anyone after the delay", async () => {
      const { governor, timelock, parameters, outsider, pass, setFee } =
        await networkHelpers.loadFixture(deploy);
      const { id, toRun } = await pass([setFee(30_000n)], "Fee to 3 per cent");

      const queuedAt = (await time.latest()) + 5;
      await time.setNextBlockTimestamp(queuedAt);
      const queuing = governor.connect(outsider).queue(...toRun);
      const ready = queuedAt + TIMELOCK_DELAY;
      await expect(queuing).to.emit(governor, "ProposalQueued").withArgs(id, ready);
      await expect(queuing).to.emit(timelock, "CallScheduled");

      const [targets, values, datas, textHash] = toRun;
      // The governor salts the operation with its own address.
      const own = BigInt(await governor.getAddress()) << 96n;
      const salt = ethers.toBeHex(BigInt(textHash) ^ own, 32);
      const root = ethers.ZeroHash;
      const operation = await timelock.hashOperationBatch(targets, values, datas, root, salt);
      // TimelockController.OperationState.Ready is 2; the error holds the expected states as bits.
      await expect(governor.connect(outsider).execute(...toRun))
        .to.be.revertedWithCustomError(timelock, "TimelockUnexpectedOperationState")
        .withArgs(operation, ethers.toBeHex(1n << 2n, 32));
      expect(await parameters.get(FEE)).to.equal(PARAMETER_VALUES.ProtocolFeePpm);

      await time.increaseTo(ready);
      const executing = governor.connect(outsider).execute(...toRun);
      await expect(executing).to.emit(governor, "ProposalExecuted").withArgs(id);
      await expect(executing)
        .to.emit(parameters, "ParameterSet")
        .withArgs(FEE, PARAMETER_VALUES.ProtocolFeePpm, 30_000n);
      expect((await parameters.orderRules(0)).protocolFeePpm).to.equal(30_000n);
    });

    it("GOV-1: cannot leave the bounds, even by a vote", async () => {
      const { governor, parameters, pass, setFee } = await networkHelpers.loadFixture(deploy);
      const { toRun } = await pass([setFee(200_001n)], "Fee too high");
      await governor.queue(...toRun);
      await time.increase(TIMELOCK_DELAY);
      await expect(governor.execute(...toRun))
        .to.be.revertedWithCustomError(parameters, "ProtocolParametersOutOfBounds")
        .withArgs(FEE, 200_001n, 0n, 200_000n);
    });

    it("GOV-1: is refused to the deployer, the voters and the governor itself", async () => {
      const { parameters, deployer, voter, governor, outsider } =
        await networkHelpers.loadFixture(deploy);
      const governorAddress = await governor.getAddress();
      await networkHelpers.impersonateAccount(governorAddress);
      await networkHelpers.setBalance(governorAddress, 10n ** 18n);
      const asGovernor = await ethers.getSigner(governorAddress);
      for (const caller of [deployer, voter, outsider, asGovernor]) {
        await expect(parameters.connect(caller).set(FEE, 1n))
          .to.be.revertedWithCustomError(parameters, "AccessManagedUnauthorized")
          .withArgs(caller);
      }
    });

    it("GOV-1: cannot be scheduled in the timelock past the governor", async () => {
      const { timelock, voter, setFee } = await networkHelpers.loadFixture(deploy);
      const { target, data } = setFee(1n);
      const salt = ethers.ZeroHash;
      await expect(
        timelock.connect(voter).schedule(target, 0n, data, ethers.ZeroHash, salt, TIMELOCK_DELAY),
      )
        .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
        .withArgs(voter, await timelock.PROPOSER_ROLE());
    });
  });

  describe("the treasury", () => {
    it("GOV-1: is spent by a passed proposal only", async () => {
      const { governor, manager, parameters, lat, deployer, outsider, pass } =
        await networkHelpers.loadFixture(deploy);
      const escrow = await ethers.deployContract("PaymentEscrow", [parameters]);
      const treasury = await ethers.deployContract("FeeTreasury", [
        manager,
        escrow,
        parameters,
        lat,
        outsider,
      ]);
      const market = deployer;
      await lat.approve(escrow, 200n);
      await escrow.deposit(lat, deployer, 200n);
      await escrow.setMarket(market, true);
      await escrow.lock(lat, deployer, 200n);
      await escrow.pay(lat, [{ recipient: treasury, amount: 200n, toDeposit: false }]);
      await treasury.collect(lat);
      const collected = await treasury.available(lat);

      const data = treasury.interface.encodeFunctionData("spend", [
        await lat.getAddress(),
        outsider.address,
        60n,
      ]);
      const { toRun } = await pass([{ target: treasury, data }], "Grant");
      await governor.queue(...toRun);
      await time.increase(TIMELOCK_DELAY);
      const executing = governor.execute(...toRun);
      await expect(executing).to.emit(treasury, "TreasurySpent").withArgs(lat, outsider, 60n);
      await expect(executing).to.changeTokenBalances(
        ethers,
        lat,
        [treasury, outsider],
        [-60n, 60n],
      );
      expect(await treasury.available(lat)).to.equal(collected - 60n);
    });
  });
});
