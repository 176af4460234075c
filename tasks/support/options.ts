/** An option whose value is text. */
export const text = <N extends string>(name: N, description: string, defaultValue = "") => ({
  name,
  description,
  defaultValue,
});

export const addresses = text(
  "addresses",
  "Address book; default: deployments/<network>/addresses.json",
);
export const from = text("from", "Account of the network to act with; default: its first");
export const artifacts = text(
  "artifacts",
  "Directory of the artifact store; default: that of npm start on a local chain, else .lattice/artifacts",
);
export const buildDir = text("buildDir", "Directory of circuits and keys", "build/circuits");
export const json = { name: "json", description: "Print one JSON object a line" } as const;
