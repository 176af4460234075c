import type { CeremonyTranscript, VerifyCeremony } from "@lattice/zkml";

/** Arguments of tasks that verify a ceremony. */
export interface CeremonyArguments {
  ceremony: string;
  ptau: string;
  ptauHash: string;
}

export function ceremonyOptions(
  { ceremony, ptau, ptauHash }: CeremonyArguments,
  path: (value: string) => string,
): VerifyCeremony {
  return {
    directory: path(ceremony),
    ...(ptau === "" ? {} : { ptauPath: path(ptau) }),
    ...(ptauHash === "" ? {} : { ptauHash }),
  };
}

/** One row for each step of a second phase. */
export function contributorRows({ contributions }: CeremonyTranscript): [string, string][] {
  return contributions.map(({ kind, name, hash, beacon }) => {
    const iterations = beacon === undefined ? "" : `, hashed 2^${beacon.iterationsExp} times`;
    return [kind, `${name}${iterations}: ${hash}`];
  });
}
