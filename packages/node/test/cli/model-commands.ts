import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProgram } from "../../src/cli/program.ts";
import { writeTinyModel } from "../helpers/tiny-model.ts";

/** `lattice model …` in this process, with the tiny model and a folder of its own. */
export interface ModelCommands {
  readonly folder: string;
  readonly model: string;
  at(name: string): string;
  /** Lines on standard output. */
  run(...args: readonly string[]): Promise<string[]>;
  /** The one object that a command prints with `--json`. */
  json(...args: readonly string[]): Promise<Record<string, unknown>>;
  readonly notes: string[];
  remove(): Promise<void>;
}

export async function modelCommands(): Promise<ModelCommands> {
  const folder = await mkdtemp(join(tmpdir(), "lattice-model-"));
  const at = (name: string) => join(folder, name);
  const model = at("tiny.onnx");
  await writeTinyModel(model);
  const notes: string[] = [];
  const run = async (...args: readonly string[]) => {
    const lines: string[] = [];
    const output = {
      write: (line: string) => void lines.push(line),
      note: (line: string) => void notes.push(line),
    };
    const program = createProgram(output);
    program.configureOutput({ writeErr: () => undefined });
    for (const command of program.commands) {
      for (const each of command.commands) each.configureOutput({ writeErr: () => undefined });
    }
    await program.parseAsync(["node", "lattice", "model", ...args]);
    return lines;
  };
  return {
    ...{ folder, model, at, run, notes },
    json: async (...args) => JSON.parse((await run(...args, "--json")).join("\n")),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
