import { join } from "node:path";

/** Where a running provider writes its status. */
export function statusFile(dataDir: string): string {
  return join(dataDir, "status.json");
}
