import { describe, expect, it } from '@jest/globals';
import { nextLook, requeueAfterMs, type Outcome } from '../../src/status/outcome.ts';
import { lost, moved } from '../modes/arp/former-cases.ts';
import { daemonSet, freshSnapshot, kubeVipConfig, lease, snapshot } from '../builders.ts';
import { makePlan, observed } from '../pass.ts';

const failed: Outcome = { kind: 'failed', error: new Error('x') };

describe('requeueAfterMs', () => {
  it.each([
    ['leaves what is done to events', { kind: 'done' } as const, 0, undefined],
    ['leaves what a person must mend to events', { kind: 'stalled' } as const, 0, undefined],
    ['waits as long as asked', { kind: 'waiting', afterSeconds: 7.5 } as const, 0, 7500],
    ['retries soon after the first failure', failed, 0, 250],
    ['then waits twice as long', failed, 250, 500],
    ['and again', failed, 750, 1000],
    ['waits about as long as it has failed', failed, 30_000, 30_250],
    ['never waits longer than a minute', failed, 3_600_000, 60_000],
  ])('%s', (_, outcome, failingMs, expected) => {
    expect(requeueAfterMs(outcome, failingMs, 0)).toBe(expected);
  });

  it('spreads what fails together by up to a quarter', () => {
    expect(requeueAfterMs(failed, 0, 1)).toBe(312.5);
  });
});

describe('nextLook', () => {
  const look = (world: ReturnType<typeof snapshot>, acted: Outcome = { kind: 'done' }): Outcome =>
    nextLook(makePlan(world), observed(world).asked, acted);

  const refused = kubeVipConfig({ spec: { version: 'v9.9.9', services: undefined } });

  it.each([
    [
      'looks twice in a lease duration',
      snapshot({ leases: [lease({ durationSeconds: 6 })] }),
      { kind: 'waiting', afterSeconds: 3 },
    ],
    [
      'looks soon at a former holder that is given time',
      moved({ formerHolders: lost(1) }),
      { kind: 'waiting', afterSeconds: 1 },
    ],
    ['looks again before there is a Lease', freshSnapshot(), { kind: 'waiting', afterSeconds: 7.5 }],
    [
      'leaves a refused spec to a person',
      freshSnapshot({ config: kubeVipConfig({ spec: { version: 'v9.9.9' } }) }),
      { kind: 'stalled' },
    ],
    [
      'watches the Lease of what was rendered before a refusal',
      snapshot({ config: refused, daemonSets: [daemonSet()], leases: [lease({ durationSeconds: 6 })] }),
      { kind: 'waiting', afterSeconds: 3 },
    ],
  ])('%s', (_, world, expected) => {
    expect(look(world)).toEqual(expected);
  });

  it('passes a failure on', () => {
    expect(look(snapshot(), failed)).toBe(failed);
  });
});
