import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { AssignmentMode, hashOrder, ORDER_DEFAULTS, Tier } from "@lattice/sdk";
import { expect } from "chai";

const run = promisify(execFile);
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const binaries = join(root, "node_modules", ".bin");

/** What packing reads. It happens in a copy: npm packs what lies on disk, and other suites use the manifests meanwhile. */
const SOURCES = [
  "package.json",
  "README.md",
  "LICENSE",
  "tsconfig.base.json",
  "contracts",
  "typechain-types",
  "scripts/release",
  "packages/sdk",
];

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** npm tells its children where it runs and how; a nested npm must not take that for its own. */
function environment(): NodeJS.ProcessEnv {
  const own = /^(npm_(?!config_)|npm_config_(local_prefix|workspace)|INIT_CWD$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

const npm = (cwd: string, ...args: string[]) =>
  run("npm", args, {
    cwd,
    env: environment(),
    maxBuffer: 1 << 26,
    shell: process.platform === "win32",
  });

async function pack(folder: string, destination: string): Promise<Packed> {
  const { stdout } = await npm(
    folder,
    ...["pack", "--json", "--foreground-scripts=false", "--pack-destination", destination],
  );
  const answer = JSON.parse(stdout) as Packed[] | Record<string, Packed>;
  const [packed] = Object.values(answer);
  if (!packed) throw new Error(`npm pack answered ${stdout}`);
  return packed;
}

/** The host's Node of a major version: this process's, or one on the PATH. */
async function nodeOf(major: number): Promise<string | undefined> {
  const folders = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "node"));
  for (const file of [process.execPath, ...folders]) {
    if (!existsSync(file)) continue;
    const { stdout } = await run(file, ["--version"]);
    if (stdout.startsWith(`v${major}.`)) return file;
  }
  return undefined;
}

describe("npm pack", function () {
  this.timeout(180_000);
  let folder: string;
  let project: string;
  let contracts: Packed;
  let sdk: Packed;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "lattice-pack-"));
    const copy = join(folder, "copy");
    for (const source of SOURCES) {
      await cp(join(root, source), join(copy, source), { recursive: true });
    }
    await symlink(join(root, "node_modules"), join(copy, "node_modules"), "junction");
    contracts = await pack(copy, folder);
    sdk = await pack(join(copy, "packages", "sdk"), folder);
    for (const place of [copy, join(copy, "packages", "sdk")]) {
      expect(existsSync(join(place, ".package.source.json"))).to.equal(false);
    }
    project = join(folder, "project");
    await cp(join(root, "scripts", "release", "consumer"), project, { recursive: true });
    await writeFile(join(project, "package.json"), '{ "type": "module", "private": true }\n');
    const tarballs = [contracts, sdk].map(({ filename }) => join(folder, filename));
    await npm(project, "install", "--prefer-offline", "--no-audit", "--no-fund", ...tarballs);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it("contracts: sources without mocks, ABIs and bindings; nothing of the repository besides", () => {
    const paths = contracts.files.map(({ path }) => path);
    expect(paths).to.include.members([
      "contracts/interfaces/IJobMarket.sol",
      "contracts/market/JobMarket.sol",
      "dist/abis/JobMarket.json",
      "dist/index.js",
      "dist/index.d.ts",
      "LICENSE",
      "README.md",
    ]);
    const allowed = /^(contracts\/.*\.sol|deployments\/|dist\/|package\.json|README\.md|LICENSE)/;
    expect(
      paths.filter((path) => !allowed.test(path) || /mocks|localhost/i.test(path)),
    ).to.deep.equal([]);
  });

  it("SDK: compiled modules and declarations alone", () => {
    const paths = sdk.files.map(({ path }) => path);
    expect(paths).to.include.members([
      "dist/index.js",
      "dist/index.d.ts",
      "dist/node.js",
      "LICENSE",
    ]);
    const allowed = /^(dist\/.*(\.js|\.d\.ts)|package\.json|README\.md|LICENSE)$/;
    expect(paths.filter((path) => !allowed.test(path))).to.deep.equal([]);
  });

  it("manifests carry nothing that runs on install, and no private flag", async () => {
    for (const name of ["contracts", "sdk"]) {
      const file = join(project, "node_modules", "@lattice", name, "package.json");
      const manifest = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
      expect(manifest).to.include.keys("name", "version", "license", "exports", "dependencies");
      expect(manifest).not.to.have.any.keys("scripts", "devDependencies", "private", "workspaces");
      expect(JSON.stringify(manifest.exports)).not.to.include("src/");
    }
  });

  it("a consumer type-checks strictly, declarations of the packages included", async () => {
    const options = ["--strict", "--skipLibCheck", "false"];
    const target = ["--target", "ES2023", "--module", "nodenext", "--types", "node"];
    const tsc = join(binaries, process.platform === "win32" ? "tsc.cmd" : "tsc");
    const args = [...options, ...target, "--resolveJsonModule", "main.ts"];
    const failed = await run(tsc, args, { cwd: project, shell: process.platform === "win32" }).then(
      () => "",
      (error: { stdout: string }) => error.stdout,
    );
    expect(failed).to.equal("");
  });

  for (const major of [20, 24]) {
    it(`the consumer runs under Node ${major}`, async function () {
      const node = await nodeOf(major);
      if (!node) {
        console.log(`      no Node ${major} on this machine`);
        this.skip();
      }
      const { stdout } = await run(node, ["main.js"], { cwd: project });
      expect(JSON.parse(stdout)).to.deep.equal({
        order: hashOrder(CONSUMERS_ORDER),
        error: "JobMarketDeadlinePassed(jobId: 7, deadline: 1)",
        book: "ADDRESS_BOOK_MISSING",
        abi: true,
        bytecode: true,
      });
    });
  }

  it("a Solidity consumer compiles against the packed sources", async () => {
    const args = [
      "--bin",
      "--base-path",
      ".",
      "--include-path",
      "node_modules",
      "-o",
      "out",
      "Shop.sol",
    ];
    const solcjs = join(binaries, process.platform === "win32" ? "solcjs.cmd" : "solcjs");
    await run(solcjs, args, { cwd: project, shell: process.platform === "win32" });
    const bytecode = await readFile(join(project, "out", "Shop_sol_Shop.bin"), "utf8");
    expect(bytecode).to.match(/^[0-9a-f]{500,}$/);
  });
});

/** The order of consumer/main.ts. */
const CONSUMERS_ORDER = {
  ...ORDER_DEFAULTS,
  requester: `0x${"11".repeat(20)}`,
  modelVersion: `0x${"22".repeat(32)}`,
  inputCommitment: `0x${"03".repeat(32)}`,
  inputDigest: `0x${"44".repeat(32)}`,
  paymentToken: `0x${"55".repeat(20)}`,
  maxPrice: 10n ** 18n,
  collateral: 10n ** 18n,
  tier: Tier.Zk,
  mode: AssignmentMode.Draw,
  assignSeconds: 60,
  commitSeconds: 60,
  proveSeconds: 60,
} as const;
