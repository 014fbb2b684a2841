// What a look at one config costs while nothing changes is the same with hundreds of others, nodes and Services. Counted, not
// timed: how many objects of lists are looked at.
import { describe, expect, it } from '@jest/globals';
import { Crowd, type Size } from './crowd.ts';

const small: Size = { configs: 10, nodes: 10, services: 20 };

/** Of one pass, after all others have passed and their Leases were renewed. */
async function countedReads(size: Size): Promise<number> {
  const crowd = await Crowd.make(size);
  expect(await crowd.passes()).toBe(0);
  crowd.renewAll();
  const before = crowd.reads;
  await crowd.pass(0);
  return crowd.reads - before;
}

describe('a pass over one config, at rest', () => {
  it.each<[string, Partial<Size>]>([
    ['of other KubeVipConfigs', { configs: 40 }],
    ['of nodes', { nodes: 60 }],
    ['of Services', { services: 200 }],
  ])('looks at no more objects with more %s', async (_, more) => {
    expect(await countedReads({ ...small, ...more })).toBe(await countedReads(small));
  });

  it('makes nothing anew', async () => {
    const crowd = await Crowd.make(small);
    expect(await crowd.passes()).toBe(0);
  });
});
