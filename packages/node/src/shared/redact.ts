/**
 * The part of a URL that is safe to log: scheme, host and port. Credentials stand in the user part,
 * but hosted nodes also put them in the path or the query, so both are cut.
 */
export function redactUrl(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return "(not a URL)";
  }
  const rest = parsed.pathname.length > 1 || parsed.search !== "" ? "/…" : "";
  return `${parsed.protocol}//${parsed.host}${rest}`;
}
