import { type Job, JobState } from "./job.ts";
import { AssignmentMode, type Order } from "./order.ts";

/** What a provider can do about a job now. */
export type Step =
  /** Draw the provider of a posted job. */
  | "assign"
  | "accept"
  /** Run the model and commit the result. */
  | "execute"
  | "prove"
  | "settle"
  /** Give the job back, without a slash, before its commitment is due. */
  | "decline"
  | "timeOut"
  | "refund"
  | "wait"
  /** Nothing is left to do, ever. */
  | "forget";

/** Which overdue jobs of others a provider moves on: none, those that pay a bounty, or all. */
export type ReapPolicy = "none" | "bounty" | "all";

export interface JobView {
  readonly job: Job;
  readonly order: Order;
  /** This provider's address. */
  readonly self: string;
  /** Chain time, Unix seconds. */
  readonly now: number;
  /** The order's model is one that this provider serves. */
  readonly served: boolean;
  /** A seed exists that may draw the job. */
  readonly seedReady: boolean;
  readonly reap: ReapPolicy;
  /** Running the job failed for good, or keeps failing while its time runs out. */
  readonly hopeless: boolean;
}

function isOverdue({ job, now }: JobView): boolean {
  return job.deadline !== 0 && now >= job.deadline;
}

function whenPosted(view: JobView): Step {
  if (isOverdue(view)) return view.reap === "all" ? "refund" : "wait";
  if (!view.served) return "wait";
  if (view.order.mode === AssignmentMode.Direct) {
    return view.order.provider === view.self ? "accept" : "wait";
  }
  // An auction has no draw until its bids failed it.
  return view.seedReady && view.job.drawEpoch !== 0n ? "assign" : "wait";
}

function whenRunning(view: JobView, own: Step): Step {
  if (view.job.provider === view.self) {
    // Reporting oneself earns nothing: legs to the slashed provider are burned.
    return isOverdue(view) || !view.served ? "wait" : own;
  }
  return isOverdue(view) && view.reap !== "none" ? "timeOut" : "wait";
}

/** The next step of one job: a pure function of what the chain says and what this provider offers. */
export function nextStep(view: JobView): Step {
  switch (view.job.state) {
    case JobState.None:
    case JobState.Settled:
    case JobState.Refunded:
      return "forget";
    case JobState.Posted:
      return whenPosted(view);
    case JobState.Assigned:
      return whenRunning(view, view.hopeless ? "decline" : "execute");
    case JobState.Committed:
      return whenRunning(view, "prove");
    case JobState.Challengeable:
      return isOverdue(view) && view.job.provider === view.self ? "settle" : "wait";
  }
}
