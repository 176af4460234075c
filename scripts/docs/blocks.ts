/** Text between the markers of one generated part of a page. */
export interface Block {
  /** What to generate, such as "reference". */
  readonly kind: string;
  readonly subjects: readonly string[];
}

const BLOCK = /^<!-- generated: (\w+)((?: [\w-]+)*) -->\n[\s\S]*?^<!-- end -->$/gm;

function blockOf(kind: string | undefined, subjects: string | undefined): Block {
  return { kind: kind ?? "", subjects: (subjects ?? "").split(" ").filter((each) => each !== "") };
}

/** The generated parts of a page, in order. */
export function blocksIn(page: string): Block[] {
  return [...page.matchAll(BLOCK)].map(([, kind, subjects]) => blockOf(kind, subjects));
}

/** The page with every generated part written anew; all other text stays. Throws on a marker without its end. */
export function fillBlocks(page: string, render: (block: Block) => string): string {
  const begun = page.match(/^<!-- generated: /gm)?.length ?? 0;
  if (begun !== blocksIn(page).length) throw new Error("A generated part has no end.");
  return page.replaceAll(BLOCK, (_, kind: string, subjects: string) => {
    const text = render(blockOf(kind, subjects)).trim();
    return `<!-- generated: ${kind}${subjects} -->\n\n${text}\n\n<!-- end -->`;
  });
}

/** A Markdown table. Bars in cells are escaped, line ends become spaces. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(header), `|${"---|".repeat(header.length)}`, ...rows.map(line)].join("\n");
}
