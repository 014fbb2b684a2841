// Who answered, one entry per change.
import { describe, expect, it } from '@jest/globals';
import type { OwnerChange } from '../../../src/observed/snapshot.ts';
import type { WitnessView } from '../../../src/observed/witness/witnessed.ts';
import { now } from '../../builders.ts';
import { observed } from '../../pass.ts';
import { heardWorld } from '../../status/witness-cases.ts';
import { heardBy, outsider, owner, silent, witnessView } from '../../witness-world.ts';

const address = '203.0.113.100';
const change = (owners: readonly string[], secondsAgo: number): OwnerChange => ({
  address,
  owners,
  at: { at: now - secondsAgo * 1000 },
});
const after = (witness: WitnessView, before: readonly OwnerChange[]): readonly OwnerChange[] =>
  observed(heardWorld(witness, { ownerHistory: before })).ownerHistory;

describe('the history of an address', () => {
  const before = [change(['n1'], 60)];
  it.each([
    ['begins with the first owner', heardBy('n1'), [], [change(['n1'], 0)]],
    ['stays while the owner stays', heardBy('n1'), before, before],
    ['has a second owner', heardBy('n1', 'n2'), before, [change(['n1', 'n2'], 0), ...before]],
    [
      'has a machine that is no node by its MAC',
      heardBy('n1', outsider),
      before,
      [change(['n1', outsider].toSorted(), 0), ...before],
    ],
    ['has an absence', heardBy(), before, [change([], 0), ...before]],
    ['has no hand-over', heardBy('n1', owner('n2', { sinceMs: 500 })), before, before],
    ['has nothing of a silent witness', witnessView([silent()]), before, before],
  ])('%s', (_, witness, history, expected) => {
    expect(after(witness, history)).toEqual(expected);
  });

  it('has fifty entries of an address at most', () => {
    const long = Array.from({ length: 50 }, (_, i) => change([i % 2 === 0 ? 'n2' : 'n3'], i + 1));
    const next = after(heardBy('n1'), long);
    expect([next.length, next[0]?.owners, next.at(-1)]).toEqual([50, ['n1'], long[48]]);
  });
});
