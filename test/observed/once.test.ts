import { describe, expect, it } from '@jest/globals';
import { oncePer } from '../../src/observed/once.ts';

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
