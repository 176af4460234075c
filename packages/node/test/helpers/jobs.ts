import { type Job, JobState } from "../../src/core/job.ts";
import { AssignmentMode, type Order, Tier } from "../../src/core/order.ts";

export const SELF = "0x1111111111111111111111111111111111111111";
export const OTHER = "0x2222222222222222222222222222222222222222";
export const ZERO_ADDRESS = `0x${"00".repeat(20)}`;
export const MODEL = `0x${"ab".repeat(32)}`;

export function word(value: number | bigint): string {
  return `0x${value.toString(16).padStart(64, "0")}`;
}

export function order(changes: Partial<Order> = {}): Order {
  return {
    requester: "0x3333333333333333333333333333333333333333",
    sponsor: ZERO_ADDRESS,
    nonce: 0n,
    validUntil: 2 ** 40 - 1,
    modelVersion: MODEL,
    inputCommitment: word(7),
    inputDigest: word(8),
    paymentToken: "0x4444444444444444444444444444444444444444",
    maxPrice: 1_000n,
    collateral: 10n,
    tier: Tier.Zk,
    mode: AssignmentMode.Draw,
    provider: ZERO_ADDRESS,
    epoch: 0n,
    redundancy: 1,
    bidSeconds: 0,
    assignSeconds: 60,
    commitSeconds: 60,
    proveSeconds: 60,
    challengeSeconds: 0,
    ...changes,
  };
}

export function job(changes: Partial<Job> = {}): Job {
  return {
    provider: ZERO_ADDRESS,
    state: JobState.Posted,
    attempt: 0,
    deadline: 2_000,
    drawEpoch: 5n,
    price: 0n,
    protocolFeePpm: 50_000n,
    outputCommitment: word(0),
    ...changes,
  };
}
