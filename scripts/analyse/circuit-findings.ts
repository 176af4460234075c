import { z } from "zod";
import type { Finding } from "./findings.ts";

/** The part of a SARIF report that is used. */
const sarifSchema = z.object({
  runs: z.array(
    z.object({
      results: z.array(
        z.object({
          level: z.string(),
          ruleId: z.string(),
          message: z.object({ text: z.string() }),
          locations: z.array(
            z.object({
              message: z.object({ text: z.string() }).optional(),
              physicalLocation: z.object({
                artifactLocation: z.object({ uri: z.string() }),
                region: z.object({ startLine: z.number().int().positive() }),
              }),
            }),
          ),
        }),
      ),
    }),
  ),
});

/**
 * Findings of circomspect's SARIF report, in its order, each placed at `Template.signal`, or at the
 * template alone where no signal is named.
 * @param sources text of the analysed files, by name.
 */
export function readCircuitFindings(
  report: unknown,
  sources: Readonly<Record<string, string>>,
): Finding[] {
  return sarifSchema.parse(report).runs.flatMap(({ results }) =>
    results.map(({ level, ruleId, message, locations: [first] }) => {
      const file =
        first?.physicalLocation.artifactLocation.uri.replace(/^file:\/\/(\.\/)?/, "") ?? "";
      const line = first?.physicalLocation.region.startLine ?? 1;
      const template = templateAt(sources[file] ?? "", line) ?? file;
      const texts = `${first?.message?.text ?? ""} ${message.text}`;
      const signal = /signals? `([A-Za-z_]\w*)/.exec(texts)?.[1];
      return {
        detector: ruleId,
        impact: level,
        place: signal === undefined ? template : `${template}.${signal}`,
        description: `${file}:${line}: ${message.text}`,
      };
    }),
  );
}

/** The template or function that begins at or last before a line. */
function templateAt(source: string, line: number): string | undefined {
  const before = source.split("\n").slice(0, line).join("\n");
  return [...before.matchAll(/^(?:template|function)\s+(\w+)/gm)].at(-1)?.[1];
}
