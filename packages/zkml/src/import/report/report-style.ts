/** Colours follow the reader's system; nothing is loaded from anywhere. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --page: #fbfbfa; --card: #ffffff; --line: #e3e3df; --text: #1f2328;
  --quiet: #6a7078; --bar: #3b6fd4; --bar-2: #9db8ea; --good: #1f8a4c; --fair: #b7791f; --poor: #c53d3d; }
@media (prefers-color-scheme: dark) {
  :root { --page: #14171a; --card: #1c2024; --line: #30363c; --text: #e6e8ea; --quiet: #9aa2ab;
    --bar: #6f9df2; --bar-2: #4d6fb0; --good: #57c785; --fair: #e0b15c; --poor: #f08080; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 17px; margin: 40px 0 12px; }
p { margin: 0 0 8px; }
.quiet { color: var(--quiet); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(240px, 1fr)); gap: 12px; margin-top: 24px; }
.card, .panel { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.card { padding: 14px 16px; }
.card b { display: block; font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums; }
.card > span { color: var(--quiet); font-size: 13px; }
.good { color: var(--good); } .fair { color: var(--fair); } .poor { color: var(--poor); }
.panel { padding: 16px; overflow-x: auto; }
svg { display: block; min-width: 560px; width: 100%; height: auto; }
svg text { font: 12px system-ui, sans-serif; fill: var(--text); }
svg .axis { fill: var(--quiet); } svg .grid { stroke: var(--line); }
svg .bar { fill: var(--bar); } svg .second { fill: var(--bar-2); }
.key { display: inline-flex; align-items: center; gap: 6px; margin-right: 18px; font-size: 13px; color: var(--quiet); }
.key i { width: 12px; height: 12px; border-radius: 3px; background: var(--bar); }
.key .second { background: var(--bar-2); }
table { border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { padding: 7px 9px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
th { color: var(--quiet); font-weight: 500; }
th:first-child, td:first-child, th:nth-child(2), td:nth-child(2) { text-align: left; }
tr:last-child td { border-bottom: 0; }
table + p { margin: 10px 0 0; font-size: 13px; }
code { font: 12.5px ui-monospace, SFMono-Regular, Menlo, monospace; }
ul { margin: 0; padding-left: 20px; }
`;
