import { expect } from "chai";
import { id, ZeroAddress } from "ethers";
import { attestation, eas, explainError } from "../src/index.ts";

const MACHINE: attestation.AttestedCapabilities = {
  accelerator: 2,
  executionProviders: 2 ** 16 - 1,
  memoryMiB: 2 ** 32 - 1,
  maxTensorBytes: 2n ** 64n - 1n,
  tiers: 255,
  evidence: id("evidence"),
};

describe("attestations", () => {
  it("encode capabilities as one word a field, and read them back", () => {
    const data = attestation.encodeCapabilities(MACHINE);
    expect(data).to.have.lengthOf(2 + 6 * 64);
    expect(data.slice(2, 66)).to.equal("2".padStart(64, "0"));
    expect(attestation.decodeCapabilities(data)).to.deep.equal(MACHINE);
  });

  it("refuse a value that its field does not hold", () => {
    const tooWide = { ...MACHINE, memoryMiB: 2 ** 32 };
    expect(() => attestation.encodeCapabilities(tooWide)).to.throw(/out-of-bounds/);
  });

  it("ask for what the gate takes: its schema, revocable, about the provider, ending", () => {
    const provider = `0x${"ab".repeat(20)}`;
    const request = attestation.attestationRequest({
      provider,
      expiresAt: 1_900_000_000,
      capabilities: MACHINE,
    });
    expect(request.schema).to.equal(attestation.SCHEMA_UID);
    expect(request.data).to.deep.include({
      recipient: provider,
      expirationTime: 1_900_000_000,
      revocable: true,
      data: attestation.encodeCapabilities(MACHINE),
      value: 0,
    });
  });

  it("depend on resolver and revocability by their schema's id", () => {
    const { SCHEMA, SCHEMA_UID } = attestation;
    expect(eas.schemaUid(SCHEMA, ZeroAddress, true)).to.equal(SCHEMA_UID);
    expect(eas.schemaUid(SCHEMA, ZeroAddress, false)).not.to.equal(SCHEMA_UID);
    expect(eas.schemaUid(SCHEMA, `0x${"01".repeat(20)}`, true)).not.to.equal(SCHEMA_UID);
  });

  it("that the service refuses are explained", () => {
    const explained = explainError({ data: id("AccessDenied()").slice(0, 10) });
    expect(explained?.message).to.equal("AccessDenied()");
  });
});
