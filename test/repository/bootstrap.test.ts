import { chmod, cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { type Outcome, run } from "../helpers/processes.ts";

const source = join(
  dirname(dirname(dirname(fileURLToPath(import.meta.url)))),
  "scripts",
  "bootstrap.mjs",
);

// Stands for `npx -y -p node@24 -- npm ci`: writes what an install leaves behind, or fails as told.
const NPX = `#!/usr/bin/env node
const { appendFileSync, chmodSync, mkdirSync, writeFileSync } = require("node:fs");
appendFileSync("npx.log", process.argv.slice(2).join(" ") + " ci=" + (process.env.npm_config_x ?? "") + " life=" + (process.env.npm_lifecycle_event ?? "") + "\\n");
if (process.env.FAKE_NPX === "fail") process.exit(1);
mkdirSync("node_modules/.bin", { recursive: true });
const edr = "@nomicfoundation/edr-" + process.platform + "-" + process.arch + "-fake";
mkdirSync("node_modules/@nomicfoundation/edr", { recursive: true });
mkdirSync("node_modules/" + edr, { recursive: true });
writeFileSync("node_modules/@nomicfoundation/edr/package.json", JSON.stringify({ optionalDependencies: { [edr]: "1" } }));
writeFileSync("node_modules/" + edr + "/package.json", "{}");
writeFileSync("node_modules/.bin/node", "#!/bin/sh\\necho ran \\"$@\\"\\nexit 7\\n");
chmodSync("node_modules/.bin/node", 0o755);
writeFileSync("node_modules/.package-lock.json", "{}");
`;

describe("bootstrap", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lattice-"));
    await mkdir(join(folder, "scripts"));
    await mkdir(join(folder, "tools"));
    await cp(source, join(folder, "scripts", "bootstrap.mjs"));
    await writeFile(join(folder, "package-lock.json"), "{}");
    await writeFile(join(folder, "tools", "npx"), NPX);
    await chmod(join(folder, "tools", "npx"), 0o755);
  });
  afterEach(() => rm(folder, { recursive: true }));

  function bootstrap(
    args: readonly string[],
    environment: Record<string, string> = {},
  ): Promise<Outcome> {
    const path = [join(folder, "tools"), dirname(process.execPath), process.env.PATH ?? ""].join(
      delimiter,
    );
    return run(process.execPath, [join(folder, "scripts", "bootstrap.mjs"), ...args], {
      LATTICE_BOOTSTRAP: "",
      PATH: path,
      ...environment,
    });
  }
  const installs = async () =>
    (await readFile(join(folder, "npx.log"), "utf8").catch(() => "")).split("\n").filter(Boolean);

  it("installs under the bundled Node on first use, then runs the command with its arguments and exit code", async () => {
    const first = await bootstrap(["start", "--once"]);
    expect(first.stderr).to.match(/first run/);
    expect(first.stdout).to.match(/ran .*scripts\/start\/main\.ts --once/);
    expect(first.code).to.equal(7);
    expect(await installs()).to.have.length(1);
    expect((await installs())[0]).to.match(/-p node@24 -- npm ci/);

    const second = await bootstrap(["start"]);
    expect(second.stderr).to.equal("");
    expect(await installs()).to.have.length(1);
  });

  it("does not hand npm's own state to the nested npm, but keeps its settings", async () => {
    await bootstrap(["test"], { npm_lifecycle_event: "start", npm_config_x: "kept" });
    expect((await installs())[0]).to.match(/ci=kept life=$/);
  });

  it("repairs an interrupted install", async () => {
    await bootstrap(["start"]);
    await rm(join(folder, "node_modules", ".package-lock.json"));
    const repaired = await bootstrap(["start"]);
    expect(repaired.stderr).to.match(/an earlier install was interrupted/);
    expect(repaired.code).to.equal(7);
    expect(await installs()).to.have.length(2);
  });

  it("installs again when the lock file is newer", async () => {
    await bootstrap(["start"]);
    const later = new Date(Date.now() + 10_000);
    await utimes(join(folder, "package-lock.json"), later, later);
    expect((await bootstrap(["start"])).stderr).to.match(/package-lock\.json changed/);
  });

  it("installs again when npm left out the native EVM binding; as postinstall too, once", async () => {
    await bootstrap(["start"]);
    const binding = join(
      folder,
      "node_modules",
      "@nomicfoundation",
      `edr-${process.platform}-${process.arch}-fake`,
    );
    await rm(binding, { recursive: true });
    expect((await bootstrap(["start"])).stderr).to.match(/native EVM binding/);

    await rm(binding, { recursive: true });
    expect((await bootstrap(["postinstall"], { LATTICE_BOOTSTRAP: "1" })).code).to.equal(0);
    expect(await installs(), "guarded: no recursion").to.have.length(2);
    expect((await bootstrap(["postinstall"])).code).to.equal(0);
    expect(await installs()).to.have.length(3);
  });

  it("says what to do when the install fails, and succeeds the next time", async () => {
    const failed = await bootstrap(["start"], { FAKE_NPX: "fail" });
    expect(failed.code).to.equal(1);
    expect(failed.stderr).to.match(/npm ci failed.*run the same command again/s);
    expect((await bootstrap(["start"])).code).to.equal(7);
  });

  it("names the commands it knows", async () => {
    const unknown = await bootstrap(["dance"]);
    expect(unknown.code).to.equal(1);
    expect(unknown.stderr).to.match(
      /unknown command dance; use one of: start, test, bench:gas, postinstall/,
    );
  });
});
