/** Digits in groups of three. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, " ");
}

/** A table in Markdown; of numeric columns the cells stand to the right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  isNumeric: (column: number) => boolean,
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (isNumeric(column) ? "---:" : "---"));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}
