import { expect } from "chai";
import { id } from "ethers";
import { GPU_CLASS, giveClass, openGate, revoke } from "../../helpers/attestations.ts";
import { ASKS, directOrder, post, publishModel } from "../../helpers/orders.ts";
import { refunded } from "./job-steps.ts";
import type { Live } from "./live-state.ts";

const MONTH_SECONDS = 30 * 86_400;

/** Ends after all jobs, for it jails a provider that they may need. */
export const ATTESTATIONS: Live[] = [
  {
    name: "an attestation gives its class, and its revocation takes it and jails the provider",
    begin: async (world) => {
      const { gate, registry, actors, chain, token, verifier } = world;
      const { cal } = actors;
      await openGate(world);
      const expiresAt = (await chain.networkHelpers.time.latest()) + MONTH_SECONDS;
      const { uid } = await giveClass(world, cal, { expiresAt });
      const content = { artifactDigest: id("attested"), attestedClass: BigInt(GPU_CLASS) };
      const modelVersion = await publishModel(world, await verifier.getAddress(), content);
      for (const provider of [actors.ada, cal]) {
        await registry.connect(provider).setOffer(modelVersion, token, ASKS.cal);
      }
      return async () => {
        const { market } = world;
        const held = await gate.heldOf(cal, GPU_CLASS);
        expect([held.uid, held.attestor]).to.deep.equal([uid, actors.attestor.address]);
        const toCal = await directOrder(world, cal, { modelVersion });
        const jobId = await post(world, toCal);
        await market.connect(cal).accept(toCal);
        await refunded(world, jobId, toCal, () => market.connect(cal).decline(toCal));
        const toAda = await directOrder(world, actors.ada, { modelVersion });
        const other = await post(world, toAda);
        await expect(market.connect(actors.ada).accept(toAda))
          .to.be.revertedWithCustomError(market, "JobMarketProviderUnavailable")
          .withArgs(actors.ada, modelVersion);
        const requester = market.connect(actors.requester);
        await refunded(world, other, toAda, () => requester.cancel(toAda));

        await revoke(world, uid);
        await expect(gate.connect(actors.stranger).reportRevoked(cal, GPU_CLASS))
          .to.emit(gate, "AttestationRemoved")
          .withArgs(cal, GPU_CLASS, uid, true);
        expect(await gate.holds(cal, GPU_CLASS)).to.equal(false);
        expect((await registry.providerOf(cal)).jailed).to.equal(true);
      };
    },
  },
];
