import { buildModule } from "@nomicfoundation/ignition-core";

/** Gas that the router passes to a Groth16 verifier: about twice what four pairings and three inputs need. */
const VERIFIER_GAS_CAP = 500_000;

/**
 * The generated verifiers of these names, registered with the router. The router comes by address: an in-memory
 * chain has no journal, so using its module again would deploy it again.
 */
export function verifiersModule(names: readonly string[], routerAddress: string) {
  return buildModule("Verifiers", (m) => {
    const router = m.contractAt("VerifierRouter", routerAddress);
    return Object.fromEntries(
      names.map((name) => {
        const verifier = m.contract(name);
        m.call(router, "register", [verifier, VERIFIER_GAS_CAP], { id: `Register${name}` });
        return [name, verifier];
      }),
    );
  });
}
