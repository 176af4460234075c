import { z } from "zod";

/** The part of Slither's report that is used. */
const elementSchema = z.object({
  type: z.string(),
  name: z.string(),
  /** What the element stands in: a function in a contract, a variable in a function. */
  get type_specific_fields(): z.ZodOptional<
    z.ZodObject<{ parent: z.ZodOptional<typeof elementSchema> }>
  > {
    return z.object({ parent: elementSchema.optional() }).optional();
  },
});
type Element = z.infer<typeof elementSchema>;
const reportSchema = z.object({
  success: z.boolean(),
  error: z.string().nullable(),
  results: z.object({
    detectors: z
      .array(
        z.object({
          check: z.string(),
          impact: z.string(),
          description: z.string(),
          elements: z.array(elementSchema),
        }),
      )
      .default([]),
  }),
});

export interface Finding {
  readonly detector: string;
  readonly impact: string;
  /** Such as `StakeVault.withdraw`; a file's path where a finding has no contract. */
  readonly place: string;
  readonly description: string;
}

/** A row of docs/security/static-analysis.md. */
export interface Verdict {
  readonly detector: string;
  /** `*`: wherever the detector reports. */
  readonly place: string;
}

/** Findings of a report, in its order. Throws when Slither itself failed. */
export function readFindings(report: unknown): Finding[] {
  const { success, error, results } = reportSchema.parse(report);
  if (!success) throw new Error(`Slither failed: ${error}`);
  return results.detectors.map(({ check, impact, description, elements }) => ({
    detector: check,
    impact,
    place: placeOf(elements[0]),
    description: description.trim(),
  }));
}

/** From the contract down to the function; a variable of a function stands for the function. */
function placeOf(element: Element | undefined): string {
  if (!element) return "the whole";
  const chain: Element[] = [];
  for (let each: Element | undefined = element; each; each = each.type_specific_fields?.parent) {
    chain.unshift(each);
  }
  const inContract = chain.slice(chain.findIndex(({ type }) => type === "contract"));
  return inContract
    .slice(0, 2)
    .map(({ name }) => name)
    .join(".");
}

/** Rows of the table of verdicts. */
export function readVerdicts(markdown: string): Verdict[] {
  const rows = markdown.matchAll(/^\| `([\w-]+)` \| ([^|]+) \| [^|]+ \| [^|]+ \|$/gm);
  return [...rows].flatMap(([, detector = "", places = ""]) =>
    places.split(",").map((place) => ({ detector, place: place.trim().replaceAll("`", "") })),
  );
}

/** Findings without a verdict, and verdicts on what is not found any more. */
export function compareFindings(findings: readonly Finding[], verdicts: readonly Verdict[]) {
  const covers = (verdict: Verdict, finding: Finding) =>
    verdict.detector === finding.detector &&
    (verdict.place === "*" || verdict.place === finding.place);
  return {
    open: findings.filter((finding) => !verdicts.some((verdict) => covers(verdict, finding))),
    stale: verdicts.filter((verdict) => !findings.some((finding) => covers(verdict, finding))),
  };
}
