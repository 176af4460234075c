/** JSON with short lists on one line, as the repository's formatter writes it. */
export function formatReport(report: object): string {
  const joinLines = (list: string) =>
    list.replaceAll(/\s+/g, " ").replace("[ ", "[").replace(" ]", "]");
  return `${JSON.stringify(report, null, 2).replaceAll(/\[[^[\]]*\]/g, joinLines)}\n`;
}
