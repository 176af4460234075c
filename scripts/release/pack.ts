// npm's `prepack` and `postpack` of the packages that are published: node scripts/release/pack.ts <step> <package>.
// Writes nothing to stdout, which belongs to `npm pack --json`.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildContracts, buildSdk } from "./builds.ts";
import { replaceManifest, restoreManifest } from "./manifest.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const packages = {
  contracts: { folder: root, build: buildContracts },
  sdk: { folder: join(root, "packages/sdk"), build: buildSdk },
};

const [step, name] = process.argv.slice(2);
if (!(name === "contracts" || name === "sdk") || !(step === "prepack" || step === "postpack")) {
  console.error("Usage: node scripts/release/pack.ts prepack|postpack contracts|sdk");
  process.exit(2);
}
const { folder, build } = packages[name];
restoreManifest(folder);
if (step === "prepack") {
  await build(root);
  replaceManifest(folder);
}
