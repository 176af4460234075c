import { expect } from "chai";
import { id, keccak256, sha256, toUtf8Bytes } from "ethers";
import { artifactDigest, hashParts, toHex } from "../../src/commitments/hash.ts";
import { MerkleTree, rootFromProof } from "../../src/commitments/merkle.ts";
import { programRoot, weightsRoot } from "../../src/commitments/model-roots.ts";
import { packTensor, tensorRoot } from "../../src/commitments/tensor-root.ts";
import { buildGraph } from "../../src/ir/builder.ts";
import type { GraphNode, IntegerGraph } from "../../src/ir/graph.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import { readOnnx } from "../../src/onnx/read.ts";
import { writeOnnx } from "../../src/onnx/write.ts";
import { randomTensor } from "../helpers/random-tensors.ts";
import { smallConvnet } from "../helpers/small-convnet.ts";

const utf8 = (text: string) => toUtf8Bytes(text);

/** The graph with one node replaced. */
function withNode(graph: IntegerGraph, name: string, change: object): IntegerGraph {
  const nodes = graph.nodes.map((node) =>
    node.name === name ? ({ ...node, ...change } as GraphNode) : node,
  );
  return buildGraph({ ...graph, nodes, outputs: graph.outputs.map((output) => output.name) });
}

describe("commitments", () => {
  describe("hashes", () => {
    it("prefixes keccak-256 with the domain", () => {
      expect(toHex(hashParts("leaf", utf8("a"), utf8("b")))).to.equal(id("\u0000ab"));
      expect(toHex(hashParts("node", utf8("ab")))).to.equal(id("\u0001ab"));
    });

    it("names an artifact by its SHA-256", () => {
      expect(artifactDigest(utf8("model"))).to.equal(sha256(utf8("model")));
    });
  });

  describe("MerkleTree", () => {
    it("proves every leaf of trees of every size up to 9", () => {
      for (let size = 1; size <= 9; size++) {
        const leaves = Array.from({ length: size }, (_, i) => utf8(`leaf ${i}`));
        const tree = new MerkleTree(leaves);
        for (const [i, leaf] of leaves.entries()) {
          expect(rootFromProof(leaf, i, tree.proof(i))).to.deep.equal(tree.root);
          expect(rootFromProof(utf8("other"), i, tree.proof(i))).to.not.deep.equal(tree.root);
        }
      }
    });

    it("does not take a node for a leaf", () => {
      const tree = new MerkleTree([utf8("a"), utf8("b")]);
      const children = Uint8Array.of(
        ...hashParts("leaf", utf8("a")),
        ...hashParts("leaf", utf8("b")),
      );
      expect(new MerkleTree([children]).root).to.not.deep.equal(tree.root);
    });

    it("refuses to be empty", () => {
      expect(() => new MerkleTree([])).to.throw(RangeError, "at least one leaf");
    });
  });

  describe("tensorRoot", () => {
    it("packs big-endian into whole chunks", () => {
      const packed = packTensor(createTensor("int32", [2], [-2, 258]), "row-major");
      expect(packed).to.have.length(1024);
      expect([...packed.subarray(0, 9)]).to.deep.equal([255, 255, 255, 254, 0, 0, 1, 2, 0]);
    });

    it("packs matrices column by column and images with channels last", () => {
      const matrix = createTensor("int8", [2, 3], [1, 2, 3, 4, 5, 6]);
      expect([...packTensor(matrix, "columns-first").subarray(0, 6)]).to.deep.equal([
        1, 4, 2, 5, 3, 6,
      ]);
      const image = createTensor("uint8", [1, 2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
      expect([...packTensor(image, "channels-last").subarray(0, 8)]).to.deep.equal([
        1, 5, 2, 6, 3, 7, 4, 8,
      ]);
    });

    it("is the documented hash", () => {
      const tensor = createTensor("uint8", [3], [7, 8, 9]);
      const chunk = new Uint8Array(1024);
      chunk.set([7, 8, 9]);
      const leaf = keccak256(Uint8Array.of(0, ...chunk));
      const expected = keccak256(`0x02010001${"00000003"}${leaf.slice(2)}`);
      expect(toHex(tensorRoot(tensor))).to.equal(expected);
    });

    it("changes with every element, the type, the shape and the layout", () => {
      const random = new SeededRandom(2);
      const tensor = randomTensor(random, "int8", [40, 60], [0, 100]);
      const roots = new Set([
        toHex(tensorRoot(tensor)),
        toHex(tensorRoot(tensor, "columns-first")),
      ]);
      roots.add(toHex(tensorRoot({ ...tensor, shape: [60, 40] })));
      roots.add(toHex(tensorRoot(createTensor("uint8", tensor.shape, tensor.data))));
      for (const index of [0, 1023, 1024, 2399]) {
        const data = tensor.data.slice();
        data[index] = (data[index] as number) + 1;
        roots.add(toHex(tensorRoot({ ...tensor, data })));
      }
      expect(roots.size).to.equal(8);
    });
  });

  describe("model roots", () => {
    const graph = smallConvnet(new SeededRandom(8));

    it("survive writing and reading the model", () => {
      const read = readOnnx(writeOnnx(graph));
      expect(programRoot(read)).to.equal(programRoot(graph));
      expect(weightsRoot(read)).to.equal(weightsRoot(graph));
    });

    it("do not depend on names", () => {
      const rename = (name: string) => `renamed ${name}`;
      const renamed = buildGraph({
        name: "other",
        inputs: graph.inputs.map((input) => ({ ...input, name: rename(input.name) })),
        outputs: graph.outputs.map(({ name }) => rename(name)),
        constants: new Map([...graph.constants].map(([name, t]) => [rename(name), t])),
        nodes: graph.nodes.map(
          (node) =>
            ({
              ...node,
              name: rename(node.name),
              inputs: node.inputs.map(rename),
              output: rename(node.output),
            }) as unknown as GraphNode,
        ),
      });
      expect(programRoot(renamed)).to.equal(programRoot(graph));
      expect(weightsRoot(renamed)).to.equal(weightsRoot(graph));
    });

    const changes: Record<string, [node: string, change: object]> = {
      "a clip bound": ["relu", { max: 2 ** 17 - 2 }],
      "a zero point": ["conv", { xZeroPoint: 1 }],
      "an operator": ["bias", { op: "Sub" }],
      "the order of operands": ["bias", { inputs: ["bias", "sums"] }],
      "a permutation": ["turn", { permutation: [0, 3, 2, 1] }],
    };
    for (const [name, [node, change]] of Object.entries(changes)) {
      it(`change the program root with ${name}`, () => {
        const changed = withNode(graph, node, change);
        expect(programRoot(changed)).to.not.equal(programRoot(graph));
      });
    }

    it("change the weights root with one weight and keep the program root", () => {
      const constants = new Map(graph.constants);
      const dense = constants.get("dense") as ReturnType<typeof createTensor>;
      const data = dense.data.slice();
      data[17] = data[17] === 5 ? 6 : 5;
      constants.set("dense", { ...dense, data });
      const changed = buildGraph({ ...graph, constants, outputs: ["logits"] });
      expect(programRoot(changed)).to.equal(programRoot(graph));
      expect(weightsRoot(changed)).to.not.equal(weightsRoot(graph));
    });
  });
});
