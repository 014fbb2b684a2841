import { describe, expect, it } from '@jest/globals';
import { Store } from '../../src/cluster/store.ts';

const object = (name: string, version: number) => ({ metadata: { name, resourceVersion: String(version) } });

function storeOf(...objects: ReturnType<typeof object>[]) {
  const store = new Store<ReturnType<typeof object>>();
  objects.forEach((row) => store.put(row));
  return store;
}

type Objects = ReturnType<typeof storeOf>;
const mark = (version: string, seenBefore: number) => ({ version, seenBefore });
const versions = (store: Objects) =>
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
    store.replaceAll([object('kept', 5), object('new', 6)], { version: '10', seenBefore: 4 });
    expect(versions(store)).toEqual(['written@11', 'kept@5', 'new@6']);
  });

  it.each([
    ['a version below what lists brought', (store: Objects) => store.replaceAll([], mark('900', 0))],
    ['a version below what a watch brought', (store: Objects) => store.put(object('a', 900))],
    ['a version below what a deletion brought', (store: Objects) => store.delete(object('a', 900))],
    ['a version below what a bookmark brought', (store: Objects) => store.reach('900')],
  ])('believes the whole of a list that comes with %s', (_, bring) => {
    const store = storeOf(object('a', 700), object('gone', 800));
    bring(store);
    store.put(object('gone', 890));
    store.replaceAll([object('a', 40), object('old', 30)], mark('850', store.seen));
    expect(versions(store)).toEqual(['a@40', 'old@30']);
    store.put(object('a', 851));
    expect(versions(store)).toEqual(['a@851', 'old@30']);
    expect(store.seen).toBe(851);
  });

  it('takes older states from a list of a later version: a restored etcd counts on from far above', () => {
    const store = storeOf(object('a', 700), object('gone', 800));
    store.replaceAll([object('a', 40)], mark('1000800', store.seen));
    expect(versions(store)).toEqual(['a@40']);
  });

  it('does not take its own write, made while the list was under way, for a step back', () => {
    const store = storeOf(object('a', 7));
    const { seen } = store;
    store.put(object('written', 11));
    store.replaceAll([object('a', 9)], mark('10', seen));
    expect(versions(store)).toEqual(['written@11', 'a@9']);
    expect(store.seen).toBe(11);
  });

  it('gives the same list until something changes', () => {
    const store = storeOf(object('a', 1));
    const changes = [
      () => store.put(object('b', 2)),
      () => store.delete(object('b', 3)),
      () => store.replaceAll([object('c', 4)], mark('4', 3)),
    ];
    for (const change of changes) {
      const before = store.list();
      expect(store.list()).toBe(before);
      change();
      expect(store.list()).not.toBe(before);
    }
  });
});
