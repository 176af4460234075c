import { expect } from "chai";
import type { ZkmlErrorCode } from "../../src/errors/zkml-error.ts";
import { readOnnx } from "../../src/onnx/read.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { modelBytes } from "../helpers/protos.ts";

describe("readOnnx", () => {
  describe("malformed files", () => {
    it("refuses an empty file", () =>
      expectZkmlError(() => readOnnx(new Uint8Array()), { code: "MODEL_CORRUPT" }));

    it("refuses text", () =>
      expectZkmlError(() => readOnnx(new TextEncoder().encode("<!doctype html><p>404</p>")), {
        code: "MODEL_CORRUPT",
      }));

    it("refuses a valid message that holds no graph", () =>
      expectZkmlError(() => readOnnx(Uint8Array.of(8, 8)), {
        code: "MODEL_CORRUPT",
        message: /no graph/,
      }));

    it("refuses every truncation with a ZkmlError", () => {
      const bytes = modelBytes();
      for (let length = 0; length < bytes.length; length++) {
        const error = thrownCode(() => readOnnx(bytes.subarray(0, length)));
        expect(["MODEL_CORRUPT", "UNSUPPORTED_OPSET"]).to.include(error);
      }
    });

    it("survives every single-byte change: a graph or a ZkmlError", () => {
      const original = modelBytes();
      let refused = 0;
      for (let i = 0; i < original.length; i++) {
        for (const flip of [0x01, 0x80, 0xff]) {
          const bytes = Uint8Array.from(original);
          bytes[i] = (bytes[i] as number) ^ flip;
          if (thrownCode(() => readOnnx(bytes), true) !== undefined) refused++;
        }
      }
      expect(refused).to.be.greaterThan(original.length);
    });

    it("refuses numbers of more than 64 bits", async () => {
      const wide = new Array<number>(9).fill(0xff);
      for (const last of [[0x02], [0x80, 0x00]]) {
        await expectZkmlError(() => readOnnx(Uint8Array.of(8, ...wide, ...last)), {
          code: "MODEL_CORRUPT",
          message: /longer than 64 bits/,
        });
      }
    });

    it("refuses a repeated graph, which protobuf would merge", () => {
      const bytes = modelBytes();
      const twice = Uint8Array.from([...bytes, ...bytes]);
      return expectZkmlError(() => readOnnx(twice), {
        code: "MODEL_CORRUPT",
        message: /occurs twice/,
      });
    });

    it("refuses more messages than any real model has", () => {
      // 2^21 empty nodes: two bytes each in the file.
      const nodes = new Uint8Array(2 ** 22);
      for (let i = 0; i < nodes.length; i += 2) nodes[i] = 0x0a;
      const header = [0x3a, 0x80, 0x80, 0x80, 0x02];
      const bytes = new Uint8Array(header.length + nodes.length);
      bytes.set(header);
      bytes.set(nodes, header.length);
      return expectZkmlError(() => readOnnx(bytes), { code: "MODEL_TOO_LARGE" });
    });

    it("refuses a file above the size limit", () => {
      const bytes = modelBytes();
      return expectZkmlError(() => readOnnx(bytes, { maxBytes: bytes.length - 1 }), {
        code: "MODEL_TOO_LARGE",
        metadata: { bytes: bytes.length, limit: bytes.length - 1 },
      });
    });
  });

  describe("opsets", () => {
    const refused: Record<string, { domain: string; version: number }[]> = {
      none: [],
      "too old": [{ domain: "", version: 12 }],
      "too new": [{ domain: "", version: 22 }],
      negative: [{ domain: "", version: -1 }],
      ambiguous: [
        { domain: "", version: 17 },
        { domain: "ai.onnx", version: 15 },
      ],
      "only foreign": [{ domain: "com.example", version: 17 }],
    };
    for (const [name, opsets] of Object.entries(refused)) {
      it(`refuses a model with an opset that is ${name}`, () =>
        expectZkmlError(() => readOnnx(modelBytes({}, { opsets })), {
          code: "UNSUPPORTED_OPSET",
          metadata: { min: 13, max: 21 },
        }));
    }

    for (const version of [13, 21]) {
      it(`accepts opset ${version}`, () => {
        const bytes = modelBytes({}, { opsets: [{ domain: "ai.onnx", version }] });
        expect(readOnnx(bytes).nodes).to.have.length(1);
      });
    }
  });
});

/** The code of the ZkmlError thrown; any other error fails the test. */
function thrownCode(action: () => unknown, mayPass = false): ZkmlErrorCode | undefined {
  try {
    action();
  } catch (error) {
    expect(error).to.have.property("name", "ZkmlError");
    return (error as { code: ZkmlErrorCode }).code;
  }
  expect(mayPass, "the action passed").to.equal(true);
  return undefined;
}
