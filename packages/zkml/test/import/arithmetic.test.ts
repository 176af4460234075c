import { expect } from "chai";
import {
  CALIBRATION_METHODS,
  chooseQuantisation,
  fromRange,
} from "../../src/import/calibration/scales.ts";
import { StatisticsCollector } from "../../src/import/calibration/statistics.ts";
import { roundHalfEven } from "../../src/import/float/fold-quantised.ts";
import { affine, compose, erf, gelu, table } from "../../src/import/float/pointwise.ts";
import { IntegerEmitter } from "../../src/import/quantiser/emitter.ts";
import { fixedPoints, shortRatioBelow } from "../../src/import/quantiser/fixed-point.ts";
import { interpret } from "../../src/interpreter/interpret.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { createTensor } from "../../src/ir/tensor.ts";

describe("import arithmetic", () => {
  describe("requantise", () => {
    it("computes min(max(floor(x / 2^shift), low), high), per channel too", () => {
      const random = new SeededRandom(61);
      for (let trial = 0; trial < 60; trial++) {
        const channels = random.pick([1, 3]);
        const exponents = Array.from({ length: channels }, () => random.integer(0, 6));
        const low = random.pick([0, 0, 0, 3, 128]);
        const high = random.pick([255, 255, 127 + low / 128, 200, low + 1]);
        const emitter = new IntegerEmitter("requantise");
        const input = emitter.addInput("x", [channels, 256]);
        const wide = emitter.cast("wide", input, "int32");
        const spread = emitter.times("spread", wide, [], [random.integer(1, 400)]);
        const value = emitter.plus("sum", spread, [], [random.integer(-40_000, 100)]);
        const shape = channels === 1 ? [] : [channels, 1];
        const shifts = { shape, exponents: channels === 1 ? exponents.slice(0, 1) : exponents };
        const result = emitter.requantise("q", { value, shifts }, low, Math.floor(high));
        const graph = emitter.finish([result, value]);
        const bytes = Array.from({ length: channels * 256 }, (_, i) => i % 256);
        const { outputs } = interpret(graph, createTensor("uint8", [channels, 256], bytes));
        const sums = outputs.get(value)?.data ?? [];
        const expected = Array.from(sums, (sum, i) => {
          const quotient = Math.floor(sum / 2 ** (exponents[Math.floor(i / 256)] as number));
          return Math.min(Math.max(quotient, low), Math.floor(high));
        });
        expect(Array.from(outputs.get(result)?.data ?? [])).to.deep.equal(expected);
      }
    });
  });

  describe("fixed-point multipliers", () => {
    it("stay within a 512th once they have ten bits, with no more bits than that needs", () => {
      const random = new SeededRandom(62);
      for (let i = 0; i < 500; i++) {
        const ratio = 2 ** random.between(-9, 3) * random.pick([1, -1]);
        const { multipliers, shift, error } = fixedPoints([ratio], 12);
        const [multiplier = 0] = multipliers;
        expect(Math.abs(multiplier / 2 ** shift / ratio - 1)).to.be.closeTo(error, 1e-12);
        expect(error).to.be.at.most(1 / 512);
        expect(Math.abs(multiplier)).to.be.at.most(2 ** 10);
      }
    });

    it("use a bare shift for a power of two", () => {
      expect(fixedPoints([1 / 64], 12)).to.deep.equal({ multipliers: [1], shift: 6, error: 0 });
    });

    it("find short ratios at most seven per cent below", () => {
      const random = new SeededRandom(63);
      for (let i = 0; i < 500; i++) {
        const ratio = 2 ** random.between(-12, 4);
        const below = shortRatioBelow(ratio);
        expect(ratio / below).to.be.within(1, 1.0701);
      }
    });
  });

  describe("scales", () => {
    function statisticsOf(values: Float64Array) {
      const collector = new StatisticsCollector();
      expect(collector.addRange(values)).to.equal(-1);
      collector.addHistogram(values);
      return collector.finish();
    }

    it("hold zero exactly and need no zero point without negative values", () => {
      const random = new SeededRandom(64);
      const values = Float64Array.from({ length: 4000 }, () => random.normal() ** 2);
      for (const method of CALIBRATION_METHODS) {
        expect(chooseQuantisation(statisticsOf(values), method).zeroPoint).to.equal(0);
        const { zeroPoint } = chooseQuantisation(statisticsOf(values.map((v) => v - 1)), method);
        expect(zeroPoint).to.be.within(1, 254);
      }
    });

    it("clip outliers by percentile and for the least squared error", () => {
      const random = new SeededRandom(65);
      const values = Float64Array.from({ length: 100_000 }, () => Math.abs(random.normal()));
      values[0] = 40;
      const [all, most, least] = CALIBRATION_METHODS.map(
        (method) => chooseQuantisation(statisticsOf(values), method).scale,
      ) as [number, number, number];
      expect(all).to.be.closeTo(40 / 255, 1e-9);
      expect(most).to.be.lessThan(all / 4);
      expect(least).to.be.lessThan(all);
    });

    it("find any scale good for a value that is always zero", () => {
      expect(fromRange(0, 0)).to.deep.equal({ scale: 1, zeroPoint: 0 });
    });

    it("report the first element that is not finite", () => {
      const collector = new StatisticsCollector();
      expect(collector.addRange([1, Number.NaN])).to.equal(1);
      expect(collector.addRange([Number.POSITIVE_INFINITY])).to.equal(0);
    });
  });

  describe("pointwise functions", () => {
    it("compose clamped affine functions without a table", () => {
      const random = new SeededRandom(66);
      const any = () => {
        const ends = [random.between(-3, 3), random.between(-3, 3)].sort((a, b) => a - b);
        return affine(random.between(-2, 2), random.between(-2, 2), ends[0], ends[1]);
      };
      for (let i = 0; i < 300; i++) {
        const [outer, inner] = [any(), any()];
        const both = compose(outer, inner);
        const { factor, offset, low, high } = both.affine ?? {
          factor: 0,
          offset: 0,
          low: 0,
          high: 0,
        };
        for (let x = -4; x <= 4; x += 0.5) {
          const direct = outer.apply(inner.apply(x));
          expect(both.apply(x)).to.be.closeTo(direct, 1e-9);
          const merged = Math.min(Math.max(factor * x + offset, low), high);
          expect(merged).to.be.closeTo(direct, 1e-9);
        }
      }
    });

    it("need a table for anything else", () => {
      expect(compose(affine(1, 0, 0), table(Math.tanh)).affine).to.equal(undefined);
      expect(compose(affine(0, 1), affine(1, 0, 0)).affine).to.equal(undefined);
    });

    it("know erf and GELU to seven digits", () => {
      expect(erf(0.5)).to.be.closeTo(0.5204998778, 2e-7);
      expect(erf(-2)).to.be.closeTo(-0.995322265, 2e-7);
      expect(gelu(1)).to.be.closeTo(0.8413447461, 2e-7);
    });
  });

  it("rounds ties to even", () => {
    expect(
      [0.5, 1.5, 2.5, -0.5, -1.5, 2.4, 2.6].map(roundHalfEven).map((v) => v + 0),
    ).to.deep.equal([0, 2, 2, 0, -2, 2, 3]);
  });
});
