/** Counters of one component: they only grow, and start at zero with the process. */
export interface Counters<Name extends string> {
  add(name: Name, amount?: number): void;
  snapshot(): Readonly<Record<Name, number>>;
}

export function createCounters<Name extends string>(names: readonly Name[]): Counters<Name> {
  const values = Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
  return {
    add: (name, amount = 1) => {
      values[name] += amount;
    },
    snapshot: () => ({ ...values }),
  };
}
