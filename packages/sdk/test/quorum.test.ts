import { expect } from "chai";
import { AbiCoder, keccak256, ZeroHash } from "ethers";
import {
  answerCommitment,
  answerSalt,
  canReveal,
  type QuorumJob,
  type QuorumPlace,
  QuorumState,
  quorumStateName,
} from "../src/quorum.ts";

const place: QuorumPlace = {
  chainId: 31337,
  market: "0x00000000000000000000000000000000000000aa",
  jobId: 7n,
  attempt: 1,
  provider: "0x00000000000000000000000000000000000000bb",
};
const ANSWER = `0x${"11".repeat(32)}`;
const SALT = `0x${"22".repeat(32)}`;
const ORDER = { proveSeconds: 60 };

function member(committed: boolean) {
  const provider = place.provider;
  return { provider, price: 1n, declined: false, committed, revealed: false, answer: ZeroHash };
}

function job(state: QuorumState, committed: readonly boolean[]): QuorumJob {
  return {
    orderHash: ZeroHash,
    state,
    attempt: 0,
    deadline: 1_000,
    drawEpoch: 3n,
    protocolFeePpm: 0n,
    outputCommitment: ZeroHash,
    members: committed.map(member),
  };
}

describe("quorum", () => {
  it("commits to every part of an answer's place, the answer and the salt", () => {
    const whole = answerCommitment(place, ANSWER, SALT);
    const types = ["uint256", "address", "uint256", "uint256", "address", "bytes32", "bytes32"];
    const values = [31337, place.market, 7, 1, place.provider, ANSWER, SALT];
    expect(whole).to.equal(keccak256(AbiCoder.defaultAbiCoder().encode(types, values)));
    const others = [
      answerCommitment({ ...place, chainId: 1 }, ANSWER, SALT),
      answerCommitment({ ...place, market: place.provider }, ANSWER, SALT),
      answerCommitment({ ...place, jobId: 8n }, ANSWER, SALT),
      answerCommitment({ ...place, attempt: 2 }, ANSWER, SALT),
      answerCommitment({ ...place, provider: place.market }, ANSWER, SALT),
      answerCommitment(place, SALT, SALT),
      answerCommitment(place, ANSWER, ANSWER),
    ];
    expect(new Set([whole, ...others]).size).to.equal(8);
  });

  it("makes a salt that can be found again with the secret, and differs by place and secret", () => {
    const salt = answerSalt(SALT, place);
    expect(answerSalt(SALT, { ...place })).to.equal(salt);
    expect(answerSalt(ANSWER, place)).to.not.equal(salt);
    expect(answerSalt(SALT, { ...place, attempt: 0 })).to.not.equal(salt);
  });

  it("knows when reveals are open", () => {
    const { Committing, Revealing, Posted } = QuorumState;
    expect(canReveal(job(Posted, []), ORDER, 5_000)).to.equal(false);
    expect(canReveal(job(Committing, [true, true, false]), ORDER, 999)).to.equal(false);
    expect(canReveal(job(Committing, [true, true, false]), ORDER, 1_000)).to.equal(true);
    expect(canReveal(job(Committing, [true, true, false]), ORDER, 1_060)).to.equal(false);
    expect(canReveal(job(Committing, [true, false, false]), ORDER, 1_000)).to.equal(false);
    expect(canReveal(job(Revealing, [true, true, true]), ORDER, 999)).to.equal(true);
    expect(canReveal(job(Revealing, [true, true, true]), ORDER, 1_000)).to.equal(false);
  });

  it("names states", () => {
    expect(quorumStateName(3n)).to.equal("Revealing");
    expect(quorumStateName(9)).to.equal("Unknown(9)");
  });
});
