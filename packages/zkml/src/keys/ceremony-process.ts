import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { type SnarkjsLogger, zKey } from "snarkjs";
import { type CeremonyStep, OTHER_INITIAL_KEY, type StepReply } from "./ceremony-step.ts";
import { hashFile } from "./file-sections.ts";
import { scaledSections } from "./scaled-sections.ts";

// A process of its own: snarkjs prints to the console, and keeps threads alive for good.
const problems: string[] = [];
const note = (message: string): void => void problems.push(String(message).trim());
console.log = note;
const silent = (): void => {};
const logger: SnarkjsLogger = { debug: silent, info: silent, warn: silent, error: note };

async function take(step: CeremonyStep): Promise<boolean> {
  switch (step.action) {
    case "new":
      return (await zKey.newZKey(step.r1cs, step.ptau, step.zkey, logger)) !== -1;
    case "contribute":
      await zKey.contribute(step.from, step.to, step.name, step.entropy, logger);
      return true;
    case "beacon": {
      const { from, to, name, value, iterationsExp } = step;
      return (await zKey.beacon(from, to, name, value, iterationsExp, logger)) !== false;
    }
    case "verify": {
      if ((await zKey.newZKey(step.r1cs, step.ptau, step.initial, logger)) === -1) return false;
      if ((await hashFile(step.initial, "sha256")) !== step.initialSha256) {
        note(OTHER_INITIAL_KEY);
        return false;
      }
      if (!(await zKey.verifyFromInit(step.initial, step.ptau, step.zkey, logger))) return false;
      const wrong = await scaledSections(await readFile(step.initial), await readFile(step.zkey));
      for (const section of wrong) note(`section ${section} is not that of the initial key`);
      return wrong.length === 0;
    }
  }
}

try {
  // The entropy comes on standard input: anybody on the machine can read command lines.
  const done = await take(JSON.parse(await text(process.stdin)) as CeremonyStep);
  if (!done && problems.length === 0) note("snarkjs gave no reason");
  if (done) problems.splice(0);
} catch (error) {
  note(error instanceof Error ? error.message : String(error));
}
const reply: StepReply = { problems };
process.stdout.write(JSON.stringify(reply), () => process.exit(0));
