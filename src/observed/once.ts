// What is read of an object that outlives a reconcile: of 20,000 Services one changes at a time, and the others are read once.

/** An object that may have a name. */
interface Named {
  readonly metadata?: { readonly name?: string } | undefined;
}

/** Reads each object once, and remembers what came of it for as long as the object is there. */
export function oncePer<T extends object, R>(read: (object: T) => R): (object: T) => R {
  const known = new WeakMap<T, { readonly value: R }>();
  return (object) => {
    const found = known.get(object) ?? { value: read(object) };
    known.set(object, found);
    return found.value;
  };
}

/** Reads each pair of objects once. */
export function oncePerPair<A extends object, B extends object, R>(
  read: (a: A, b: B) => R,
): (a: A, b: B) => R {
  const readWith = oncePer((a: A) => oncePer((b: B) => read(a, b)));
  return (a, b) => readWith(a)(b);
}

const indexed = oncePer(
  (list: readonly Named[]): ReadonlyMap<string | undefined, Named> =>
    new Map(list.toReversed().map((row) => [row.metadata?.name, row])),
);

/** The first of a list that has a name. Each list is indexed once: a list is the same until something in it changes. */
export const byName = <T extends Named>(list: readonly T[], name: string): T | undefined =>
  indexed(list).get(name) as T | undefined;
