import { describe, expect, it } from '@jest/globals';
import { byName, oncePer, oncePerPair } from '../../src/observed/once.ts';

describe('oncePer', () => {
  it('reads an object once, and another one by itself', () => {
    const read: string[] = [];
    const nameOf = oncePer(({ name }: { readonly name: string }) => {
      read.push(name);
      return [`${name}!`];
    });
    const [a, b] = [{ name: 'a' }, { name: 'b' }];
    expect([nameOf(a), nameOf(b), nameOf(a)].flat()).toEqual(['a!', 'b!', 'a!']);
    expect(read).toEqual(['a', 'b']);
  });
});

describe('oncePerPair', () => {
  it('reads each pair once, in the order in which it is given', () => {
    const read: string[] = [];
    interface Named {
      readonly name: string;
    }
    const joined = oncePerPair((a: Named, b: Named) => {
      read.push(a.name + b.name);
      return a.name === b.name ? undefined : a.name + b.name;
    });
    const [a, b] = [{ name: 'a' }, { name: 'b' }];
    expect([joined(a, b), joined(b, a), joined(a, b), joined(a, a), joined(a, a)]).toEqual([
      'ab',
      'ba',
      'ab',
      undefined,
      undefined,
    ]);
    expect(read).toEqual(['ab', 'ba', 'aa']);
  });
});

describe('byName', () => {
  const list = [{ metadata: { name: 'a', uid: '1' } }, { metadata: { name: 'a', uid: '2' } }, {}];

  it('finds the first of a name', () => {
    expect(byName(list, 'a')).toBe(list[0]);
  });

  it('finds nothing of another name', () => {
    expect(byName(list, 'b')).toBeUndefined();
  });
});
