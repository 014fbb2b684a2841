// What is read of an object that outlives a reconcile: of 20,000 Services one changes at a time, and the others are read once.

/** Reads each object once, and remembers what came of it for as long as the object is there. */
export function oncePer<T extends object, R extends object>(read: (object: T) => R): (object: T) => R {
  const known = new WeakMap<T, R>();
  return (object) => {
    const found = known.get(object) ?? read(object);
    known.set(object, found);
    return found;
  };
}
