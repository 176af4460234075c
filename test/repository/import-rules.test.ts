import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

interface Import {
  readonly file: string;
  readonly target: string;
}

/** Source files below a folder, relative to the root. */
function sources(folder: string, extension: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(extension) && !name.includes("node_modules"))
    .map((name) => join(folder, name));
}

/** Every import of a file; relative ones are resolved to a path from the root. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  const pattern = file.endsWith(".sol")
    ? /^import\s[^"]*"([^"]+)";/gm
    : /(?:^|\n)(?:import|export)\s(?:[^"';]*?\sfrom\s)?"([^"]+)";|\bimport\("([^"]+)"\)/g;
  return [...text.matchAll(pattern)].map((match) => {
    const target = match[1] ?? match[2] ?? "";
    return {
      file,
      target: target.startsWith(".") ? relative(root, join(root, dirname(file), target)) : target,
    };
  });
}

function violations(folder: string, extension: string, allowed: readonly RegExp[]): string[] {
  return sources(folder, extension)
    .flatMap(importsOf)
    .filter(({ target }) => !allowed.some((rule) => rule.test(target)))
    .map(({ file, target }) => `${file} imports ${target}`);
}

const OPENZEPPELIN = /^@openzeppelin\//;
const SHARED = [/^contracts\/(types|interfaces|libraries)\//, OPENZEPPELIN];

describe("import rules", () => {
  it("finds imports in both languages, so that the rules below can fail", () => {
    expect(importsOf("contracts/interfaces/IJobMarket.sol").map(({ target }) => target)).to.include(
      "contracts/types/Order.sol",
    );
    expect(importsOf("packages/sdk/src/client.ts").map(({ target }) => target)).to.include(
      "ethers",
    );
  });

  describe("contracts", () => {
    it("types import nothing but types", () => {
      expect(violations("contracts/types", ".sol", [/^contracts\/types\//])).to.deep.equal([]);
    });

    it("interfaces import types, and OpenZeppelin's interfaces", () => {
      const allowed = [
        /^contracts\/(types|interfaces)\//,
        /^@openzeppelin\/contracts\/.*\/I[A-Z]\w+\.sol$/,
      ];
      expect(violations("contracts/interfaces", ".sol", allowed)).to.deep.equal([]);
    });

    it("libraries import types, interfaces, libraries and OpenZeppelin", () => {
      expect(violations("contracts/libraries", ".sol", SHARED)).to.deep.equal([]);
    });

    for (const folder of [
      "token",
      "governance",
      "staking",
      "registry",
      "randomness",
      "market",
      "disputes",
      "training",
      "treasury",
    ]) {
      it(`${folder} imports no concrete contract of another folder`, () => {
        const own = new RegExp(`^contracts/${folder}/`);
        expect(violations(`contracts/${folder}`, ".sol", [...SHARED, own])).to.deep.equal([]);
      });
    }

    it("generated verifiers import nothing, but those of batches their algorithm and interface", () => {
      const found = violations("contracts/verification/generated", ".sol", []);
      const allowed =
        /BatchVerifier\.sol imports contracts\/(libraries\/Groth16Batch|interfaces\/IGroth16BatchVerifier)\.sol$/;
      expect(found.filter((line) => !allowed.test(line))).to.deep.equal([]);
    });

    it("verification imports no concrete contract of another folder", () => {
      const own = /^contracts\/verification\//;
      expect(violations("contracts/verification", ".sol", [...SHARED, own])).to.deep.equal([]);
    });
  });

  describe("packages", () => {
    const node = /^node:/;
    const own = (folder: string) => new RegExp(`^packages/${folder}/`);

    it("the SDK imports bindings, ethers and noble; Node built-ins only in its Node entry", () => {
      const allowed = [own("sdk"), /^typechain-types\//, /^ethers$/, /^@noble\//];
      const found = violations("packages/sdk/src", ".ts", allowed);
      expect(
        found.filter((line) => !line.startsWith("packages/sdk/src/node.ts imports node:")),
      ).to.deep.equal([]);
    });

    it("zkml imports neither the chain nor our other packages", () => {
      const banned = sources("packages/zkml/src", ".ts")
        .flatMap(importsOf)
        .filter(({ target }) =>
          /^(ethers|hardhat|@lattice|typechain-types|packages\/(?!zkml))/.test(target),
        );
      expect(banned).to.deep.equal([]);
    });

    it("node/core imports itself alone", () => {
      expect(violations("packages/node/src/core", ".ts", [own("node/src/core")])).to.deep.equal([]);
    });

    it("node/services import core and shared", () => {
      const allowed = [
        own("node/src/core"),
        own("node/src/services"),
        own("node/src/shared"),
        node,
      ];
      expect(violations("packages/node/src/services", ".ts", allowed)).to.deep.equal([]);
    });

    it("nothing in a package imports Hardhat", () => {
      const found = ["sdk", "zkml", "node"]
        .flatMap((name) => sources(`packages/${name}/src`, ".ts"))
        .flatMap(importsOf)
        .filter(({ target }) => /^(hardhat|@nomicfoundation)/.test(target));
      expect(found).to.deep.equal([]);
    });
  });
});
