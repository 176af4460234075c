import {
  latticeDomain,
  SIGNING_DOMAINS,
  sessionJob,
  sessionTree,
  sessionWork,
  signVoucher,
  type TypedDataSigner,
  verifyJobProof,
} from "@lattice/sdk";

/** Signs for all jobs of a session so far, given their output commitments in order. */
export async function voucherFor(
  requester: TypedDataSigner,
  at: { chainId: bigint; verifyingContract: string },
  { session, outputs, price }: { session: string; outputs: readonly string[]; price: bigint },
) {
  const work = sessionWork(session, outputs);
  const voucher = { session, amount: price * work.jobs, ...work };
  const domain = latticeDomain(SIGNING_DOMAINS.VoucherSettlement, at);
  return { voucher, signature: await signVoucher(requester, domain, voucher) };
}

/** Shows, to whoever holds the voucher's root, that one of its jobs had this output. */
export function shownIn(
  { session, jobsRoot }: { session: string; jobsRoot: string },
  outputs: readonly string[],
  index: number,
): boolean {
  const proof = sessionTree(session, outputs).proof(index);
  const job = sessionJob(session, BigInt(index), outputs[index] ?? "0x");
  return verifyJobProof(jobsRoot, job, proof);
}
