// What a watch has seen, and what we wrote since: reading our own writes keeps two reconciles in a row
// from deciding on an older world.

interface Named {
  readonly metadata?: { readonly name?: string; readonly resourceVersion?: string } | undefined;
}

/** Objects of one resource in one namespace, by name. */
export class Store<T extends Named> {
  readonly #objects = new Map<string, T>();

  /** Keeps the newer of the two. Resource versions of one resource are ordered numbers (Kubernetes 1.35). */
  put(object: T): void {
    const name = object.metadata?.name ?? '';
    const old = this.#objects.get(name);
    if (old === undefined || versionOf(object) >= versionOf(old)) {
      this.#objects.set(name, object);
    }
  }

  delete(object: T): void {
    const name = object.metadata?.name ?? '';
    const old = this.#objects.get(name);
    // A late event about an object that was made anew must not remove its successor.
    if (old !== undefined && versionOf(object) >= versionOf(old)) {
      this.#objects.delete(name);
    }
  }

  /** After a list: what it does not name is gone, unless we wrote it since. */
  replaceAll(objects: readonly T[], listVersion: string): void {
    const names = new Set(objects.map(({ metadata }) => metadata?.name));
    for (const [name, object] of this.#objects) {
      if (!names.has(name) && versionOf(object) <= Number(listVersion)) {
        this.#objects.delete(name);
      }
    }
    for (const object of objects) {
      this.put(object);
    }
  }

  get(name: string): T | undefined {
    return this.#objects.get(name);
  }

  list(): readonly T[] {
    return [...this.#objects.values()];
  }
}

function versionOf(object: Named): number {
  return Number(object.metadata?.resourceVersion ?? 0);
}
