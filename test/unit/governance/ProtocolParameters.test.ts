import { PARAMETERS, type ParameterName, parameterIndex } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import {
  deployParameters,
  LAT,
  namedSigners,
  PARAMETER_VALUES,
  parameterValues,
} from "../../helpers/custody.ts";

const { ethers, networkHelpers } = await network.create();

const DAY = 86_400n;

// Stated again here on purpose: a changed bound must be changed in two places.
const BOUNDS: Record<ParameterName, [min: bigint, max: bigint]> = {
  ProtocolFeePpm: [0n, 200_000n],
  BurnSharePpm: [0n, 500_000n],
  MaxRoyaltyPpm: [0n, 300_000n],
  CompensationPpm: [0n, 700_000n],
  BountyPpm: [0n, 300_000n],
  MinProvision: [LAT, 1_000_000n * LAT],
  WeightCap: [LAT, 1_000_000_000n * LAT],
  ZkCollateralFloor: [LAT / 1_000n, 1_000_000n * LAT],
  StakeThawSeconds: [60n, 60n * DAY],
  EscrowThawSeconds: [60n, 7n * DAY],
  MinCommitSeconds: [1n, DAY],
  MinProveSeconds: [1n, DAY],
  MaxWindowSeconds: [60n, 30n * DAY],
  MaxReassignments: [0n, 10n],
  EpochSeconds: [1n, DAY],
  RevealSeconds: [1n, DAY],
  WithholdingSlash: [0n, 1_000_000n * LAT],
  BeaconSharePpm: [0n, 500_000n],
  FallbackRanks: [1n, 100n],
  EquivocationSlash: [0n, 1_000_000n * LAT],
  OptimisticCollateralFloor: [LAT / 1_000n, 1_000_000n * LAT],
  QuorumCollateralFloor: [LAT / 1_000n, 1_000_000n * LAT],
  MinBidSeconds: [1n, DAY],
  MinChallengeSeconds: [1n, 7n * DAY],
  ChallengeBond: [LAT / 1_000n, 1_000_000n * LAT],
  OpeningBond: [LAT / 1_000n, 10_000n * LAT],
  ResponseSeconds: [1n, DAY],
};

async function deploy() {
  const { admin, outsider } = await namedSigners(ethers, "admin", "outsider");
  // The longest thaw, so that every other parameter may take all of its range.
  const { manager, parameters } = await deployParameters(ethers, admin, {
    StakeThawSeconds: 60n * DAY,
  });
  return { admin, outsider, manager, parameters };
}

async function deployTypical() {
  const { admin } = await namedSigners(ethers, "admin");
  return { admin, ...(await deployParameters(ethers, admin)) };
}

describe("ProtocolParameters", () => {
  describe("constructor", () => {
    it("stores every value under its name and tells each", async () => {
      const { parameters } = await networkHelpers.loadFixture(deployTypical);
      const deployment = parameters.deploymentTransaction();
      for (const name of PARAMETERS) {
        expect(await parameters.get(parameterIndex(name)), name).to.equal(PARAMETER_VALUES[name]);
        await expect(deployment)
          .to.emit(parameters, "ParameterSet")
          .withArgs(parameterIndex(name), 0n, PARAMETER_VALUES[name]);
      }
    });

    it("names its authority", async () => {
      const { parameters, manager } = await networkHelpers.loadFixture(deployTypical);
      expect(await parameters.authority()).to.equal(manager);
    });

    for (const [what, values] of [
      ["few", parameterValues().slice(1)],
      ["many", [...parameterValues(), 1n]],
    ] as const) {
      it(`reverts when given too ${what} values`, async () => {
        const { manager, parameters } = await networkHelpers.loadFixture(deployTypical);
        await expect(ethers.deployContract("ProtocolParameters", [manager, values]))
          .to.be.revertedWithCustomError(parameters, "ProtocolParametersCountMismatch")
          .withArgs(values.length, PARAMETERS.length);
      });
    }

    it("reverts when a value is out of bounds", async () => {
      const { manager, parameters } = await networkHelpers.loadFixture(deployTypical);
      const values = parameterValues({ WithholdingSlash: 1_000_000n * LAT + 1n });
      await expect(ethers.deployContract("ProtocolParameters", [manager, values]))
        .to.be.revertedWithCustomError(parameters, "ProtocolParametersOutOfBounds")
        .withArgs(
          parameterIndex("WithholdingSlash"),
          1_000_000n * LAT + 1n,
          ...BOUNDS.WithholdingSlash,
        );
    });

    it("reverts when the slash shares reach the whole slash", async () => {
      const { manager, parameters } = await networkHelpers.loadFixture(deployTypical);
      const values = parameterValues({ CompensationPpm: 700_000n, BountyPpm: 300_000n });
      await expect(ethers.deployContract("ProtocolParameters", [manager, values]))
        .to.be.revertedWithCustomError(parameters, "ProtocolParametersSlashSharesTooHigh")
        .withArgs(700_000n, 300_000n);
    });

    it("reverts when stake thaws within the longest window", async () => {
      const { manager, parameters } = await networkHelpers.loadFixture(deployTypical);
      const values = parameterValues({ StakeThawSeconds: 3_600n, MaxWindowSeconds: 3_600n });
      await expect(ethers.deployContract("ProtocolParameters", [manager, values]))
        .to.be.revertedWithCustomError(parameters, "ProtocolParametersThawTooShort")
        .withArgs(3_600n, 3_600n);
    });
  });

  describe("bounds", () => {
    it("are fixed for every parameter", async () => {
      const { parameters } = await networkHelpers.loadFixture(deploy);
      for (const name of PARAMETERS) {
        expect(await parameters.bounds(parameterIndex(name)), name).to.deep.equal(BOUNDS[name]);
      }
    });
  });

  describe("set", () => {
    it("GOV-1: reverts when the caller has no role", async () => {
      const { parameters, outsider } = await networkHelpers.loadFixture(deploy);
      await expect(parameters.connect(outsider).set(parameterIndex("ProtocolFeePpm"), 1n))
        .to.be.revertedWithCustomError(parameters, "AccessManagedUnauthorized")
        .withArgs(outsider);
    });

    for (const name of PARAMETERS) {
      it(`GOV-1: sets ${name} within its bounds only, and no other`, async () => {
        const { parameters, admin } = await networkHelpers.loadFixture(deploy);
        const [min, max] = BOUNDS[name];
        const index = parameterIndex(name);
        const governed = parameters.connect(admin);
        const before = await Promise.all(PARAMETERS.map((_, at) => parameters.get(at)));
        // The thaw may not fall to the longest window; its least value has a test of its own.
        const least = name === "StakeThawSeconds" ? PARAMETER_VALUES.MaxWindowSeconds + 1n : min;
        for (const value of [least, max]) {
          const old = await parameters.get(index);
          await expect(governed.set(index, value))
            .to.emit(parameters, "ParameterSet")
            .withArgs(index, old, value);
          for (const [at, other] of before.entries()) {
            expect(await parameters.get(at)).to.equal(at === index ? value : other);
          }
        }
        for (const value of min === 0n
          ? [max + 1n, 2n ** 255n]
          : [min - 1n, max + 1n, 2n ** 255n]) {
          await expect(governed.set(index, value))
            .to.be.revertedWithCustomError(parameters, "ProtocolParametersOutOfBounds")
            .withArgs(index, value, min, max);
        }
      });
    }

    it("reverts when compensation and bounty would reach the whole slash", async () => {
      const { parameters, admin } = await networkHelpers.loadFixture(deploy);
      const governed = parameters.connect(admin);
      await governed.set(parameterIndex("CompensationPpm"), 700_000n);
      await governed.set(parameterIndex("BountyPpm"), 299_999n);
      await expect(governed.set(parameterIndex("BountyPpm"), 300_000n))
        .to.be.revertedWithCustomError(parameters, "ProtocolParametersSlashSharesTooHigh")
        .withArgs(700_000n, 300_000n);
    });

    it("reverts when stake would thaw within the longest window", async () => {
      const { parameters, admin } = await networkHelpers.loadFixture(deployTypical);
      const governed = parameters.connect(admin);
      await governed.set(parameterIndex("StakeThawSeconds"), 3_601n);
      await expect(governed.set(parameterIndex("StakeThawSeconds"), 3_600n))
        .to.be.revertedWithCustomError(parameters, "ProtocolParametersThawTooShort")
        .withArgs(3_600n, 3_600n);
      await expect(governed.set(parameterIndex("MaxWindowSeconds"), 3_601n))
        .to.be.revertedWithCustomError(parameters, "ProtocolParametersThawTooShort")
        .withArgs(3_601n, 3_601n);
    });
  });

  describe("grouped views", () => {
    it("agree with the single values", async () => {
      const { parameters } = await networkHelpers.loadFixture(deployTypical);
      const values = PARAMETER_VALUES;
      const floors = [
        values.ZkCollateralFloor,
        values.OptimisticCollateralFloor,
        values.QuorumCollateralFloor,
      ];
      for (const [tier, floor] of floors.entries()) {
        expect(await parameters.orderRules(tier)).to.deep.equal([
          floor,
          values.MinBidSeconds,
          values.MinCommitSeconds,
          values.MinProveSeconds,
          values.MinChallengeSeconds,
          values.MaxWindowSeconds,
          values.MaxReassignments,
          values.ProtocolFeePpm,
        ]);
      }
      expect(await parameters.feeShares()).to.deep.equal([
        values.BurnSharePpm,
        values.BeaconSharePpm,
      ]);
      expect(await parameters.slashParameters()).to.deep.equal([
        values.CompensationPpm,
        values.BountyPpm,
      ]);
      expect(await parameters.beaconParameters()).to.deep.equal([
        values.EpochSeconds,
        values.RevealSeconds,
        values.WithholdingSlash,
        values.FallbackRanks,
      ]);
    });
  });
});
