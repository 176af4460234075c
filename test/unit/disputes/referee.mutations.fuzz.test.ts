import { encodeStepEvidence } from "@lattice/sdk";
import { knownTrace, openStep } from "@lattice/zkml";
import { expect } from "chai";
import { getBytes, hexlify } from "ethers";
import { network } from "hardhat";
import { SeededRandom } from "../../../packages/zkml/src/ir/random.ts";
import { committedRun } from "../../../packages/zkml/test/helpers/committed-runs.ts";
import { CASE_GRAPHS, randomStep } from "../../helpers/disputes/cases.ts";
import { deployReferee, rootsOf } from "../../helpers/disputes/referee.ts";

const connection = await network.create();

/** Cases in all; `npm run test:deep -- disputes` takes 20 000. */
const CASES = Number(
  process.env.LATTICE_DISPUTE_CASES ?? (process.env.LATTICE_DEEP === "1" ? 20_000 : 800),
);
const MUTATIONS_PER_STEP = 8;
const WORD = 32;

/** Evidence with some bytes, or whole words, that are not what they were. */
function mutated(evidence: Uint8Array, random: SeededRandom): Uint8Array {
  const bytes = evidence.slice();
  const words = bytes.length / WORD;
  const word = () => random.integer(0, words - 1) * WORD;
  switch (random.integer(0, 4)) {
    case 0:
      bytes.copyWithin(word(), word(), word() + WORD);
      return bytes;
    case 1:
      bytes.fill(0, word(), word());
      return bytes;
    case 2:
      return bytes.slice(0, random.integer(0, bytes.length));
    case 3: {
      // Small numbers are offsets, lengths, indices: the last byte of a word.
      const at = word() + WORD - 1;
      bytes[at] = (bytes[at] as number) + random.pick([1, 255, 32, 224]);
      return bytes;
    }
    default:
      for (let i = random.integer(1, 4); i > 0; i--) {
        bytes[random.integer(0, bytes.length - 1)] = random.integer(0, 255);
      }
      return bytes;
  }
}

describe("OperatorReferee", () => {
  describe("isWrongStep", () => {
    it("never convicts a right trace, whatever is done to evidence (DIS-7)", async function () {
      this.timeout(3_600_000);
      const referee = await deployReferee(connection);
      const random = new SeededRandom(0x3a7a);
      const makers = Object.values(CASE_GRAPHS);
      let [cases, refused] = [0, 0];
      while (cases < CASES) {
        const run = committedRun(random.pick(makers)(random), random);
        const roots = rootsOf(run, run.trace);
        const at = randomStep(run, random);
        const evidence = getBytes(encodeStepEvidence(openStep(run, knownTrace(run.trace), at)));
        for (let i = 0; i < MUTATIONS_PER_STEP; i++, cases++) {
          const attack = hexlify(mutated(evidence, random));
          const convicted = await referee.judgeBytes(roots, attack).catch(() => {
            refused++;
            return false;
          });
          expect(convicted, `${JSON.stringify(at)} ${attack}`).to.equal(false);
        }
      }
      expect(refused).to.be.greaterThan(cases / 2);
    });
  });
});
