export * from "./addresses.ts";
export * as bls from "./bls.ts";
export * from "./client.ts";
export * from "./clock.ts";
export * from "./committees.ts";
export * from "./context.ts";
export * from "./deployments.ts";
export * as drand from "./drand.ts";
export * from "./draw.ts";
export * from "./errors.ts";
export { type EventCursor, parseEventCursor } from "./events/cursor.ts";
export type * from "./events/types.ts";
export { type WatchOptions, watchEvents } from "./events/watch.ts";
export * from "./explain-error.ts";
export * from "./governance.ts";
export * from "./interfaces.ts";
export * from "./jobs.ts";
export * from "./models.ts";
export * from "./order.ts";
export * from "./parameter-info.ts";
export * from "./parameters.ts";
export * from "./proposals.ts";
export * from "./signing/domain.ts";
export * from "./signing/jobs-tree.ts";
export * from "./signing/order.ts";
export * from "./signing/permit.ts";
export * from "./signing/receipt.ts";
export type { SignatureCheck, TypedDataSigner } from "./signing/signature.ts";
export * from "./signing/voucher.ts";
export * from "./verifiers.ts";
export * from "./settlement.ts";
export * from "./session-accounts.ts";
export { jobLeaves, jobProof, jobSubject, jobsRoot } from "./session-jobs.ts";
export {
  CLOSURE_TYPES,
  type Closure,
  hashVoucher,
  isVoucherSigned,
  readSession,
  type Session,
  SessionState,
  type SessionTerms,
  sessionIdOf,
  sessionStateName,
  signClosure,
  VoucherRejection,
  voucherDomain,
  voucherRejectionName,
} from "./sessions.ts";
