import type { ChainEvent } from "../core/ports/market.ts";
import type { ModelCatalog } from "../core/ports/model.ts";
import type { BeaconService } from "../services/beacon/service.ts";
import type { ReporterService } from "../services/reporter/service.ts";
import type { ResponderService } from "../services/responder/service.ts";
import type { SchedulerService } from "../services/scheduler/service.ts";
import type { ProviderConfig } from "../shared/config.ts";

interface Receivers {
  readonly config: Pick<ProviderConfig, "reap">;
  readonly catalog: ModelCatalog;
  readonly beacon: BeaconService;
  readonly scheduler: SchedulerService;
  readonly reporter: ReporterService;
  readonly responder: ResponderService;
}

/** Tells everyone concerned about an event of the chain. */
export async function dispatch(
  event: ChainEvent,
  { config, catalog, beacon, scheduler, reporter, responder }: Receivers,
): Promise<void> {
  if (event.kind === "epochStarted") {
    beacon.epochStarted(event);
  } else if (event.kind === "posted") {
    const concerns = config.reap !== "none" || catalog.get(event.order.modelVersion);
    if (concerns) await scheduler.track(event.jobId, event.order);
  } else if ("jobId" in event) {
    scheduler.touch(event.jobId);
  } else {
    await responder.onEvent(event);
  }
  await reporter.report(event);
}
