import type { EventSink, NodeEvent } from "../core/events.ts";
import { toJson } from "../shared/json.ts";
import { describeEvent } from "./describe-event.ts";
import type { Output } from "./output.ts";

/** Prints events as they happen: one JSON object a line, or a line for people. */
export function eventPrinter(json: boolean, output: Output): EventSink {
  if (json) return (event: NodeEvent) => output.write(toJson(event));
  return (event: NodeEvent) => {
    output.write(`${new Date().toISOString().slice(11, 19)}  ${describeEvent(event)}`);
  };
}
