import hre from "hardhat";

/** Largest runtime code that a chain accepts (EIP-170). */
export const MAX_CODE_BYTES = 24_576;

const PROTOCOL = /^contracts\/(?!mocks\/|interfaces\/|libraries\/|types\/)/;
/** What of OpenZeppelin is deployed as it is. */
const OPENZEPPELIN = /^@openzeppelin\/.*:(AccessManager|TimelockController|ERC1967Proxy)$/;

/** Bytes of runtime code of every contract that deployments put on a chain, by name, from the artifacts of the build. */
export async function bytecodeSizes(): Promise<Record<string, number>> {
  const names = [...(await hre.artifacts.getAllFullyQualifiedNames())].filter(
    (name) => PROTOCOL.test(name) || OPENZEPPELIN.test(name),
  );
  const sizes: Record<string, number> = {};
  for (const name of names.sort()) {
    const { abi, contractName, deployedBytecode } = await hre.artifacts.readArtifact(name);
    const bytes = (deployedBytecode.length - 2) / 2;
    // Abstract contracts have no code, libraries that are part of others nothing to call.
    if (bytes > 0 && abi.length > 0) sizes[contractName] = bytes;
  }
  return sizes;
}

/** A line for every contract that no chain would accept. */
export function oversized(sizes: Readonly<Record<string, number>>): string[] {
  return Object.entries(sizes)
    .filter(([, bytes]) => bytes >= MAX_CODE_BYTES)
    .map(
      ([name, bytes]) =>
        `${name} has ${bytes} bytes of code; it must stay below ${MAX_CODE_BYTES}.`,
    );
}
