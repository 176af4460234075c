import type { EventSink, NodeEvent } from "../core/events.ts";
import { toJson } from "../shared/json.ts";
import { describeEvent } from "./describe-event.ts";
import type { Output } from "./output.ts";

/** Prints events as they happen: one JSON object a line, or a line for people. */
export function printerOf<E>(
  json: boolean,
  output: Output,
  describe: (event: E) => string,
): (event: E) => void {
  if (json) return (event) => output.write(toJson(event));
  return (event) => {
    output.write(`${new Date().toISOString().slice(11, 19)}  ${describe(event)}`);
  };
}

export function eventPrinter(json: boolean, output: Output): EventSink {
  return printerOf<NodeEvent>(json, output, describeEvent);
}
