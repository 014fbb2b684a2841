import { describe, expect, it } from '@jest/globals';
import { Store } from '../../src/cluster/store.ts';

const object = (name: string, version: number) => ({ metadata: { name, resourceVersion: String(version) } });

function storeOf(...objects: ReturnType<typeof object>[]) {
  const store = new Store<ReturnType<typeof object>>();
  objects.forEach((row) => store.put(row));
  return store;
}

const versions = (store: ReturnType<typeof storeOf>) =>
  store.list().map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`);

describe('Store', () => {
  it('keeps what we wrote when an older event comes late', () => {
    const store = storeOf(object('a', 9));
    store.put(object('a', 8));
    expect(versions(store)).toEqual(['a@9']);
  });

  it('compares versions as numbers', () => {
    const store = storeOf(object('a', 9));
    store.put(object('a', 10));
    expect(store.get('a')?.metadata.resourceVersion).toBe('10');
  });

  it('keeps a successor when its predecessor is reported deleted', () => {
    const store = storeOf(object('a', 12));
    store.delete(object('a', 11));
    expect(versions(store)).toEqual(['a@12']);
    store.delete(object('a', 13));
    expect(versions(store)).toEqual([]);
  });

  it('forgets after a list what it does not name, but not what was written since', () => {
    const store = storeOf(object('old', 3), object('kept', 4), object('written', 11));
    store.replaceAll([object('kept', 5), object('new', 6)], '10');
    expect(versions(store)).toEqual(['kept@5', 'written@11', 'new@6']);
  });

  it('gives the same list until something changes', () => {
    const store = storeOf(object('a', 1));
    const changes = [
      () => store.put(object('b', 2)),
      () => store.delete(object('b', 3)),
      () => store.replaceAll([object('c', 4)], '4'),
    ];
    for (const change of changes) {
      const before = store.list();
      expect(store.list()).toBe(before);
      change();
      expect(store.list()).not.toBe(before);
    }
  });
});
