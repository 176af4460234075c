export * from "./addresses.ts";
export * as bls from "./bls.ts";
export * from "./client.ts";
export * from "./context.ts";
export * from "./draw.ts";
export * from "./errors.ts";
export * from "./jobs.ts";
export * from "./order.ts";
export * from "./parameters.ts";
