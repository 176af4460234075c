import { isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { type BuildOptions, build } from "esbuild";
import { AbiCoder, id } from "ethers";
import { explainError, JobsTree, ORDER_DEFAULTS } from "../src/index.ts";
import { evaluateInChromium, findChromium } from "./helpers/chromium.ts";

const source = fileURLToPath(new URL("../src/", import.meta.url));

const OPTIONS = {
  bundle: true,
  write: false,
  minify: true,
  platform: "browser",
  target: "es2022",
  logLevel: "silent",
  metafile: true,
} as const satisfies BuildOptions;

const selector = id("JobMarketDeadlinePassed(uint256,uint256)").slice(0, 10);
const revert =
  selector + AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [7, 9]).slice(2);

describe("browser entry", () => {
  it("bundles without Node built-ins and without bytecode of contracts", async () => {
    const { metafile, outputFiles } = await build({
      ...OPTIONS,
      entryPoints: [`${source}index.ts`],
      format: "esm",
    });
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
    expect(imports.map(({ path }) => path)).to.deep.equal([]);
    const inputs = Object.keys(metafile.inputs);
    expect(inputs.filter((name) => isBuiltin(name.replace(/^\w+:/, "")))).to.deep.equal([]);
    const factories = inputs.filter((name) => /factories\/(?!contracts\/interfaces\/)/.test(name));
    expect(factories.map((name) => name.replace(/^.*\//, ""))).to.deep.equal([]);
    expect(outputFiles[0]?.contents.length).to.be.within(100_000, 900_000);
  });

  it("would fail on a built-in: the Node entry does not bundle", async () => {
    const failure = await build({ ...OPTIONS, entryPoints: [`${source}node.ts`] }).catch(
      (error: unknown) => error,
    );
    expect(String(failure)).to.include('Could not resolve "node:fs/promises"');
  });

  it("hashes, signs and decodes in Chromium as it does in Node", async function () {
    const chromium = findChromium();
    if (!chromium) {
      console.log("      no Chromium on this machine: install it, or name one in LATTICE_CHROMIUM");
      this.skip();
    }
    const contents = `
      import { explainError, hashOrder, JobsTree, ORDER_DEFAULTS, watchEvents } from "./index.ts";
      globalThis.answer = {
        browser: typeof window === "object" && typeof process === "undefined",
        error: explainError({ data: "${revert}" }).message,
        root: new JobsTree(["${id("a")}", "${id("b")}"]).root,
        defaults: Object.keys(ORDER_DEFAULTS).length,
        functions: [typeof hashOrder, typeof watchEvents],
      };`;
    const { outputFiles } = await build({
      ...OPTIONS,
      stdin: { contents, resolveDir: source, loader: "ts" },
      format: "iife",
    });
    const script = `${outputFiles[0]?.text}\nglobalThis.answer`;
    expect(await evaluateInChromium(chromium, script)).to.deep.equal({
      browser: true,
      error: explainError({ data: revert })?.message,
      root: new JobsTree([id("a"), id("b")]).root,
      defaults: Object.keys(ORDER_DEFAULTS).length,
      functions: ["function", "function"],
    });
  });
});
