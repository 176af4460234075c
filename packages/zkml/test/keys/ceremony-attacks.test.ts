import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { readSections } from "../../src/keys/binary-file.ts";
import { contribute } from "../../src/keys/ceremony.ts";
import { readTranscript, type TranscriptEntry } from "../../src/keys/ceremony-transcript.ts";
import { sha256 } from "../../src/keys/development-key.ts";
import { readMpcRecord } from "../../src/keys/mpc-contributions.ts";
import { runCeremonyStep } from "../../src/keys/run-ceremony-step.ts";
import { scaledSections } from "../../src/keys/scaled-sections.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { BEACON, hold, rewrite, spoil, type TinyWorld, tinyWorld } from "./tiny-ceremony.ts";

const invalid = (message: RegExp) => ({ code: "CEREMONY_INVALID", message }) as const;

describe("an unsound key ceremony is refused by name", () => {
  let world: TinyWorld;
  let held: string;

  before(async () => {
    world = await tinyWorld();
    held = await world.start("held");
    await hold(held);
  });

  after(() => world.remove());

  /** Puts an entry's new hash into the transcript. */
  const relist = (directory: string, index: number, changes: Partial<TranscriptEntry>) =>
    rewrite(directory, (draft) => {
      const entry = draft.contributions[index] as TranscriptEntry;
      draft.contributions = draft.contributions.with(index, { ...entry, ...changes });
    });

  /** The last key with two points of a section exchanged: all of them stay on the curve. */
  async function exchanged(section: number): Promise<Buffer> {
    const bytes = await readFile(join(held, "0003.zkey"));
    const part = readSections(bytes, "zkey", "KEY_CORRUPT").get(section) as Uint8Array;
    const [a, b] = [part.slice(0, 64), part.slice(64, 128)];
    part.set(b, 0);
    part.set(a, 64);
    return bytes;
  }

  describe("a contribution", () => {
    it("whose file was changed, listed or not", async () => {
      const target = await world.copy(held, "tampered");
      const sha = await spoil(join(target, "0002.zkey"), 2_000);
      const error = await expectZkmlError(
        () => world.verify(target),
        invalid(/contribution 2 \("Grace"\): .*0002\.zkey is not the file/),
      );
      expect(error.metadata).to.deep.equal({ contribution: 2 });
      await relist(target, 1, { sha256: sha });
      await rewrite(target, (draft) => {
        draft.contributions = draft.contributions.slice(0, 2);
      });
      await expectZkmlError(
        () => world.verify(target),
        invalid(/^the last key does not check out/),
      );
    });

    it("whose points were changed in the last key, with the transcript rewritten", async () => {
      for (const section of [3, 8]) {
        const target = await world.copy(held, `points-${section}`);
        const bytes = await exchanged(section);
        await writeFile(join(target, "0003.zkey"), bytes);
        await relist(target, 2, { sha256: sha256(bytes) });
        await expectZkmlError(
          () => world.verify(target),
          invalid(/^the last key does not check out/),
        );
      }
    });

    it("that did not divide the private points and the quotient by delta", async () => {
      const initial = await readFile(join(held, "0000.zkey"));
      expect(await scaledSections(initial, await readFile(join(held, "0003.zkey")))).to.eql([]);
      for (const section of [8, 9]) {
        expect(await scaledSections(initial, await exchanged(section))).to.deep.equal([section]);
      }
      expect(await scaledSections(initial, initial)).to.eql([]);
    });

    it("whose proof of knowledge was changed, with the transcript rewritten", async () => {
      const target = await world.copy(held, "knowledge");
      const path = join(target, "0003.zkey");
      const bytes = await readFile(path);
      const record = readSections(bytes, "zkey", "KEY_CORRUPT").get(10) as Uint8Array;
      // The transcript hash inside contribution 1: circuit hash, count, three G1 points, one G2 point.
      const at = 64 + 4 + 3 * 64 + 128;
      record[at] = (record[at] as number) ^ 1;
      await writeFile(path, bytes);
      const hash = (await readMpcRecord(path)).contributions[0]?.hash ?? "";
      await relist(target, 2, { sha256: sha256(bytes) });
      await expectZkmlError(
        () => world.verify(target),
        invalid(/0003\.zkey: contribution 1 \("Ada"\) is another one/),
      );
      await rewrite(target, (draft) => {
        draft.contributions = draft.contributions.map((entry, i) =>
          i ? entry : { ...entry, hash },
        );
      });
      await expectZkmlError(() => world.verify(target), invalid(/0001\.zkey: contribution 1/));
      const problems = await runCeremonyStep({
        action: "verify",
        r1cs: join(target, "circuit.r1cs"),
        ptau: world.ptauPath,
        initial: join(world.directory, "initial.zkey"),
        initialSha256: (await readTranscript(target)).initialKey.sha256,
        zkey: path,
      });
      expect(problems.join()).to.match(/INVALID\(0\): Inconsistent transcript/);
    });

    it("that was removed from the keys, or from the transcript", async () => {
      const target = await world.start("removed");
      for (const name of ["Ada", "Grace"]) await contribute({ directory: target, name });
      // Somebody drops Grace: the third key is made from the first.
      const [from, to] = [join(target, "0001.zkey"), join(target, "0002.zkey")];
      const { value, iterationsExp } = BEACON;
      await runCeremonyStep({ action: "beacon", from, to, name: "Mallory", value, iterationsExp });
      await relist(target, 1, { sha256: sha256(await readFile(to)) });
      await expectZkmlError(
        () => world.verify(target),
        invalid(/0002\.zkey: contribution 2 \("Grace"\) is another one/),
      );
      await copyFile(from, to);
      await relist(target, 1, { sha256: sha256(await readFile(to)) });
      await expectZkmlError(
        () => world.verify(target),
        invalid(/0002\.zkey: contribution 2 \("Grace"\) is missing: it was removed/),
      );
      const unlisted = await world.copy(held, "unlisted");
      await rewrite(unlisted, (draft) => {
        draft.contributions = [draft.contributions[1] as TranscriptEntry];
      });
      await expectZkmlError(() => world.verify(unlisted), invalid(/contribution 1 \("Grace"\)/));
    });

    it("that goes under another name than in the key", async () => {
      const target = await world.copy(held, "renamed");
      await relist(target, 0, { name: "Eve" });
      await expectZkmlError(
        () => world.verify(target),
        invalid(/contribution 1 \("Eve"\) is by "Ada" according to the key/),
      );
      await relist(target, 0, { name: "Ada" });
      await relist(target, 2, { beacon: { ...BEACON, value: "ff" } });
      await expectZkmlError(() => world.verify(target), invalid(/has another beacon/));
    });

    it("whose file is gone", async () => {
      const target = await world.copy(held, "gone");
      await rm(join(target, "0001.zkey"));
      await expectZkmlError(
        () => world.verify(target),
        invalid(/contribution 1 \("Ada"\): cannot read .*0001\.zkey \(ENOENT\)/),
      );
    });
  });
});
