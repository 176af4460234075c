/** Counters of one component, and largest values: they only grow, and start at zero with the process. */
export interface Counters<Name extends string> {
  add(name: Name, amount?: number): void;
  /** Raises a largest value to `value` when that is larger. */
  raise(name: Name, value: number): void;
  snapshot(): Readonly<Record<Name, number>>;
}

export function createCounters<Name extends string>(names: readonly Name[]): Counters<Name> {
  const values = Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
  return {
    add: (name, amount = 1) => {
      values[name] += amount;
    },
    raise: (name, value) => {
      values[name] = Math.max(values[name], value);
    },
    snapshot: () => ({ ...values }),
  };
}
