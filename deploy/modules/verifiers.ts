import { verifierSet } from "@lattice/sdk";
import { buildModule } from "@nomicfoundation/ignition-core";
import type { PlannedSet } from "../verifiers.ts";

/**
 * The generated verifiers of these sets, registered with the router. The router comes by address: an in-memory
 * chain has no journal, so using its module again would deploy it again.
 */
export function verifiersModule(sets: readonly PlannedSet[], routerAddress: string) {
  return buildModule("Verifiers", (m) => {
    const router = m.contractAt("VerifierRouter", routerAddress);
    return Object.fromEntries(
      sets.flatMap(({ verifier, batchVerifier, multiVerifier, jobsPerProof }) => {
        const single = m.contract(verifier);
        const batch = batchVerifier === undefined ? undefined : m.contract(batchVerifier);
        const multi = multiVerifier === undefined ? undefined : m.contract(multiVerifier);
        const id = `Register${verifier}`;
        if (batch === undefined && multi === undefined) {
          m.call(router, "register", [single, verifierSet({ verifier }).gasCap], { id });
        } else {
          const members = { verifier: single, batchVerifier: batch, multiVerifier: multi };
          m.call(router, "registerSet", [{ ...verifierSet({ ...members, jobsPerProof }) }], { id });
        }
        const deployed = [
          [verifier, single],
          [batchVerifier, batch],
          [multiVerifier, multi],
        ] as const;
        return deployed.filter(([, future]) => future !== undefined);
      }),
    );
  });
}
