import type { Cursor } from "../../core/ports/chain.ts";
import type { CaseStore, CursorStore, DisputeCase } from "../../core/ports/state.ts";

/** A position that ends with the process. */
export function memoryCursor(): CursorStore {
  let saved: Cursor | undefined;
  return {
    load: async () => saved,
    save: async (cursor) => {
      saved = cursor;
    },
  };
}

/** Cases that end with the process. */
export function memoryCases(): CaseStore {
  const saved = new Map<string, DisputeCase>();
  return {
    loadAll: async () => [...saved.values()],
    save: async (one) => {
      saved.set(`${one.result.market}/${one.result.subject}`, one);
    },
    remove: async ({ market, subject }) => {
      saved.delete(`${market}/${subject}`);
    },
  };
}
