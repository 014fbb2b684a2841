// What a look at the witnesses came to, as the view has it.
import { describe, expect, it } from '@jest/globals';
import { Asked } from '../../src/cluster/witness-view.ts';
import type { Coverage } from '../../src/observed/witness/witnessed.ts';

const covered = (because: string, segments: Coverage['segments'] = []): Coverage => ({ because, segments });
const subnets = ['203.0.113.0/24'];
const looked = (coverage: Coverage) => ({
  questions: new Map(),
  former: new Map([['203.0.113.7', 10]]),
  coverage,
});

describe('what a look came to', () => {
  it('is known after it, and not before', () => {
    const asked = new Asked();
    expect([asked.coverage, asked.former(30)]).toEqual([undefined, []]);
    asked.tell(looked(covered('x')));
    expect(asked.coverage).toEqual(covered('x'));
    expect(asked.former(30)).toEqual([{ address: '203.0.113.7', sinceMs: 20 }]);
  });

  it.each<[string, Coverage, boolean]>([
    ['the same', covered('', [{ subnets, because: 'x' }]), false],
    ['another reason', covered('', [{ subnets, because: 'y' }]), true],
    ['one network fewer', covered(''), true],
    ['a reason for all', covered('z', [{ subnets, because: 'x' }]), true],
  ])('is news of why there is no witness, where it is %s', (_, next, expected) => {
    const asked = new Asked();
    expect(asked.tell(looked(covered('', [{ subnets, because: 'x' }])))).toBe(true);
    expect(asked.tell(looked(next))).toBe(expected);
  });
});
