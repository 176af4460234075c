import {
  JobsTree,
  latticeDomain,
  SIGNING_DOMAINS,
  signVoucher,
  type TypedDataSigner,
  verifyJobProof,
} from "@lattice/sdk";

/** Signs for all jobs of a session so far. Any of them can later be shown to be among them. */
export async function voucherFor(
  requester: TypedDataSigner,
  at: { chainId: bigint; verifyingContract: string },
  { session, jobs, price }: { session: string; jobs: readonly string[]; price: bigint },
) {
  const tree = new JobsTree(jobs);
  const count = BigInt(jobs.length);
  const voucher = { session, amount: price * count, jobs: count, jobsRoot: tree.root };
  const domain = latticeDomain(SIGNING_DOMAINS.VoucherSettlement, at);
  const signature = await signVoucher(requester, domain, voucher);
  const first = tree.proof(0);
  return { voucher, signature, provable: verifyJobProof(tree.root, jobs[0] ?? "", first) };
}
