import { jobClaim, type Lattice } from "@lattice/sdk";
import type { DisputePort } from "../../core/ports/disputes.ts";
import { contractCall } from "./calls.ts";

/** Calls of the dispute game, and the approval of its bonds. */
export function disputeCalls(lattice: Lattice): DisputePort["calls"] {
  const { disputes: disputeGame, token, addresses } = lattice;
  const { DisputeGame, JobMarket } = addresses.contracts;
  const abi = disputeGame.interface;
  const call = (method: string, data: string) =>
    contractCall("DisputeGame", disputeGame, method, data);
  return {
    approve: (amount) =>
      contractCall(
        "LatticeToken",
        token,
        "approve",
        token.interface.encodeFunctionData("approve", [DisputeGame, amount]),
      ),
    commit: (commitment) => call("commit", abi.encodeFunctionData("commit", [commitment])),
    challenge: ({ market, claim }, { kind, evidence }, salt) => {
      const args = [market, claim, evidence, salt] as [string, string, string, string];
      return kind === "step"
        ? call("challengeStep", abi.encodeFunctionData("challengeStep", args))
        : call("challengeTrace", abi.encodeFunctionData("challengeTrace", args));
    },
    execute: ({ market, claim }) =>
      call("execute", abi.encodeFunctionData("execute", [market, claim])),
    inquire: ({ market, claim }) =>
      call("inquire", abi.encodeFunctionData("inquire", [market, claim])),
    ask: ({ market, subject }, child, nodes) =>
      call("ask", abi.encodeFunctionData("ask", [market, subject, child, [...nodes]])),
    answer: ({ market, subject }, inquirer, { nodes, data }) =>
      call(
        "answer",
        abi.encodeFunctionData("answer", [market, subject, inquirer, [...nodes], data]),
      ),
    claimSilence: ({ market, claim }, inquirer) =>
      call("claimSilence", abi.encodeFunctionData("claimSilence", [market, claim, inquirer])),
    closeInquiry: ({ market, subject }, inquirer) =>
      call("closeInquiry", abi.encodeFunctionData("closeInquiry", [market, subject, inquirer])),
    demandInput: (order, firstChunk, chunkCount) => {
      const args = [JobMarket, jobClaim(order).claim, firstChunk, chunkCount] as const;
      return call("demandInput", abi.encodeFunctionData("demandInput", [...args]));
    },
    publishOutput: (order, { program, traceTree, output }) => {
      const args = [JobMarket, jobClaim(order).claim, program, traceTree, output] as const;
      return call("publishOutput", abi.encodeFunctionData("publishOutput", [...args]));
    },
    claimUnanswered: (order, isInput) =>
      call(
        "claimUnanswered",
        abi.encodeFunctionData("claimUnanswered", [JobMarket, jobClaim(order).claim, isInput]),
      ),
  };
}
