import { AbiCoder, keccak256 } from "ethers";
import type { ResultKey } from "../../core/dispute.ts";

/** What a challenger commits to: as the game's `commitmentOf`, without asking a node that would learn it. */
export function commitmentOf(
  challenger: string,
  { market, subject }: ResultKey,
  evidence: string,
  salt: string,
): string {
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ["address", "address", "bytes32", "bytes32", "bytes32"],
      [challenger, market, subject, keccak256(evidence), salt],
    ),
  );
}
