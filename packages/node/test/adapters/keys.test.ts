import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { Wallet } from "ethers";
import { loadAccount } from "../../src/adapters/keys/account.ts";
import { ensureBeaconSeed, loadBeaconSigner } from "../../src/adapters/keys/beacon-signer.ts";
import { temporaryDirectory } from "../helpers/directory.ts";
import { nodeFailureOf } from "../helpers/failure.ts";

const KEY = `0x${"11".repeat(32)}`;
const ADDRESS = new Wallet(KEY).address;

describe("loadAccount", () => {
  const directory = temporaryDirectory();

  it("takes a private key from the environment, with or without 0x", async () => {
    expect((await loadAccount({ env: "K" }, { K: KEY })).address).to.equal(ADDRESS);
    expect((await loadAccount({ env: "K" }, { K: ` ${KEY.slice(2)}\n` })).address).to.equal(
      ADDRESS,
    );
  });

  it("takes a private key from a file", async () => {
    const file = join(directory.path, "key");
    await writeFile(file, `${KEY}\n`);
    expect((await loadAccount({ file }, {})).address).to.equal(ADDRESS);
  });

  it("decrypts a keystore with the password of the environment", async () => {
    const file = join(directory.path, "keystore.json");
    await writeFile(file, new Wallet(KEY).encryptSync("open sesame"));
    const account = await loadAccount({ file }, { LATTICE_KEY_PASSWORD: "open sesame" });
    expect(account.address).to.equal(ADDRESS);
    const missing = await nodeFailureOf("KEY_INVALID", loadAccount({ file }, {}));
    expect(missing.message).to.include("set LATTICE_KEY_PASSWORD");
    const wrong = loadAccount({ file }, { LATTICE_KEY_PASSWORD: "wrong" });
    expect((await nodeFailureOf("KEY_INVALID", wrong)).message).to.include(
      "could not be decrypted",
    );
  }).timeout(30_000);

  it("says what is wrong without quoting the secret", async () => {
    for (const secret of ["0x1234", `${KEY}ff`, "my secret words", `0x${"00".repeat(32)}`]) {
      const error = await nodeFailureOf("KEY_INVALID", loadAccount({ env: "K" }, { K: secret }));
      expect(error.message).to.include("the environment variable K holds no private key");
      expect(JSON.stringify([error.message, error.metadata, error.cause ?? ""])).to.not.include(
        secret,
      );
    }
  });

  it("says what is missing", async () => {
    const unset = await nodeFailureOf("KEY_INVALID", loadAccount({ env: "K" }, {}));
    expect(unset.message).to.include("the environment variable K is empty");
    const file = join(directory.path, "nothing");
    const absent = await nodeFailureOf("KEY_INVALID", loadAccount({ file }, {}));
    expect(absent.message).to.include(`cannot read the file ${file} (ENOENT)`);
  });
});

describe("beacon keys", () => {
  const directory = temporaryDirectory();

  it("are made once, readable by their owner alone", async () => {
    const file = join(directory.path, "seed");
    expect(await ensureBeaconSeed(file)).to.equal("created");
    const seed = await readFile(file, "utf8");
    expect(seed).to.match(/^0x[0-9a-f]{64}\n$/);
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect(await ensureBeaconSeed(file)).to.equal("found");
    expect(await readFile(file, "utf8")).to.equal(seed);
  });

  it("come from their seed, and sign under different domains", async () => {
    const seed = { env: "SEED" };
    const [one, same, other] = await Promise.all(
      ["22", "22", "33"].map((byte) => loadBeaconSigner(seed, { SEED: byte.repeat(32) })),
    );
    expect(one?.keyHash).to.equal(same?.keyHash).and.not.equal(other?.keyHash);
    expect(one?.signReveal("0x01")).to.deep.equal(same?.signReveal("0x01"));
    expect(one?.signReveal("0x01")).to.not.deep.equal(one?.signPossession("0x01"));
  });

  it("are refused when the seed is short or no hex, without quoting it", async () => {
    for (const secret of ["22".repeat(31), "zz".repeat(32)]) {
      const load = loadBeaconSigner({ env: "SEED" }, { SEED: secret });
      const error = await nodeFailureOf("KEY_INVALID", load);
      expect(error.message).to.include("holds no beacon key seed").and.not.include(secret);
    }
  });
});
