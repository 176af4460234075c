import { expect } from "chai";
import { network } from "hardhat";
import { SeededRandom } from "../../../packages/zkml/src/ir/random.ts";
import { CASE_GRAPHS, judgeGraph } from "../../helpers/disputes/cases.ts";
import { deployReferee } from "../../helpers/disputes/referee.ts";

const connection = await network.create();

/** Cases in all; `npm run test:deep -- disputes` takes 50 000. */
const CASES = Number(
  process.env.LATTICE_DISPUTE_CASES ?? (process.env.LATTICE_DEEP === "1" ? 50_000 : 2_500),
);
const STEPS_PER_GRAPH = 5;
const MAKERS = Object.entries(CASE_GRAPHS);

describe("OperatorReferee", () => {
  describe("isWrongStep", () => {
    describe("on random steps, right and falsified", function () {
      this.timeout(3_600_000);
      for (const [index, [name, make]] of MAKERS.entries()) {
        it(`${name}: right elements are right, and no other (DIS-7, DIS-5)`, async () => {
          const referee = await deployReferee(connection);
          const random = new SeededRandom(0xd15 + index);
          let cases = 0;
          while (cases < CASES / MAKERS.length) {
            cases += await judgeGraph(referee, make(random), random, STEPS_PER_GRAPH);
          }
          expect(cases).to.be.at.least(Math.floor(CASES / MAKERS.length));
        });
      }
    });
  });
});
