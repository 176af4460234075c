import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { drand } from "@lattice/sdk";
import { expect } from "chai";
import { httpDrand } from "../../src/adapters/drand/http.ts";
import { nodeFailureOf } from "../helpers/failure.ts";

const SIGNATURE =
  "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39";

describe("httpDrand", () => {
  let server: Server;
  let relay: string;
  let answer: { status: number; body: string };
  const asked: string[] = [];
  const { signal } = new AbortController();

  before(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    relay = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => new Promise((closed) => server.close(closed)));

  const json = (body: unknown) => ({ status: 200, body: JSON.stringify(body) });

  it("gives a published round as a point, from the network's path", async () => {
    answer = json({ round: 1_000, randomness: "fe", signature: SIGNATURE });
    expect(await httpDrand(`${relay}/`).signatureOf(1_000n, signal)).to.deep.equal(
      drand.decodeSignature(SIGNATURE),
    );
    expect(asked.at(-1)).to.equal(`/${drand.QUICKNET.chainHash}/public/1000`);
  });

  it("gives nothing for a round to come", async () => {
    for (const status of [404, 425]) {
      answer = { status, body: "" };
      expect(await httpDrand(relay).signatureOf(1_000n, signal)).to.equal(undefined);
    }
  });

  const wrong: [string, { status: number; body: string }][] = [
    ["a server error", { status: 500, body: "" }],
    ["what is not JSON", { status: 200, body: "<html>" }],
    ["another form", json({ round: 1_000 })],
    ["another round", json({ round: 1_001, signature: SIGNATURE })],
    ["bytes that are no point", json({ round: 1_000, signature: `${SIGNATURE.slice(0, 94)}00` })],
  ];
  for (const [what, given] of wrong) {
    it(`refuses ${what}`, async () => {
      answer = given;
      await nodeFailureOf("DRAND_UNREACHABLE", httpDrand(relay).signatureOf(1_000n, signal));
    });
  }

  it("refuses another round's signature", async () => {
    answer = json({ round: 1_001, signature: SIGNATURE });
    await nodeFailureOf("DRAND_UNREACHABLE", httpDrand(relay).signatureOf(1_001n, signal));
  });

  it("says when the relay does not answer, and ends with its caller", async () => {
    const gone = httpDrand("http://127.0.0.1:1");
    await nodeFailureOf("DRAND_UNREACHABLE", gone.signatureOf(1_000n, signal));
    const reason = new Error("closing");
    const caught = await gone
      .signatureOf(1_000n, AbortSignal.abort(reason))
      .catch((error: unknown) => error);
    expect(caught).to.equal(reason);
  });
});
