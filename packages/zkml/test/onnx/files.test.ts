import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import type { OperatorName } from "../../src/ir/graph.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { loadModel } from "../../src/onnx/load-model.ts";
import { readOnnx } from "../../src/onnx/read.ts";
import { writeOnnx } from "../../src/onnx/write.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { modelBytes } from "../helpers/protos.ts";
import { RANDOM_GRAPHS } from "../helpers/random-graphs.ts";
import { smallConvnet } from "../helpers/small-convnet.ts";

describe("model files", () => {
  describe("writeOnnx", () => {
    for (const op of Object.keys(RANDOM_GRAPHS) as OperatorName[]) {
      it(`writes ${op} so that it reads back the same`, () => {
        const random = new SeededRandom(31);
        for (let i = 0; i < 30; i++) {
          const graph = RANDOM_GRAPHS[op](random);
          expect(readOnnx(writeOnnx(graph))).to.deep.equal(graph);
        }
      });
    }

    it("writes a network so that it reads back the same", () => {
      const graph = smallConvnet(new SeededRandom(8));
      expect(readOnnx(writeOnnx(graph))).to.deep.equal(graph);
    });

    it("writes the same bytes for the same graph", () => {
      const bytes = () => writeOnnx(smallConvnet(new SeededRandom(8)));
      expect(bytes()).to.deep.equal(bytes());
    });
  });

  describe("loadModel", () => {
    let folder: string;

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "lattice-onnx-"));
    });

    after(() => rm(folder, { recursive: true }));

    it("loads bytes, a path and a file URL alike", async () => {
      const bytes = modelBytes();
      const path = join(folder, "model.onnx");
      await writeFile(path, bytes);
      const loaded = await loadModel(bytes);
      expect(await loadModel(path)).to.deep.equal(loaded);
      expect(await loadModel(pathToFileURL(path))).to.deep.equal(loaded);
    });

    it("says that a file is missing", () => {
      const path = join(folder, "missing.onnx");
      return expectZkmlError(() => loadModel(path), {
        code: "MODEL_NOT_FOUND",
        metadata: { path },
        message: /check the path/,
      });
    });

    it("says that a folder is not a model, and that trying again may help", async () => {
      const error = await expectZkmlError(() => loadModel(folder), {
        code: "MODEL_UNREADABLE",
        metadata: { reason: "EISDIR" },
      });
      expect(error.retryable).to.equal(true);
    });

    it("says that a file is corrupt", async () => {
      const path = join(folder, "corrupt.onnx");
      await writeFile(path, modelBytes().subarray(0, 40));
      const error = await expectZkmlError(() => loadModel(path), { code: "MODEL_CORRUPT" });
      expect(error.retryable).to.equal(false);
    });

    it("refuses a file above the limit before reading it", async () => {
      const path = join(folder, "large.onnx");
      await writeFile(path, modelBytes());
      await expectZkmlError(() => loadModel(path, { maxBytes: 10 }), {
        code: "MODEL_TOO_LARGE",
        metadata: { path, limit: 10 },
      });
    });
  });
});
