// A control plane that was taken out of its config comes back before it has left the nodes.
import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { now } from '../builders.ts';
import { ending, heard, parked, services, vip } from './deleting.ts';
import {
  edge,
  elsewhere,
  onOther,
  alsoSix,
  servicesLease,
  held,
  taken,
  world,
  say,
  park,
  free,
} from '../modes/arp/removing.ts';
import { outline } from '../pass.ts';

describe('a control plane that is put back', () => {
  it.each<[string, Snapshot, readonly string[]]>([
    [
      'gives the Lease to the one that may have the address still, and to nobody else',
      world(edge, { leases: [held, servicesLease] }),
      ['return-lease edge-control-plane'],
    ],
    [
      'gives it to that one also later: another would lead at once while that one, wedged, has the address',
      world(edge, { leases: [taken(15), servicesLease] }),
      ['return-lease edge-control-plane'],
    ],
    ['frees the Lease when nobody had it', world(edge, { leases: [parked(5, ''), servicesLease] }), [free]],
    [
      'does not free it for pods that are ending',
      world(edge, { daemonSets: [ending, services], leases: [taken(15)] }),
      [],
    ],
    [
      'does not start before the address is proven gone',
      world(edge, { daemonSets: [services], leases: [taken(15)], heard: [] }),
      [],
    ],
    [
      'frees the Lease then, and starts',
      world(edge, { daemonSets: [services], leases: [taken(15)], heard: [heard({ stage: 'ended' })] }),
      [free],
    ],
    ['has started', world(edge, { daemonSets: [services], leases: [] }), ['apply edge-control-plane']],
  ])('%s', (_, of, steps) => {
    expect(say(outline(of))).toEqual(steps);
  });

  it('leads again as it led', () => {
    expect(outline(world(edge, { leases: [held] })).steps).toEqual([
      {
        kind: 'return-lease',
        name: 'edge-control-plane',
        resourceVersion: '7',
        to: 'n2',
        durationSeconds: 24,
        renewedAt: now,
      },
    ]);
  });
});

describe('a control plane that is put back otherwise', () => {
  it.each<[string, Snapshot['config'], Partial<Snapshot>, readonly string[]]>([
    ['with another address lets the old one go first', elsewhere, {}, [park]],
    ['on another interface too', onOther, {}, [park]],
    ['with one address more does not', alsoSix, {}, ['apply edge-control-plane']],
    [
      'starts when all is gone',
      elsewhere,
      { daemonSets: [services], leases: [servicesLease] },
      ['apply edge-control-plane'],
    ],
  ])('%s', (_, config, overrides, steps) => {
    expect(say(outline(world(config, overrides)))).toEqual(steps);
  });

  it('asks for the old address alone', () => {
    const plan = outline(world(elsewhere, { daemonSets: [services], leases: [taken(15)], heard: [] }));
    expect(plan.ask).toEqual({ stage: 'ended', targets: [vip] });
  });
});
